import type { DataSource, EntityManager } from 'typeorm';
import type { Band, IndicatorPlan } from './indicator-plan.js';

type Database = DataSource | EntityManager;

/** An indicator as one rules version has it; the fields of its plan, and its ids. */
export interface IndicatorVersion extends IndicatorPlan {
  readonly id: number;
  readonly versionId: number;
  readonly ordinal: number;
}

export const indicatorsOf = async (db: Database, rulesVersionId: number): Promise<IndicatorVersion[]> => {
  const rows = await db.query<Record<string, unknown>[]>(
    `select i.code, i.ordinal, v.*, i.id, v.id as version_id, trim_scale(v.target)::text as target,
            trim_scale(v.baseline)::text as baseline, trim_scale(v.maximum)::text as maximum, trim_scale(v.bonus_cap)::text as bonus_cap,
            (select coalesce(json_object_agg(g.code, trim_scale(w.weight)::text order by g.ordinal), '{}')
               from indicator_weight w join campaign_group g on g.id = w.group_id where w.indicator_version_id = v.id) as weights,
            (select coalesce(json_agg(json_build_object('dueOn', m.due_on, 'value', trim_scale(m.value)::text) order by m.due_on), '[]')
               from milestone m where m.indicator_version_id = v.id) as milestones,
            (select coalesce(json_agg(json_build_object('unitId', s.unit_id, 'numerator', s.numerator, 'denominator', s.denominator,
                      'baseline', trim_scale(s.baseline)::text, 'target', trim_scale(s.target)::text) order by s.unit_id), '[]')
               from indicator_start s where s.indicator_version_id = v.id) as starts
       from indicator_version v join indicator i on i.id = v.indicator_id
      where v.rules_version_id = $1 order by i.ordinal, i.id`,
    [rulesVersionId],
  );
  return rows.map((row) => camel(row)) as unknown as IndicatorVersion[];
};

const camel = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [
        name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        value,
      ]),
  );

export interface Rules {
  readonly id: number;
  readonly number: number;
  readonly decisionRef: string | null;
  readonly decidedOn: string | null;
  readonly reason: string | null;
  readonly totalPoints: number;
  readonly scoreDecimals: number;
  readonly tieRule: 'competition' | 'dense';
  readonly tieBreak: string[];
  readonly minimumApplicable: string;
  readonly graceDays: number;
  readonly bands: (Band & { name_vi: string; name_en: string })[];
  readonly publishedAt: Date | null;
}

const RULES = `select id, number, decision_ref as "decisionRef", decided_on as "decidedOn", reason, total_points as "totalPoints",
  score_decimals as "scoreDecimals", tie_rule as "tieRule", tie_break as "tieBreak",
  trim_scale(minimum_applicable)::text as "minimumApplicable", grace_days as "graceDays", bands, published_at as "publishedAt"
  from rules_version`;

export async function rulesOf(db: Database, rulesVersionId: number): Promise<Rules | undefined> {
  const [rules] = await db.query<Rules[]>(`${RULES} where id = $1`, [rulesVersionId]);
  return rules;
}

export const rulesHistory = (db: Database, campaignId: number): Promise<Rules[]> =>
  db.query(`${RULES} where campaign_id = $1 order by number desc`, [campaignId]);

/** Sum of weights per group, as the draft has it. */
export const weightSums = (
  db: Database,
  campaignId: number,
  rulesVersionId: number,
): Promise<{ code: string; sum: string }[]> =>
  db.query(
    `select g.code, trim_scale(coalesce(sum(w.weight), 0))::text as sum
       from campaign_group g
       left join (indicator_weight w join indicator_version v on v.id = w.indicator_version_id and v.rules_version_id = $2)
              on w.group_id = g.id
      where g.campaign_id = $1 group by g.id order by g.ordinal`,
    [campaignId, rulesVersionId],
  );

/** Units that are exempt from every indicator that applies to their group. */
export const exemptFromAll = (
  db: Database,
  campaignId: number,
  rulesVersionId: number,
): Promise<{ fullName: string }[]> =>
  db.query(
    `select (select full_name from unit_version u where u.unit_id = p.unit_id order by valid_from desc nulls last limit 1) as "fullName"
       from participation p
      where p.campaign_id = $1
        and exists (select 1 from indicator_weight w join indicator_version v on v.id = w.indicator_version_id
                     where w.group_id = p.group_id and v.rules_version_id = $2)
        and not exists (select 1 from indicator_weight w join indicator_version v on v.id = w.indicator_version_id
                     where w.group_id = p.group_id and v.rules_version_id = $2
                       and not exists (select 1 from exemption e where e.indicator_id = v.indicator_id and e.unit_id = p.unit_id
                                          and e.withdrawn_at is null))`,
    [campaignId, rulesVersionId],
  );
