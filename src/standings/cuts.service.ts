import { Injectable, NotFoundException, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Live, MISSED } from '../platform/live/live.js';
import { loadContest } from './contest-loader.js';
import { clearCell, place, sumAgain } from './cube-sums.js';
import { Cut } from './cut.js';
import { loadCube } from './fact-source.js';
import { touchedCells } from './cell-readings.queries.js';

/** A cut of the past, by its keys; what is `null` is the campaign's own. */
export interface CutKeys {
  readonly knownAt: Date;
  readonly rulesVersionId?: number | null;
  readonly treeOn?: string | null;
}

interface Kept {
  readonly slug: string;
  cut: Promise<Cut>;
  /** Ends when everything told so far is in the cut. */
  tail: Promise<void>;
}

const PAST_KEPT = 3;
/** An instant this young may still gain a reading that is on its way in (milliseconds). */
const SETTLES = 60_000;

/**
 * The cuts in memory of this instance. The live one of each campaign follows the readings: the database tells every
 * instance which ones were approved, and whoever asks next waits until they are in.
 */
@Injectable()
export class Cuts implements OnModuleInit {
  private readonly live = new Map<number, Kept>();
  private readonly ids = new Map<string, number>();
  private readonly past = new Map<string, Promise<Cut>>();

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly news: Live,
  ) {}

  onModuleInit(): void {
    this.news.hear((topic, data) => this.heard(topic, data as { ids?: number[] | null }));
  }

  /** What is known now. Throws "not found" for a campaign that is not there or not published. */
  async current(slug: string): Promise<Cut> {
    const now = { knownAt: this.clock.now() };
    if (!this.news.listening) return this.load(slug, now, true);
    const id = await this.idOf(slug);
    const known = this.live.get(id);
    if (known) return settled(known);
    // Kept before it is read, so that whatever is told meanwhile comes in after it.
    const kept = { slug, cut: this.load(slug, now, true), tail: Promise.resolve() };
    this.live.set(id, kept);
    kept.cut.catch(() => this.live.delete(id));
    return settled(kept);
  }

  /** What was known at an instant. A few are kept, for the page that is turned back and forth. */
  async asKnown(slug: string, keys: CutKeys): Promise<Cut> {
    const key = [slug, keys.knownAt.getTime(), keys.rulesVersionId ?? '', keys.treeOn ?? ''].join('|');
    const known = this.past.get(key);
    if (known) return known;
    const loading = this.load(slug, keys, false);
    if (this.clock.now().getTime() - keys.knownAt.getTime() < SETTLES) return loading;
    this.past.set(key, loading);
    loading.catch(() => this.past.delete(key));
    for (const old of [...this.past.keys()].slice(0, -PAST_KEPT)) this.past.delete(old);
    return loading;
  }

  private async idOf(slug: string): Promise<number> {
    const known = this.ids.get(slug);
    if (known !== undefined) return known;
    const [row] = await this.db.query<{ id: number }[]>('select id from campaign where slug = $1', [slug]);
    if (!row) throw new NotFoundException();
    this.ids.set(slug, row.id);
    return row.id;
  }

  private async load(slug: string, keys: CutKeys, live: boolean): Promise<Cut> {
    const contest = await loadContest(this.db, { slug }, { rulesVersionId: null, treeOn: null, ...keys });
    if (!contest) throw new NotFoundException();
    const knownAt = live ? null : keys.knownAt;
    return new Cut(contest, await loadCube(this.db, contest, knownAt), knownAt);
  }

  private heard(topic: string, data: { ids?: number[] | null }): void {
    if (topic === MISSED) return this.live.clear();
    const [kind, id] = topic.split(':');
    const kept = this.live.get(Number(id));
    if (!kept) return;
    if (kind === 'contest') this.live.delete(Number(id));
    if (kind !== 'readings') return;
    kept.tail = kept.tail
      .then(() => this.follow(kept, data.ids ?? null))
      .catch(() => void this.live.delete(Number(id)));
  }

  /** Brings the changed cells in; too many of them, and everything is read again. */
  private async follow(kept: Kept, ids: number[] | null): Promise<void> {
    const cut = await kept.cut;
    const cells = ids && (await touchedCells(this.db, cut.cube, ids));
    if (!cells || cells.some(({ unit }) => cut.cube.rowOf(unit) < 0)) {
      kept.cut = this.load(kept.slug, { knownAt: this.clock.now() }, true);
      await kept.cut;
      return;
    }
    for (const { unit, slot, facts } of cells) {
      const row = cut.cube.rowOf(unit);
      clearCell(cut.cube, slot, row);
      for (const fact of facts) place(cut.cube, fact);
      sumAgain(cut.cube, slot, row);
    }
    cut.moved();
  }
}

async function settled(kept: Kept): Promise<Cut> {
  let tail;
  await kept.cut;
  do {
    tail = kept.tail;
    await tail;
  } while (tail !== kept.tail);
  return kept.cut;
}
