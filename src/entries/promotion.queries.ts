import type { DataSource } from 'typeorm';
import type { Terms } from '../rules/eligibility/terms.js';

export interface PublicPeriod {
  readonly slug: string;
  readonly title_vi: string;
  readonly title_en: string;
  readonly starts_at: Date;
  readonly last_moment: Date;
  readonly closed_at: Date | null;
  readonly codes: number;
  readonly prizes: readonly PublicPrize[];
}

export interface PublicPrize {
  readonly name_vi: string;
  readonly name_en: string;
  readonly quantity: number;
  readonly value: number;
}

export interface PublicTerms {
  readonly version: number;
  readonly body: Terms;
  readonly amendment_ref: string | null;
  readonly decided_on: string | null;
  readonly reason: string | null;
  readonly published_at: Date;
}

/** The periods of a promotion with the codes that stand in each and the prizes, once the rules of its draw are published. */
export async function publicPeriods(db: DataSource, promotionId: number): Promise<PublicPeriod[]> {
  return db.query<PublicPeriod[]>(
    `select d.slug, d.title_vi, d.title_en, d.starts_at, d.cutoff_at - interval '1 minute' as last_moment, l.closed_at,
       coalesce((select sum(t.issued - t.voided) from tally t where t.promotion_id = $1 and t.period = d.ordinal), 0)::int as codes,
       coalesce((
         select json_agg(json_build_object('name_vi', p.name_vi, 'name_en', p.name_en, 'quantity', p.quantity, 'value', p.value)
           order by p.ordinal)
         from prize p where p.draw_id = (
           select w.id from draw w where w.draw_period_id = d.id
             and exists (select from draw_act a where a.draw_id = w.id and a.state = 'rules-published')
             and not exists (select from draw_act a where a.draw_id = w.id and a.state = 'void')
           order by w.number desc limit 1)), '[]') as prizes
     from draw_period d left join list_closing l on l.draw_period_id = d.id where d.campaign_id = $1 order by d.ordinal`,
    [promotionId],
  );
}

/** All published versions of the terms, the one in force first. */
export async function publishedTerms(db: DataSource, promotionId: number): Promise<PublicTerms[]> {
  return db.query<PublicTerms[]>(
    `select version, body, amendment_ref, decided_on, reason, published_at from terms
     where promotion_id = $1 and published_at is not null order by version desc`,
    [promotionId],
  );
}

export interface PublicFigures {
  readonly received: number;
  readonly eligible: number;
  readonly refused: number;
  readonly quarantined: number;
  readonly duplicate: number;
  readonly issued: number;
  readonly voided: number;
}

export async function publicFigures(db: DataSource, promotionId: number): Promise<PublicFigures> {
  const [row] = await db.query<PublicFigures[]>(
    `select coalesce(sum(received), 0)::int as received, coalesce(sum(eligible), 0)::int as eligible, coalesce(sum(refused), 0)::int as refused,
       coalesce(sum(quarantined), 0)::int as quarantined, coalesce(sum(duplicate), 0)::int as duplicate,
       coalesce(sum(issued), 0)::int as issued, coalesce(sum(voided), 0)::int as voided from tally where promotion_id = $1`,
    [promotionId],
  );
  return row!;
}
