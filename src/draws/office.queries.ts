import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { stateOf } from '../rules/calendar/draw-office.js';
import { Officers } from '../officers/officers.service.js';
import type { Officer } from '../platform/http/access.js';

interface PeriodRow {
  promotion: string;
  promotionVi: string;
  promotionEn: string;
  campaignId: number;
  unitId: number | null;
  period: string;
  periodVi: string;
  periodEn: string;
  title: string | null;
  reached: string[];
}

/** The draws an officer works on, and the periods that have none yet. */
@Injectable()
export class OfficeQueries {
  constructor(
    private readonly db: DataSource,
    private readonly officers: Officers,
  ) {}

  async draws(officer: Officer) {
    const rows = await this.db.query<PeriodRow[]>(
      `select c.slug as promotion, c.title_vi as "promotionVi", c.title_en as "promotionEn", c.id as "campaignId",
              c.unit_id as "unitId", p.slug as period, p.title_vi as "periodVi", p.title_en as "periodEn", d.title,
              array(select state from draw_act a where a.draw_id = d.id and a.replacement = 0) as reached
       from draw_period p join campaign c on c.id = p.campaign_id
       left join lateral (select * from draw where draw_period_id = p.id order by number desc limit 1) d on true
       order by c.starts_on desc, c.id, p.ordinal`,
    );
    const mine: (PeriodRow & { state: string })[] = [];
    for (const row of rows)
      if (await this.mayEnter(officer, row)) mine.push({ ...row, state: stateOf(new Set(row.reached)) });
    return {
      draws: mine.filter(({ title }) => title !== null),
      open: mine.filter(({ title }) => title === null),
    };
  }

  private mayEnter(officer: Officer, { campaignId, unitId }: PeriodRow): Promise<boolean> {
    return this.officers.may(officer, ['organiser', 'partner', 'witness', 'auditor', 'administrator'], {
      campaignId,
      unitId,
    });
  }
}
