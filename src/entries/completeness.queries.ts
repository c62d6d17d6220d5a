import type { DataSource } from 'typeorm';
import { COUNTED, type Counted } from './issue/tallies.js';

/** One paid day of one source: our figures and the partner's. */
export interface DayRow extends Record<Counted, number> {
  readonly day: string | null;
  readonly source: string;
  readonly digest_count: number | null;
  readonly digest_amount: number | null;
  readonly agrees: boolean | null;
}

/**
 * The equation per paid day and source, beside the latest digest of the partner. A digest counts every row of the day once,
 * so it is held against received less duplicates; its sum is payments less reversals.
 */
export function completenessDays(db: DataSource, promotionId: number): Promise<DayRow[]> {
  return db.query<DayRow[]>(
    `with ours as (
       select t.day, b.source_id, sum(t.received)::int as received, sum(t.eligible)::int as eligible, sum(t.refused)::int as refused,
         sum(t.quarantined)::int as quarantined, sum(t.duplicate)::int as duplicate, sum(t.amount)::float8 as amount,
         sum(t.issued)::int as issued, sum(t.voided)::int as voided
       from tally t join import_batch b on b.id = t.batch_id where t.promotion_id = $1 group by 1, 2),
     changed as (
       select t.day, sum(t.eligible)::int as eligible, sum(t.refused)::int as refused, sum(t.issued)::int as issued, sum(t.voided)::int as voided
       from tally t where t.promotion_id = $1 and t.batch_id is null group by 1),
     first_source as (select day, min(source_id) as source_id from ours group by 1),
     theirs as (
       select distinct on (day, source_id) day, source_id, count, amount from digest
       where promotion_id = $1 order by day, source_id, revision desc)
     select coalesce(o.day, g.day)::text as day, s.name as source, coalesce(o.received, 0) as received,
       coalesce(o.eligible, 0) + coalesce(c.eligible, 0) as eligible, coalesce(o.refused, 0) + coalesce(c.refused, 0) as refused,
       coalesce(o.quarantined, 0) as quarantined, coalesce(o.duplicate, 0) as duplicate, coalesce(o.amount, 0) as amount,
       coalesce(o.issued, 0) + coalesce(c.issued, 0) as issued, coalesce(o.voided, 0) + coalesce(c.voided, 0) as voided,
       g.count as digest_count, g.amount::float8 as digest_amount,
       case when g.count is null then null
         else g.count = coalesce(o.received - o.duplicate, 0) and g.amount = coalesce(o.amount, 0) end as agrees
     from ours o full join theirs g on g.day = o.day and g.source_id = o.source_id
     join payment_source s on s.id = coalesce(o.source_id, g.source_id)
     left join first_source f on f.day is not distinct from o.day and f.source_id = o.source_id
     left join changed c on c.day is not distinct from f.day and f.source_id is not null
     order by 1 nulls last, 2`,
    [promotionId],
  );
}

export interface PeriodRow extends Record<Counted, number> {
  /** Null: rows that belong to no period. */
  readonly ordinal: number | null;
  readonly title_vi: string | null;
  readonly title_en: string | null;
  /** Codes of the period that stand, counted one by one. */
  readonly standing: number;
  readonly agrees: boolean;
}

/** The equation per period, and whether issued less voided is what the table of entries itself says. */
export function completenessPeriods(db: DataSource, promotionId: number): Promise<PeriodRow[]> {
  return db.query<PeriodRow[]>(
    `with sums as (
       select period, ${COUNTED.map((name) => `sum(${name})::float8 as ${name}`).join(', ')} from tally where promotion_id = $1 group by 1),
     standing as (
       select period, count(*)::float8 as standing from entry where promotion_id = $1 and voided_at is null group by 1),
     periods as (
       select ordinal, title_vi, title_en from draw_period where campaign_id = $1
       union all select null, null, null where exists (select from sums where period is null))
     select p.*, ${COUNTED.map((name) => `coalesce(t.${name}, 0) as ${name}`).join(', ')}, coalesce(e.standing, 0) as standing,
       coalesce(t.issued - t.voided, 0) = coalesce(e.standing, 0) as agrees
     from periods p left join sums t on t.period is not distinct from p.ordinal left join standing e on e.period = p.ordinal
     order by p.ordinal nulls last`,
    [promotionId],
  );
}
