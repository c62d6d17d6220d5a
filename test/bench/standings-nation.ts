import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** 34 provinces, 3.321 communes, 8 indicators, 92 days: two million readings, invented, the same every time. */
export const NATION = { provinces: 34, communes: 3_321, indicators: 8, days: 92, startsOn: '2022-06-01' };
/** Weights sum to 100; targets in percent. */
export const WEIGHTS = [5, 8, 10, 12, 13, 15, 17, 20];
export const TARGETS = [50, 55, 60, 65, 70, 75, 80, 85];
const PROVINCE = 1_000_000;
const COMMUNE = 2_000_000;
export const unitOfProvince = (index: number) => PROVINCE + index;
export const unitOfCommune = (index: number) => COMMUNE + index;

/** Fills a migrated database with the campaign and its readings; answers the campaign's id. */
export async function fillNation(client: pg.Client): Promise<number> {
  const { provinces, communes } = NATION;
  await client.query(
    `insert into unit (id) overriding system value select ${PROVINCE} + i from generate_series(0, ${provinces - 1}) i
     union all select ${COMMUNE} + i from generate_series(0, ${communes - 1}) i`,
  );
  await client.query(
    `insert into unit_version (unit_id, code, name, full_name, kind, parent_id, name_key, full_name_key, folded, full_folded)
     select ${PROVINCE} + i, 'P' || i, 'Tỉnh ' || i, 'Tỉnh ' || i, 'province', null, 'tinh ' || i, 'tinh ' || i, 'tinh ' || i, 'tinh ' || i
       from generate_series(0, ${provinces - 1}) i
     union all
     select ${COMMUNE} + i, 'C' || i, 'Xã ' || i, 'Xã ' || i, 'commune', ${PROVINCE} + i % ${provinces}, 'xa ' || i, 'xa ' || i, 'xa ' || i, 'xa ' || i
       from generate_series(0, ${communes - 1}) i`,
  );
  const campaignId = await plan(client);
  // The fill is not what is measured: no news of two million rows, no look for earlier cuts.
  await client.query('set session_replication_role = replica');
  await readings(client, campaignId);
  await client.query('set session_replication_role = origin');
  await client.query('analyze');
  return campaignId;
}

async function plan(client: pg.Client): Promise<number> {
  const one = async (text: string, values: unknown[] = []) =>
    Number((await client.query(text, values)).rows[0].id);
  const campaign = await one(
    `insert into campaign (slug, kind, title_vi, title_en, starts_on, ends_on, units_as_of)
     values ('ca-nuoc', 'drive', 'Cả nước', 'The nation', '2022-06-01', '2022-08-31', '2022-06-01') returning id`,
  );
  const group = async (code: string, units: string) => {
    const id = await one(
      `insert into campaign_group (campaign_id, code, name_vi, name_en) values ($1, $2, $2, $2) returning id`,
      [campaign, code],
    );
    await client.query(
      `insert into participation (campaign_id, group_id, unit_id) select $1, $2, i from ${units} i`,
      [campaign, id],
    );
    return id;
  };
  const groups = [
    await group('communes', `generate_series(${COMMUNE}, ${COMMUNE + NATION.communes - 1})`),
    await group('provinces', `generate_series(${PROVINCE}, ${PROVINCE + NATION.provinces - 1})`),
  ];
  const rules = await one(
    `insert into rules_version (campaign_id, number, tie_break, grace_days) values ($1, 1, '{indicators-at-target}', 0) returning id`,
    [campaign],
  );
  for (let index = 0; index < NATION.indicators; index++) {
    const indicator = await one(
      'insert into indicator (campaign_id, code, ordinal) values ($1, $2, $3) returning id',
      [campaign, `i${index}`, index],
    );
    const version = await one(
      `insert into indicator_version (indicator_id, rules_version_id, name_vi, name_en, form, kind, denominator_vi, denominator_en, target)
       values ($1, $2, $3, $3, 'ratio', 'flow', 'hồ sơ', 'dossiers', $4) returning id`,
      [indicator, rules, `i${index}`, TARGETS[index]],
    );
    for (const id of groups)
      await client.query('insert into indicator_weight values ($1, $2, $3)', [version, id, WEIGHTS[index]]);
  }
  await client.query('update rules_version set published_at = $2 where id = $1', [
    rules,
    '2022-05-30T00:00:00Z',
  ]);
  return campaign;
}

async function readings(client: pg.Client, campaignId: number): Promise<void> {
  const batch = Number(
    (
      await client.query(
        `insert into reading_batch (campaign_id, source, recorded_at) values ($1, 'file', '2022-06-01T10:00:00Z') returning id`,
        [campaignId],
      )
    ).rows[0].id,
  );
  const { rows } = await client.query<{ id: number }>(
    'select id from indicator where campaign_id = $1 order by ordinal',
    [campaignId],
  );
  const stream = client.query(
    copyFrom(
      'copy reading (batch_id, campaign_id, indicator_id, unit_id, from_on, to_on, numerator, denominator, source, state, recorded_at, approved_at) from stdin',
    ),
  );
  let seed = 12_345;
  const chance = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  let text = '';
  for (let day = 0; day < NATION.days; day++) {
    const [from, to] = [dayText(day), dayText(day + 1)];
    const at = `${to} 03:00:00+00`;
    for (let unit = 0; unit < NATION.communes; unit++)
      for (let index = 0; index < NATION.indicators; index++) {
        const d = 1 + Math.floor(chance() * 200);
        const n = Math.floor(d * (0.2 + 0.8 * chance()));
        text += `${batch}\t${campaignId}\t${rows[index]!.id}\t${COMMUNE + unit}\t${from}\t${to}\t${n}\t${d}\tfile\tapproved\t${at}\t${at}\n`;
        if (text.length > 1 << 18) {
          if (!stream.write(text)) await once(stream, 'drain');
          text = '';
        }
      }
  }
  stream.end(text);
  await once(stream, 'finish');
}

const dayText = (day: number) => new Date(Date.UTC(2022, 5, 1 + day)).toISOString().slice(0, 10);

/**
 * The 92-day history by SQL alone: the same whole numbers, divided half-up, summed, rounded to two places, ranked by score
 * and targets met. Hand-written for these data: everything counted, threshold curves.
 */
export const HISTORY_SQL = (campaignId: number) => `
with plan as (
  select i.id, (array[${WEIGHTS.join(',')}])[i.ordinal + 1] * 1000000::bigint as weight, (array[${TARGETS.join(',')}])[i.ordinal + 1]::bigint as target
    from indicator i where campaign_id = ${campaignId}),
tree as (select unit_id as leaf, unit_id as node from unit_version where kind = 'commune'
         union all select unit_id, parent_id from unit_version where kind = 'commune'),
daily as (select r.from_on, t.node, r.indicator_id, sum(r.numerator)::bigint as n, sum(r.denominator)::bigint as d
            from reading r join tree t on t.leaf = r.unit_id
           where r.campaign_id = ${campaignId} and r.approved_at is not null and r.replaced_at is null and not r.withdrawn
           group by 1, 2, 3),
reached as (select from_on, node, indicator_id, sum(n) over w as n, sum(d) over w as d from daily
            window w as (partition by node, indicator_id order by from_on)),
scored as (
  select from_on, node, sum(case when n * 100 >= d * target then weight
                            else div(2 * n * weight * 100 + d * target, 2 * d * target) end) as millionths,
         count(*) filter (where n * 100 >= d * target) as met
    from reached join plan on plan.id = indicator_id group by 1, 2),
published as (select from_on, node, div(millionths + 5000, 10000) as score, met from scored)
select from_on - date '2022-06-01' as day, node, score::int as score,
       rank() over (partition by from_on, node >= ${COMMUNE} order by score desc, met desc)::int as rank
  from published`;
