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
}

@Injectable()
export class HomeQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Everything published, running first, then what comes, then what has ended. */
  async published(): Promise<ListedCampaign[]> {
    return this.db.query<ListedCampaign[]>(PUBLISHED, [localDate(this.clock.now())]);
  }
}

const PUBLISHED = `
  select c.slug, c.kind, c.title_vi, c.title_en, c.decision_ref, c.starts_on, c.ends_on,
         case when $1::date < c.starts_on then 'ahead' when $1::date <= c.ends_on then 'running' else 'ended' end as status,
         least(greatest($1::date - c.starts_on + 1, 0), c.ends_on - c.starts_on + 1) as day_number,
         c.ends_on - c.starts_on + 1 as days,
         (select count(distinct p.unit_id) from participation p where p.campaign_id = c.id) as units,
         (select count(*) from draw_period d where d.campaign_id = c.id) as periods
    from campaign c
   where exists (select from rules_version r where r.campaign_id = c.id and r.published_at is not null)
      or exists (select from terms t where t.promotion_id = c.id and t.published_at is not null)
   order by ($1::date between c.starts_on and c.ends_on) desc, (c.starts_on > $1::date) desc, c.starts_on desc, c.id`;
