import type { DataSource, EntityManager } from 'typeorm';
import type { CampaignKind, PhaseKind } from './campaign-plan.js';

type Database = DataSource | EntityManager;

export interface Campaign {
  readonly id: number;
  readonly slug: string;
  readonly kind: CampaignKind;
  readonly parentId: number | null;
  readonly unitId: number | null;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly decisionRef: string | null;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly unitsAsOf: string;
  readonly reportDueDays: number;
  readonly lockAfterDays: number;
  readonly approvalSteps: number;
  /** The rules in force, null before the first publication. */
  readonly rulesVersionId: number | null;
  readonly rulesNumber: number | null;
  /** The plan or amendment being written. */
  readonly draftRulesId: number | null;
}

const CAMPAIGN = `select c.id, c.slug, c.kind, c.parent_id as "parentId", c.unit_id as "unitId", c.title_vi as "titleVi",
  c.title_en as "titleEn", c.decision_ref as "decisionRef", c.starts_on as "startsOn", c.ends_on as "endsOn",
  c.units_as_of as "unitsAsOf", c.report_due_days as "reportDueDays", c.lock_after_days as "lockAfterDays",
  c.approval_steps as "approvalSteps", p.id as "rulesVersionId", p.number as "rulesNumber", d.id as "draftRulesId"
  from campaign c
  left join lateral (select id, number from rules_version r where r.campaign_id = c.id and r.published_at is not null
                      order by number desc limit 1) p on true
  left join rules_version d on d.campaign_id = c.id and d.published_at is null`;

export async function campaignBySlug(db: Database, slug: string): Promise<Campaign | undefined> {
  const [campaign] = await db.query<Campaign[]>(`${CAMPAIGN} where c.slug = $1`, [slug]);
  return campaign;
}

/** Newest first; only what is published, unless the reader works here. */
export const campaigns = (db: Database, withDrafts: boolean): Promise<Campaign[]> =>
  db.query(`${CAMPAIGN} where $1 or p.id is not null order by c.starts_on desc, c.id desc`, [withDrafts]);

export interface Phase {
  readonly id: number;
  readonly kind: PhaseKind;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly startsOn: string;
  readonly endsOn: string;
}

export const phasesOf = (db: Database, campaignId: number): Promise<Phase[]> =>
  db.query(
    `select id, kind, title_vi as "titleVi", title_en as "titleEn", starts_on as "startsOn", ends_on as "endsOn"
       from phase where campaign_id = $1 order by starts_on, id`,
    [campaignId],
  );

export interface CampaignGroup {
  readonly id: number;
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly units: number;
}

export const groupsOf = (db: Database, campaignId: number): Promise<CampaignGroup[]> =>
  db.query(
    `select g.id, g.code, g.name_vi as "nameVi", g.name_en as "nameEn",
            (select count(*)::int from participation p where p.group_id = g.id) as units
       from campaign_group g where campaign_id = $1 order by ordinal, id`,
    [campaignId],
  );

export interface Participant {
  readonly unitId: number;
  readonly groupId: number;
  readonly groupCode: string;
  readonly code: string;
  readonly fullName: string;
  readonly kind: string;
  readonly parentId: number | null;
}

/** Who takes part, by the names of the campaign's own day. */
export const participantsOf = (
  db: Database,
  campaign: Pick<Campaign, 'id' | 'unitsAsOf'>,
): Promise<Participant[]> =>
  db.query(
    `select p.unit_id as "unitId", p.group_id as "groupId", g.code as "groupCode", u.code, u.full_name as "fullName", u.kind,
            u.parent_id as "parentId"
       from participation p join campaign_group g on g.id = p.group_id
       left join unit_version u on u.unit_id = p.unit_id and daterange(u.valid_from, u.valid_to) @> $2::date
      where p.campaign_id = $1 order by g.ordinal, u.code`,
    [campaign.id, campaign.unitsAsOf],
  );

export interface Taker {
  readonly unitId: number;
  /** The day it came in the place of another; null for who took part from the first. */
  readonly since: string | null;
}

/** Who takes part at some time of the campaign: the participants, and what they became while it ran. */
export const takersOf = (db: Database, campaign: Pick<Campaign, 'id' | 'endsOn'>): Promise<Taker[]> =>
  db.query('select unit_id as "unitId", since from taking_part($1, $2)', [campaign.id, campaign.endsOn]);
