import type { DataSource } from 'typeorm';
import { startOfDay } from '../../src/rules/eligibility/day.js';
import { bitOf } from '../../src/rules/eligibility/refusal.js';
import type { Terms } from '../../src/rules/eligibility/terms.js';

/** The caps as an aggregate over a payer's payments in order: what each was granted, and which caps left nothing. */
export async function createOracle(db: DataSource): Promise<void> {
  await db.query(`
    create type oracle_state as (programme int, periods jsonb, days jsonb, granted int, exhausted int);
    create function oracle_take(s oracle_state, wanted int, period int, day int, caps jsonb) returns oracle_state language plpgsql immutable as $$
    declare p int := coalesce((s.periods ->> period::text)::int, 0); d int := coalesce((s.days ->> day::text)::int, 0);
    begin
      s.granted := 0; s.exhausted := 0;
      if wanted is null then return s; end if;
      s.granted := greatest(0, least(wanted, (caps ->> 'payment')::int, (caps ->> 'day')::int - d, (caps ->> 'period')::int - p, (caps ->> 'programme')::int - s.programme));
      if s.granted = 0 then
        s.exhausted := case when (caps ->> 'day')::int - d <= 0 then ${bitOf('cap-day')} else 0 end
          | case when (caps ->> 'period')::int - p <= 0 then ${bitOf('cap-period')} else 0 end
          | case when (caps ->> 'programme')::int - s.programme <= 0 then ${bitOf('cap-programme')} else 0 end;
      end if;
      s.programme := s.programme + s.granted;
      s.periods := jsonb_set(s.periods, array[period::text], to_jsonb(p + s.granted));
      s.days := jsonb_set(s.days, array[day::text], to_jsonb(d + s.granted));
      return s;
    end $$;
    create aggregate oracle_caps (int, int, int, jsonb) (sfunc = oracle_take, stype = oracle_state, initcond = '(0,{},{},0,0)');
  `);
}

/** Reference, refusals and codes of every payment, out of the stored facts by set-based SQL alone. */
const DECIDED = `with facts as (
    select p.id, p.payer_id, p.source_ref, p.paid_at, p.kind, p.amount, p.status, p.channel, b.position, p.kind = 'payment' as pays,
      p.amount - coalesce((select sum(r.amount) from payment r where r.promotion_id = $1 and r.kind = 'reversal' and r.reverses_ref = p.source_ref and p.kind = 'payment'), 0) as net,
      case $2::text when 'paid' then p.paid_at else date_trunc('second', b.received_at) end as at
    from payment p join import_batch b on b.id = p.batch_id where p.promotion_id = $1),
  placed as (
    select f.*, (select min(d.ordinal) from draw_period d where d.campaign_id = $1 and f.at < d.cutoff_at) as period,
      case when not f.pays or f.net <= 0 then 0 else (case $3::text when 'one' then 1 else floor(f.net::numeric / $4::int)::int end)
        * case when f.channel = $5::text then $6::int else 1 end end as wanted from facts f),
  judged as (
    select q.*, case when not pays then ${bitOf('reversal')} else
      (case when net <= 0 then ${bitOf('reversed')} when net < $7::bigint or wanted = 0 then ${bitOf('below-minimum')} else 0 end)
      | (case when $8::boolean and status <> 'settled' then ${bitOf('not-settled')} else 0 end)
      | (case when paid_at < to_timestamp($9::bigint) then ${bitOf('before-window')} when paid_at >= to_timestamp($10::bigint) then ${bitOf('after-window')}
       when period is null then ${bitOf('period-closed')} else 0 end)
      | (case when $11::text[] is null or channel = any($11::text[]) then 0 else ${bitOf('channel')} end) end as mask from placed q),
  capped as (
    select j.*, oracle_caps(case when mask = 0 then wanted end, coalesce(period, 0), (paid_at at time zone 'Asia/Ho_Chi_Minh')::date - date '1970-01-01', $12::jsonb)
      over (partition by payer_id order by position, paid_at, source_ref rows unbounded preceding) as taken from judged j),
  numbered as (
    select id, row_number() over (order by position, paid_at, source_ref, n) as number from capped, generate_series(1, (taken).granted) n),
  held as (select id, array_agg(lpad(number::text, $13::int, '0') order by number) as codes from numbered group by id)
  select source_ref, case when mask = 0 then (taken).exhausted else mask end as refusals, coalesce(codes, '{}') as codes
  from capped left join held using (id)`;

const parametersOf = (promotionId: number, { entries, ...terms }: Terms, digits: number) => [
  promotionId,
  terms.cutoffBy,
  entries.rule,
  entries.step,
  entries.factors[0]?.value ?? null,
  entries.factors[0]?.times ?? 1,
  terms.minimumAmount,
  terms.settledOnly,
  startOfDay(terms.opensOn),
  startOfDay(terms.closesOn) + 86_400,
  terms.channels,
  JSON.stringify(terms.caps),
  digits,
];

/** What the oracle says of each payment of a promotion whose codes have five digits. */
export function oracleRows(
  db: DataSource,
  promotionId: number,
  terms: Terms,
): Promise<{ source_ref: string; refusals: number; codes: string[] }[]> {
  return db.query(`${DECIDED} order by source_ref`, parametersOf(promotionId, terms, 5));
}

/** MD5 over every (payment, code) in order: as stored, and as the oracle has it. */
export async function codeHashes(
  db: DataSource,
  promotionId: number,
  terms: Terms,
  digits: number,
): Promise<{ stored: string; oracle: string }> {
  const hash = `md5(string_agg(source_ref || ' ' || code, e'\\n' order by code)) as hash`;
  const [stored] = await db.query<{ hash: string }[]>(
    `select ${hash} from entry e join payment p on p.promotion_id = $1 and p.id = e.payment_id where e.promotion_id = $1`,
    [promotionId],
  );
  const [oracle] = await db.query<{ hash: string }[]>(
    `select ${hash} from (${DECIDED}) d, unnest(codes) as code`,
    parametersOf(promotionId, terms, digits),
  );
  return { stored: stored!.hash, oracle: oracle!.hash };
}
