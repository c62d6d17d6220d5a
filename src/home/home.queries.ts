import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { localDate } from '../platform/http/format.js';

export interface ListedCampaign {
  slug: string;
  kind: 'movement' | 'drive' | 'review' | 'promotion';
  title_vi: string;
  title_en: string;
  decision_ref: string | null;
  starts_on: string;
  ends_on: string;
  status: 'ahead' | 'running' | 'ended';
  /** Day n of the campaign, and of how many; both days inclusive. */
  day_number: number;
  days: number;
  units: number;
  periods: number;
  /** The movement it is part of. */
  movement: { slug: string; title_vi: string; title_en: string } | null;
}

/** A step of a movement, as its plan dates it: launch, interim review, final review. */
export interface MovementPhase {
  title_vi: string;
  title_en: string;
  starts_on: string;
  ends_on: string;
  status: ListedCampaign['status'];
}

@Injectable()
export class HomeQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Everything published, running first, then what comes, then what has ended. */
  async published(): Promise<ListedCampaign[]> {
    return this.db.query<ListedCampaign[]>(LISTED(PUBLISHED), [this.today()]);
  }

  /** A movement of which something is published. */
  async movement(slug: string): Promise<ListedCampaign | undefined> {
    const wanted = `c.kind = 'movement' and c.slug = $2 and exists (
      select from campaign part where part.parent_id = c.id and exists (
        select from rules_version r where r.campaign_id = part.id and r.published_at is not null))`;
    const [movement] = await this.db.query<ListedCampaign[]>(LISTED(wanted), [this.today(), slug]);
    return movement;
  }

  async phases(slug: string): Promise<MovementPhase[]> {
    return this.db.query<MovementPhase[]>(
      `select p.title_vi, p.title_en, p.starts_on, p.ends_on, ${STATUS('p')} as status
         from phase p join campaign c on c.id = p.campaign_id where c.slug = $2 order by p.starts_on, p.id`,
      [this.today(), slug],
    );
  }

  private today(): string {
    return localDate(this.clock.now());
  }
}

const STATUS = (span: string) =>
  `case when $1::date < ${span}.starts_on then 'ahead' when $1::date <= ${span}.ends_on then 'running' else 'ended' end`;

const PUBLISHED = `exists (select from rules_version r where r.campaign_id = c.id and r.published_at is not null)
      or exists (select from terms t where t.promotion_id = c.id and t.published_at is not null)`;

const LISTED = (wanted: string) => `
  select c.slug, c.kind, c.title_vi, c.title_en, c.decision_ref, c.starts_on, c.ends_on,
         ${STATUS('c')} as status,
         least(greatest($1::date - c.starts_on + 1, 0), c.ends_on - c.starts_on + 1) as day_number,
         c.ends_on - c.starts_on + 1 as days,
         (select count(distinct p.unit_id) from participation p where p.campaign_id = c.id) as units,
         (select count(*) from draw_period d where d.campaign_id = c.id) as periods,
         (select jsonb_build_object('slug', m.slug, 'title_vi', m.title_vi, 'title_en', m.title_en)
            from campaign m where m.id = c.parent_id and m.kind = 'movement') as movement
    from campaign c
   where ${wanted}
   order by ($1::date between c.starts_on and c.ends_on) desc, (c.starts_on > $1::date) desc, c.starts_on desc, c.id`;
