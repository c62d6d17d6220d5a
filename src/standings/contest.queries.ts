import type { DataSource, EntityManager } from 'typeorm';

type Database = DataSource | EntityManager;

export interface CampaignRow {
  id: number;
  slug: string;
  kind: string;
  title_vi: string;
  title_en: string;
  decision_ref: string | null;
  starts_on: string;
  ends_on: string;
  units_as_of: string;
  unit_id: number | null;
  rules_version_id: number;
  rules_number: number;
  rules_decision: string | null;
  total_points: number;
  score_decimals: number;
  tie_rule: 'competition' | 'dense';
  tie_break: ('indicators-at-target' | 'progress' | 'target-met-first')[];
  minimum_applicable: string;
  grace_days: number;
  bands: {
    code: string;
    from: number;
    name_vi?: string;
    name_en?: string;
    nameVi?: string;
    nameEn?: string;
  }[];
}

/** A campaign with the rules that were in force at an instant, or with the version asked for. */
export async function campaignRow(
  db: Database,
  campaign: { id: number } | { slug: string },
  knownAt: Date,
  rulesVersionId: number | null,
): Promise<CampaignRow | undefined> {
  const [row] = await db.query<CampaignRow[]>(
    `select c.id, c.slug, c.kind, c.title_vi, c.title_en, c.decision_ref, c.starts_on, c.ends_on, c.units_as_of, c.unit_id,
            r.id as rules_version_id, r.number as rules_number, r.decision_ref as rules_decision, r.total_points,
            r.score_decimals, r.tie_rule, r.tie_break, r.minimum_applicable::text, r.grace_days, r.bands
       from campaign c
       join lateral (
         select * from rules_version v where v.campaign_id = c.id
            and case when $4::int is null then v.published_at <= $3 else v.id = $4 end
          order by number desc limit 1) r on true
      where c.id = $1 or c.slug = $2`,
    [
      'id' in campaign ? campaign.id : null,
      'slug' in campaign ? campaign.slug : null,
      knownAt,
      rulesVersionId,
    ],
  );
  return row;
}

export interface IndicatorRow {
  id: number;
  code: string;
  name_vi: string;
  name_en: string;
  form: 'ratio' | 'count' | 'level' | 'task';
  kind: 'flow' | 'stock' | 'cumulative' | 'distinct' | 'level' | 'task';
  numerator_vi: string;
  numerator_en: string;
  denominator_vi: string | null;
  denominator_en: string | null;
  measure_vi: string;
  measure_en: string;
  denominator_measure_vi: string | null;
  direction: 'higher' | 'lower';
  decimals: number;
  maximum: string | null;
  baseline_numerator: number | null;
  baseline_denominator: number | null;
  baseline: string | null;
  target: string | null;
  target_operator: '>=' | '>' | '<=' | '<' | '=';
  target_due_on: string | null;
  target_path: 'linear' | 'stepped' | 'milestones';
  curve: 'threshold' | 'gap-closed' | 'steps' | 'manual';
  curve_steps: { from: number | string; points: number | string }[];
  bonus_cap: string;
  minimum_denominator: number;
  on_not_applicable: 'exempt' | 'zero' | 'full' | 'spread';
  on_no_cases: 'exempt' | 'zero' | 'full' | 'spread' | 'pool' | 'carry';
  on_few_cases: 'shrink' | 'raw' | 'exempt' | 'zero' | 'full' | 'spread' | 'pool' | 'carry';
  on_missing: 'exempt' | 'zero' | 'full' | 'spread' | 'pool' | 'carry';
  family: string | null;
  legal_basis: string | null;
  weights: Record<string, string>;
  milestones: { due_on: string; value: string }[];
  starts: StartRow[];
}

export interface StartRow {
  unit_id: number;
  numerator: number | null;
  denominator: number | null;
  baseline: string | null;
  target: string | null;
}

export const indicatorRows = (db: Database, rulesVersionId: number): Promise<IndicatorRow[]> =>
  db.query(
    `select i.code, v.name_vi, v.name_en, i.id, v.form, v.kind, v.numerator_vi, v.numerator_en, v.denominator_vi,
            v.denominator_en, v.measure_vi, v.measure_en, v.denominator_measure_vi, v.direction, v.decimals,
            trim_scale(v.maximum)::text as maximum, v.baseline_numerator, v.baseline_denominator,
            trim_scale(v.baseline)::text as baseline, trim_scale(v.target)::text as target, v.target_operator,
            v.target_due_on, v.target_path, v.curve, v.curve_steps, trim_scale(v.bonus_cap)::text as bonus_cap,
            v.minimum_denominator, v.on_not_applicable, v.on_no_cases, v.on_few_cases, v.on_missing, v.family, v.legal_basis,
            (select coalesce(json_object_agg(g.code, w.weight::text), '{}') from indicator_weight w
               join campaign_group g on g.id = w.group_id where w.indicator_version_id = v.id) as weights,
            (select coalesce(json_agg(json_build_object('due_on', due_on, 'value', trim_scale(value)::text) order by due_on), '[]')
               from milestone m where m.indicator_version_id = v.id) as milestones,
            (select coalesce(json_agg(json_build_object('unit_id', unit_id, 'numerator', numerator, 'denominator', denominator,
                      'baseline', trim_scale(baseline)::text, 'target', trim_scale(target)::text)), '[]')
               from indicator_start s where s.indicator_version_id = v.id) as starts
       from indicator_version v join indicator i on i.id = v.indicator_id
      where v.rules_version_id = $1 order by i.ordinal, i.id`,
    [rulesVersionId],
  );

export interface GroupRow {
  code: string;
  name_vi: string;
  name_en: string;
}

export const groupRows = (db: Database, campaignId: number): Promise<GroupRow[]> =>
  db.query('select code, name_vi, name_en from campaign_group where campaign_id = $1 order by ordinal, id', [
    campaignId,
  ]);

export const phaseRows = (
  db: Database,
  campaignId: number,
): Promise<{ kind: string; title_vi: string; title_en: string; starts_on: string; ends_on: string }[]> =>
  db.query(
    'select kind, title_vi, title_en, starts_on, ends_on from phase where campaign_id = $1 order by starts_on, id',
    [campaignId],
  );

export interface UnitRow {
  id: number;
  code: string;
  name: string;
  kind: string;
  parent_id: number | null;
  group_code: string | null;
  joined_on: string | null;
  left_on: string | null;
  /** The day it came in the place of another, where it did. */
  since: string | null;
}

/** The whole tree of a day, and who of it takes part. Plain, so that the planner has nothing to guess. */
export const unitRows = (db: Database, campaignId: number, treeOn: string): Promise<UnitRow[]> =>
  db.query(
    `select u.unit_id as id, u.code, u.full_name as name, u.kind, u.parent_id, g.code as group_code, p.joined_on, p.left_on, p.since
       from units_on($2) u
       left join taking_part($1, $2) p on p.unit_id = u.unit_id
       left join campaign_group g on g.id = p.group_id
      order by u.code, u.unit_id`,
    [campaignId, treeOn],
  );

export interface AsideRow {
  what: 'exemption' | 'excluded' | 'adjustment' | 'departure';
  unit_id: number | null;
  indicator: string | null;
  day: string | null;
  points: string | null;
  reason: string | null;
  decision_ref: string | null;
}

/** What decisions set aside, added or took away, as known at an instant. */
export const asideRows = (db: Database, campaignId: number, knownAt: Date): Promise<AsideRow[]> =>
  db.query(
    `select 'exemption' as what, e.unit_id, i.code as indicator,
            (e.granted_at at time zone 'Asia/Ho_Chi_Minh')::date as day, null::text as points, e.evidence as reason, null as decision_ref
       from exemption e join indicator i on i.id = e.indicator_id
      where i.campaign_id = $1 and e.granted_at <= $2 and (e.withdrawn_at is null or e.withdrawn_at > $2)
     union all
     select 'departure', unit_id, null, left_on - 1, null, left_reason, left_decision from participation
      where campaign_id = $1 and left_on is not null
     union all
     select 'excluded', null, null, day, null, reason, decision_ref from excluded_day
      where campaign_id = $1 and decided_at <= $2 and (withdrawn_at is null or withdrawn_at > $2)
     union all
     select 'adjustment', unit_id, null, counts_from, points::text, reason, decision_ref from adjustment
      where campaign_id = $1 and decided_at <= $2 and (withdrawn_at is null or withdrawn_at > $2)
     order by 1, 2, 4, 5`,
    [campaignId, knownAt],
  );
