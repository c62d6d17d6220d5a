import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { commitmentOf } from '../rules/draw/digest.js';
import { matchesPattern } from '../rules/draw/pattern.js';
import type { Signature } from '../officers/officers.service.js';
import { Beacons } from './beacons.service.js';
import { ballsOf, Cage } from './cage.service.js';
import { beaconIn, drawBySlug, type SourceRow, sourcesOf } from './draw.queries.js';
import { diceSign } from './dice.js';
import { hash } from './freeze.service.js';
import { bytesOfHex, textOfHex } from './hex.js';
import { isRecorded, keepValue } from './source-value.queries.js';
import { type Acting, type Actor, Office, refuse } from './office.service.js';

export interface SourceReading {
  readonly slug: string;
  readonly replacement?: number;
  /** Code of the source in the rules. */
  readonly source: string;
  readonly value: string;
}

/** What became of a value that was typed: `first` waits for the second officer, `mismatch` has both type again. */
export type Typed = 'first' | 'mismatch' | 'recorded';

/** The public randomness, as it arrives. */
@Injectable()
export class Sources {
  constructor(
    private readonly db: DataSource,
    private readonly office: Office,
    private readonly beacons: Beacons,
    private readonly cage: Cage,
  ) {}

  /**
   * Records what a source gave: dice are typed by two officers who do not see each other's digits, a sealed secret must fit
   * what was published, a beacon's signature must be valid for the round that the rules name.
   */
  async record(reading: SourceReading, officer: Actor, signature: Signature): Promise<Typed | false> {
    const { slug, replacement = 0 } = reading;
    let outcome: Typed | false = false;
    await this.office.act({ slug, replacement, act: 'record-source', officer, signature }, async (acting) => {
      const source = await openSource(acting, reading.source);
      const value = reading.value.trim().normalize('NFC');
      if (acting.draw.method === 'cage') {
        const { typed, isOver } = await this.ball(acting, source, value.toUpperCase());
        outcome = typed;
        return { complete: isOver, facts: { source: source.code, outcome } };
      }
      if (source.kind === 'witness') outcome = await this.dice(acting, source, value);
      else outcome = await this.checked(acting, source, value.toLowerCase());
      const recorded = acting.facts.sourcesRecorded + (outcome === 'recorded' ? 1 : 0);
      return {
        complete: recorded === acting.facts.sources.length,
        facts: {
          source: source.code,
          outcome,
          ...(outcome === 'recorded' && { value: reading.value.trim() }),
        },
      };
    });
    return outcome;
  }

  /** Asks the relays for the signature of the round. @throws InputError when none of them answers with a valid one. */
  async fetch({ slug, replacement = 0, source }: Omit<SourceReading, 'value'>): Promise<string> {
    const tx = this.db.manager;
    const rows = await sourcesOf(tx, (await drawBySlug(tx, slug)).id, replacement);
    const row = rows.find(({ code, kind }) => code === source && kind === 'drand');
    if (!row) return refuse('no-such-source', undefined, source, 'source');
    const found = await this.beacons.fetch(beaconIn(row));
    return found?.signature ?? refuse('beacon-silent', undefined, row.round, 'value');
  }

  private async dice(acting: Acting, source: SourceRow, value: string): Promise<Typed> {
    const { typed, first } = await pairUp(acting, source, value);
    if (typed === 'recorded') await keepValue(acting, source.code, { value, by: both(first!, acting) });
    return typed;
  }

  /** Numbers out of a cage come one after the other, until no other could win; together they are what the source gave. */
  private async ball(acting: Acting, source: SourceRow, value: string) {
    const { typed, first } = await pairUp(acting, source, value);
    if (typed !== 'recorded') return { typed, isOver: false };
    const { tx, draw, replacement, officer } = acting;
    const isOver = await this.cage.take(acting, value, [first!.office, officer.organisation]);
    const balls = isOver ? await ballsOf(tx, draw.id, replacement) : [];
    if (isOver)
      await keepValue(acting, source.code, {
        value: balls.map(({ code }) => code).join(' '),
        by: both(first!, acting),
      });
    return { typed, isOver };
  }

  private async checked(acting: Acting, source: SourceRow, value: string): Promise<'recorded'> {
    const { draw } = acting;
    if (!/^([0-9a-f]{2})+$/.test(value)) return refuse('not-hex', undefined, value.slice(0, 80), 'value');
    if (source.kind === 'commitment') {
      const computed = value.length === 64 ? commitmentOf(draw.slug, source.code, bytesOfHex(value)) : '';
      if (computed !== source.commitment) return refuse('other-secret', source.commitment, computed, 'value');
      await keepValue(acting, source.code, { value, by: [acting.officer] });
    } else {
      if (!(await this.beacons.isSignature(acting.tx, beaconIn(source), value)))
        return refuse('beacon-invalid', source.round, undefined, 'value');
      const randomness = textOfHex(hash(bytesOfHex(value)));
      await keepValue(acting, source.code, { value, randomness, by: [acting.officer] });
    }
    return 'recorded';
  }
}

async function openSource(acting: Acting, code: string): Promise<SourceRow> {
  const { tx, draw, replacement } = acting;
  const source = (await sourcesOf(tx, draw.id, replacement)).find((one) => one.code === code);
  if (!source) return refuse('no-such-source', undefined, code, 'source');
  return (await isRecorded(acting, code)) ? refuse('source-recorded', undefined, code, 'source') : source;
}

/** Of the same attempt: the first value waits, the second must come from somebody else and say the same. */
async function pairUp(
  acting: Acting,
  source: SourceRow,
  value: string,
): Promise<{ typed: Typed; first?: { officerId: number; office: string } }> {
  const { tx, draw, replacement, officer, now } = acting;
  if (matchesPattern(source.pattern!, value) !== true)
    return refuse('pattern', diceSign(source.pattern!), value, 'value');
  const key = [draw.id, replacement, source.code];
  const readings = await tx.query<{ attempt: number; officerId: number; value: string; office: string }[]>(
    `select r.attempt, r.officer_id as "officerId", r.value, n.name as office from source_reading r
     join officer o on o.id = r.officer_id join organisation n on n.id = o.organisation_id
     where r.draw_id = $1 and r.replacement = $2 and r.source = $3 order by r.attempt desc, r.id`,
    key,
  );
  const last = readings.filter(({ attempt }) => attempt === readings[0]?.attempt);
  const first = last.length === 1 ? last[0] : undefined;
  if (first?.officerId === officer.id) return refuse('second-officer', undefined, undefined, 'value');
  const attempt = first ? first.attempt : (readings[0]?.attempt ?? 0) + 1;
  await tx.query(
    `insert into source_reading (draw_id, replacement, source, attempt, officer_id, value, at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [...key, attempt, officer.id, value, now],
  );
  if (!first) return { typed: 'first' };
  return { typed: first.value === value ? 'recorded' : 'mismatch', first };
}

const both = ({ officerId, office }: { officerId: number; office: string }, { officer }: Acting) => [
  { id: officerId, organisation: office },
  officer,
];
