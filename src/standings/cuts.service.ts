import { Injectable, NotFoundException, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Live, MISSED } from '../platform/live/live.js';
import type { Contest } from './contest.js';
import { loadContest } from './contest-loader.js';
import { takeOthers, takePlain } from './cube-filling.js';
import { clearCell, sumAgain } from './cube-sums.js';
import { Cut } from './cut.js';
import { loadCube } from './fact-source.js';
import { pastCube } from './past-cube.js';
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
    if (this.clock.now().getTime() - keys.knownAt.getTime() < SETTLES) return this.load(slug, keys, false);
    const loading = this.recall(slug, keys);
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

  /** A settled instant of the past: out of the live cut where that stands on the same ground, else read anew. */
  private async recall(slug: string, keys: CutKeys): Promise<Cut> {
    if (!this.news.listening) return this.load(slug, keys, false);
    const { cube: live } = await this.current(slug);
    const contest = await this.contest(slug, keys);
    const cube = await pastCube(this.db, live, contest, keys.knownAt);
    return new Cut(contest, cube ?? (await loadCube(this.db, contest, keys.knownAt)), keys.knownAt);
  }

  private async contest(slug: string, keys: CutKeys): Promise<Contest> {
    const contest = await loadContest(this.db, { slug }, { rulesVersionId: null, treeOn: null, ...keys });
    if (!contest) throw new NotFoundException();
    return contest;
  }

  private async load(slug: string, keys: CutKeys, live: boolean): Promise<Cut> {
    const contest = await this.contest(slug, keys);
    const knownAt = live ? null : keys.knownAt;
    return new Cut(contest, await loadCube(this.db, contest, knownAt), knownAt);
  }

  private heard(topic: string, data: { ids?: number[] | null }): void {
    if (topic === MISSED || topic === 'units') return this.forget();
    const [kind, id] = topic.split(':');
    const kept = this.live.get(Number(id));
    if (!kept) return;
    if (kind === 'contest') this.live.delete(Number(id));
    if (kind !== 'readings') return;
    kept.tail = kept.tail
      .then(() => this.follow(kept, data.ids ?? null))
      .catch(() => void this.live.delete(Number(id)));
  }

  /** Units were merged, split or renamed: who stands where is read anew. */
  private forget(): void {
    this.live.clear();
    this.past.clear();
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
    const rows = new Set<number>();
    for (const { unit, slot, readings } of cells) {
      const row = cut.cube.rowOf(unit);
      for (let up = row; up >= 0 && !rows.has(up); up = cut.cube.above[up] ?? -1) rows.add(up);
      clearCell(cut.cube, slot, row);
      takeOthers(
        cut.cube,
        readings.filter((reading) => !takePlain(cut.cube, reading)),
      );
      sumAgain(cut.cube, slot, row);
    }
    // Where units were merged or split, what one reports moves others beside those above it.
    cut.moved(cut.contest.passages.length > 0 ? undefined : rows);
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
