import type { EntityManager } from 'typeorm';
import type { Completeness, Digest, Tally } from '../rules/draw/documents.js';
import { bigintAt, readRows } from '../platform/database/read-rows.js';
import type { DrawRow } from './draw.queries.js';
import { ListedEntries } from './listed-entries.js';

/** The codes of a period that count: issued and not void, of earlier periods as well where the terms carry them over. */
const LISTED = `entry e where e.promotion_id = $1 and e.voided_at is null and (e.period = $2 or ($3::boolean and e.period < $2))`;
const BARRED = `exists (select from bar b where b.draw_period_id = $4 and b.payer_id = e.payer_id)`;

async function scopeOf(tx: EntityManager, draw: DrawRow): Promise<unknown[]> {
  const [terms] = await tx.query<{ carryOver: boolean | null }[]>(
    `select (body ->> 'carryOver')::boolean as "carryOver" from terms
     where promotion_id = $1 and published_at is not null order by version desc limit 1`,
    [draw.campaignId],
  );
  return [draw.campaignId, draw.ordinal, terms?.carryOver ?? false, draw.periodId];
}

export interface ListCount {
  listed: number;
  barred: number;
  holders: number;
}

export async function countList(tx: EntityManager, draw: DrawRow): Promise<ListCount> {
  const [row] = await tx.query<ListCount[]>(
    `select count(*) filter (where not barred)::int as listed, count(*) filter (where barred)::int as barred,
            count(distinct payer_id) filter (where not barred)::int as holders
     from (select e.payer_id, ${BARRED} as barred from ${LISTED}) l`,
    await scopeOf(tx, draw),
  );
  return row!;
}

/** All codes of the list in the order of their bytes, with their payers. */
export async function listedEntries(tx: EntityManager, draw: DrawRow): Promise<ListedEntries> {
  const entries = new ListedEntries();
  const scope = await scopeOf(tx, draw);
  const query = `select e.code, e.payer_id from ${LISTED} and not ${BARRED} order by e.code`;
  await tx.query(`select set_config('work_mem', '64MB', true)`);
  await readRows(tx, filledIn(query, scope), 2, (bytes, places) =>
    entries.add(bytes, places[0]!, places[1]!, bigintAt(bytes, places[2]!)),
  );
  return entries;
}

/** Hands over all payers, with a code or without: the number, and where their sealed data lie. */
export function allPayers(
  tx: EntityManager,
  draw: DrawRow,
  each: (payerId: number, bytes: Buffer, from: number, to: number) => void,
  rest: () => Promise<void>,
): Promise<void> {
  const query = filledIn('select id, sealed from payer where promotion_id = $1', [draw.campaignId]);
  return readRows(
    tx,
    query,
    2,
    (bytes, places) => each(bigintAt(bytes, places[0]!), bytes, places[2]!, places[3]!),
    rest,
  );
}

/** COPY takes no parameters; what goes in here are numbers and truth values. */
function filledIn(query: string, values: readonly unknown[]): string {
  return query.replace(/\$(\d)/g, (_, number: string) => {
    const value = values[Number(number) - 1];
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new TypeError(`$${number} is a ${typeof value}`);
  });
}

/** The next codes in the order of their bytes, after `after`. */
export async function listedCodes(
  tx: EntityManager,
  draw: DrawRow,
  after: string,
  limit: number,
): Promise<{ code: string; payerId: number }[]> {
  return tx.query(
    `select e.code, e.payer_id::float8 as "payerId" from ${LISTED} and e.code > $5 and not ${BARRED}
     order by e.code limit $6`,
    [...(await scopeOf(tx, draw)), after, limit],
  );
}

/** Whose code it is, among all that were ever issued. */
export async function holderOfCode(
  tx: EntityManager,
  campaignId: number,
  code: string,
): Promise<{ payerId: number; voided: boolean; sealed: Buffer; unit: string } | undefined> {
  const rows = await tx.query<{ payerId: number; voided: boolean; sealed: Buffer; unit: string }[]>(
    `select e.payer_id::float8 as "payerId", e.voided_at is not null as voided, p.sealed,
            coalesce(v.full_name || coalesce(', ' || u.name, ''), '') as unit
     from entry e join payer p on p.promotion_id = e.promotion_id and p.id = e.payer_id
     join payment m on m.promotion_id = e.promotion_id and m.id = e.payment_id
     left join lateral (select * from unit_version where code = m.unit_code
       and daterange(valid_from, valid_to) @> (m.paid_at at time zone 'Asia/Ho_Chi_Minh')::date limit 1) v on true
     left join lateral (select name from unit_version where unit_id = v.parent_id
       order by valid_from desc nulls last limit 1) u on true
     where e.promotion_id = $1 and e.code = $2`,
    [campaignId, code],
  );
  return rows[0];
}

/** The equation of the period by local day of payment; what could not be read that far counts on the day it arrived. */
export async function completenessOf(tx: EntityManager, draw: DrawRow): Promise<Completeness> {
  const scope = await scopeOf(tx, draw);
  const days = await tx.query<(Tally & { day: string })[]>(
    `with sums as (
       select coalesce(day, (at at time zone 'Asia/Ho_Chi_Minh')::date) as day, sum(received) as received,
         sum(eligible) as eligible, sum(refused) as refused, sum(quarantined) as quarantined, sum(duplicate) as duplicate,
         sum(issued) as issued, sum(voided) as voided
       from tally where promotion_id = $1 and (period = $2 or ($3::boolean and period < $2)) group by 1),
     bars as (
       select (m.paid_at at time zone 'Asia/Ho_Chi_Minh')::date as day, count(*) as barred
       from (select e.* from ${LISTED} and ${BARRED}) e join payment m on m.promotion_id = $1 and m.id = e.payment_id group by 1)
     select s.day::text, received::int, eligible::int, refused::int, quarantined::int, duplicate::int,
       issued::int as "entriesIssued", voided::int as "entriesVoided", coalesce(barred, 0)::int as barred,
       (issued - voided - coalesce(barred, 0))::int as listed
     from sums s left join bars b using (day) order by 1`,
    scope,
  );
  return { days, total: totalOf(days), digests: await digestsOf(tx, draw) };
}

function totalOf(days: readonly Tally[]): Tally {
  const sum = (name: keyof Tally) => days.reduce((before, day) => before + day[name], 0);
  return {
    received: sum('received'),
    eligible: sum('eligible'),
    refused: sum('refused'),
    quarantined: sum('quarantined'),
    duplicate: sum('duplicate'),
    entriesIssued: sum('entriesIssued'),
    entriesVoided: sum('entriesVoided'),
    barred: sum('barred'),
    listed: sum('listed'),
  };
}

/** The last word of each source for each day of the period. */
function digestsOf(tx: EntityManager, draw: DrawRow): Promise<Digest[]> {
  return tx.query<Digest[]>(
    `select distinct on (g.day, g.source_id) g.day::text, g.count, g.amount::float8 as amount,
            encode(g.file_sha256, 'hex') as "fileHash", encode(g.signature, 'base64') as signature
     from digest g join draw_period p on p.id = $2
     where g.promotion_id = $1 and g.file_sha256 is not null
       and g.day between (p.starts_at at time zone 'Asia/Ho_Chi_Minh')::date
                     and ((p.cutoff_at - interval '1 second') at time zone 'Asia/Ho_Chi_Minh')::date
     order by g.day, g.source_id, g.revision desc`,
    [draw.campaignId, draw.periodId],
  );
}

/** Whether what the partners sent is accounted for and every code on the list was issued and not void. */
export function equationHolds({ total }: Completeness, listed: number): boolean {
  const { received, eligible, refused, quarantined, duplicate } = total;
  return received === eligible + refused + quarantined + duplicate && total.listed === listed;
}
