import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isDone, missing } from '../rules/calendar/draw-office.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { type BeaconOrder, FETCH_BEACON } from './beacon-watch.js';
import { Beacons, type FoundRound } from './beacons.service.js';
import { beaconIn, drawBySlug, sourcesOf } from './draw.queries.js';
import { hash } from './freeze.service.js';
import { bytesOfHex, textOfHex } from './hex.js';
import { type Acting, Office } from './office.service.js';
import { isRecorded, keepValue } from './source-value.queries.js';

/**
 * Fetches each beacon round when it is due, without anybody's click. Ordered with the rules that fix the round, so it outlives
 * every restart. An installation without relays leaves the order in the queue; there an officer pastes the round.
 */
@Injectable()
export class BeaconWatch implements OnModuleInit {
  constructor(
    private readonly db: DataSource,
    private readonly jobs: Jobs,
    private readonly beacons: Beacons,
    private readonly office: Office,
  ) {}

  onModuleInit(): void {
    if (this.beacons.online) this.jobs.handle(FETCH_BEACON, (order: BeaconOrder) => this.fetch(order));
  }

  /** @throws Error when no relay answers or a strike is not decided: the queue tries again. */
  async fetch({ slug, replacement, source }: BeaconOrder): Promise<void> {
    const draw = await drawBySlug(this.db.manager, slug);
    const row = (await sourcesOf(this.db.manager, draw.id, replacement)).find(({ code }) => code === source);
    if (
      !row?.speaksAt ||
      (await isRecorded({ tx: this.db.manager, draw, replacement, now: this.office.now() }, source))
    )
      return;
    if (this.office.now() < row.speaksAt) throw new Error(`round ${row.round} is not due yet`);
    const found = await this.beacons.fetch(beaconIn(row));
    if (!found) throw new Error(`no relay answered with round ${row.round}`);
    await this.office.byItself({ slug, replacement, act: 'record-source' }, (acting) =>
      recorded(acting, source, found),
    );
  }
}

/** Nothing when the draw is past this step, void, or came to it too late: a round that spoke before the witnesses is no source. */
async function recorded(acting: Acting<null>, source: string, { signature, relay }: FoundRound) {
  const { facts } = acting;
  if (isDone('record-source', facts.state) || (await isRecorded(acting, source))) return undefined;
  const found = missing('record-source', facts, NOBODY).map(({ code }) => code);
  if (found.includes('strikes-undecided')) throw new Error('a proposal to strike is not decided yet');
  if (found.length > 0) return undefined;
  const randomness = textOfHex(hash(bytesOfHex(signature)));
  await keepValue(acting, source, { value: signature, randomness, by: [{ organisation: relay }] });
  return {
    complete: facts.sourcesRecorded + 1 === facts.sources.length,
    facts: { source, outcome: 'recorded', value: signature, relay },
  };
}

const NOBODY = { officerId: 0, organisationId: 0 };
