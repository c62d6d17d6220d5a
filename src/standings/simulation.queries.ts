import type { DataSource } from 'typeorm';

export interface Donor {
  readonly slug: string;
  readonly titleVi: string;
  readonly titleEn: string;
}

/** Published campaigns that have readings and share units and indicator codes with a plan; itself first, then the latest. */
export const figureDonors = (db: DataSource, campaignId: number, rulesVersionId: number): Promise<Donor[]> =>
  db.query(
    `select c.slug, c.title_vi as "titleVi", c.title_en as "titleEn" from campaign c
      where exists (select from rules_version r where r.campaign_id = c.id and r.published_at is not null)
        and exists (select from indicator theirs
                     where theirs.campaign_id = c.id and theirs.code in (
                       select i.code from indicator_version v join indicator i on i.id = v.indicator_id
                        where v.rules_version_id = $2))
        and exists (select from participation p join participation mine on mine.unit_id = p.unit_id
                     where p.campaign_id = c.id and mine.campaign_id = $1)
        and exists (select from reading r where r.campaign_id = c.id)
      order by (c.id = $1) desc, c.starts_on desc limit 10`,
    [campaignId, rulesVersionId],
  );
