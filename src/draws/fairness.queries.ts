import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DrawResult } from '../rules/draw/documents.js';
import type { EntryList } from '../rules/draw/entries.js';
import { documentOf, type DrawRow } from './draw.queries.js';
import { listOf, strikesOf } from './frozen.queries.js';

/** How a share of the list compares with its share of the winners. */
export interface Share {
  label: string;
  listed: number;
  expected: number;
  won: number;
}

type Parts = Record<'days' | 'banks' | 'units' | 'channels', Share[]>;
type Fairness = Parts & {
  size: number;
  winners: number;
  repeats: number;
  expectedRepeats: number;
  lastPosition: number;
};

/** Draws whose figures are kept in memory: what was published never changes. */
const MOST_KEPT = 100;

/**
 * Whether the result looks like chance: computed from the frozen list, the seed and facts of the payments, never from names.
 * Only of published draws. Who was barred is not on the list, who was struck could not win: neither counts.
 */
@Injectable()
export class FairnessQueries {
  private readonly kept = new Map<number, Promise<Fairness | undefined>>();

  constructor(private readonly db: DataSource) {}

  of(draw: DrawRow): Promise<Fairness | undefined> {
    const known = this.kept.get(draw.id);
    if (known) return known;
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    const found = this.db.transaction('REPEATABLE READ', (tx) => fairnessOf(tx, draw));
    this.kept.set(draw.id, found);
    found.then(
      (facts) => facts ?? this.kept.delete(draw.id),
      () => this.kept.delete(draw.id),
    );
    return found;
  }
}

async function fairnessOf(tx: EntityManager, draw: DrawRow): Promise<Fairness | undefined> {
  const result = await documentOf<DrawResult>(tx, draw.id, 'result');
  if (!result) return undefined;
  const { winners, skipped, size } = result.document;
  const struck = new Set((await strikesOf(tx, draw.id, 0)).map(({ code }) => code));
  const list = await listOf(tx, draw.id);
  const codes = winners.map(({ code }) => code);
  return {
    size,
    winners: winners.length,
    repeats: skipped.filter(({ reason }) => reason === 'holder-limit').length,
    expectedRepeats: expectedRepeats(list, struck, winners.length),
    lastPosition: Math.max(0, ...winners.map(({ position }) => position)),
    ...(await shares(tx, draw, codes, [...struck])),
  };
}

/** How often a person who has won comes up again while so many places are filled: the mean over all lists of chance. */
function expectedRepeats(list: EntryList, struck: ReadonlySet<string>, places: number): number {
  const perHolder = new Map<string, number>();
  for (let index = 0; index < list.size; index++) {
    if (struck.size > 0 && struck.has(list.code(index))) continue;
    const holder = list.holder(index);
    perHolder.set(holder, (perHolder.get(holder) ?? 0) + 1);
  }
  const drawn = Math.min(1, places / Math.max(1, list.size - struck.size));
  let expected = 0;
  for (const count of perHolder.values()) expected += count * drawn - (1 - (1 - drawn) ** count);
  return rounded(expected);
}

/** By facts of the payments: each part of the frozen list, and the winners that part would have on average. */
async function shares(
  tx: EntityManager,
  draw: DrawRow,
  codes: readonly string[],
  struck: readonly string[],
): Promise<Parts> {
  const rows = await tx.query<{ part: keyof Parts; label: string; listed: number; won: number }[]>(SHARES, [
    draw.id,
    draw.campaignId,
    codes,
    struck,
  ]);
  const total = rows.reduce((sum, { part, listed }) => sum + (part === 'channels' ? listed : 0), 0);
  const of = (part: keyof Parts) =>
    rows
      .filter((row) => row.part === part)
      .map(({ label, listed, won }) => {
        const expected = rounded((codes.length * listed) / Math.max(1, total));
        return { label, listed, won, expected };
      });
  return { days: of('days'), banks: of('banks'), units: of('units'), channels: of('channels') };
}

const rounded = (value: number) => Math.round(value * 100) / 100;

/** One pass over the codes of the frozen list; days in their order, everything else from the largest. */
const SHARES = `with listed as (
    select split_part(line, ',', 1) as code from frozen_part p, string_to_table(convert_from(p.bytes, 'UTF8'), E'\\n') line
    where p.draw_id = $1 and line not in ('', 'code,holder')),
  facts as (
    select (m.paid_at at time zone 'Asia/Ho_Chi_Minh')::date as day, s.name as bank, m.channel, m.unit_code,
      l.code = any($3::text[]) as won
    from listed l join entry e on e.promotion_id = $2 and e.code = l.code
    join payment m on m.promotion_id = $2 and m.id = e.payment_id join payment_source s on s.id = m.source_id
    where l.code <> all($4::text[])),
  counted as (
    select day, bank, channel, unit_code, count(*)::int as listed, (count(*) filter (where won))::int as won
    from facts group by grouping sets ((day), (bank), (channel), (unit_code)))
  select case when day is not null then 'days' when bank is not null then 'banks' when channel is not null then 'channels'
      else 'units' end as part,
    coalesce(day::text, bank, channel, (select v.name from unit_version v where v.code = unit_code
      order by v.valid_from desc nulls last limit 1), unit_code) as label, listed, won
  from counted order by day, listed desc, label`;
