import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { daysAfter } from '../indicators/copied-plan.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { localDate, number, type Locale } from '../platform/http/format.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { type Grid, GridOf, type GridRow } from './grid.service.js';
import { lockedBefore } from './lock.js';
import { frameOf, Workplace } from './workplace.js';

export interface GridView {
  readonly on?: string;
  readonly unit?: string;
  readonly indicator?: string;
}

/** The grid as a page; drawn again, with what was typed, when something in it is wrong. */
@Injectable()
export class GridPage {
  constructor(
    private readonly views: Views,
    private readonly clock: Clock,
    private readonly gridOf: GridOf,
    private readonly workplace: Workplace,
  ) {}

  async draw(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    view: GridView,
    findings: Finding[] = [],
    typed: Record<string, unknown> = {},
  ): Promise<string> {
    const locale = this.views.locale(request);
    const place = await this.workplace.of(officer, slug);
    const { campaign } = place;
    const on = this.dayOf(campaign, view.on);
    const unitId = view.unit && /^\d+$/.test(view.unit) ? Number(view.unit) : undefined;
    const grid = await this.gridOf.day({
      campaign,
      officer,
      on,
      unitId,
      indicator: view.indicator || undefined,
    });
    const english = locale === 'en';
    return this.views.page(request, 'readings/grid', {
      title: 'readings.grid.title',
      ...frameOf(place, 'grid', english),
      scripts: ['grid.js'],
      on,
      previous: on > campaign.startsOn ? daysAfter(on, -1) : undefined,
      next: on < this.lastDay(campaign) ? daysAfter(on, 1) : undefined,
      yesterday: daysAfter(on, -1),
      locked: daysAfter(on, 1) <= lockedBefore(campaign, this.clock.now()),
      ...choices(grid, english, this.views.text(request, 'readings.grid.everyIndicator')),
      lines: grid.rows.map((row) => shown(row, locale, typed)),
      needsReason: grid.rows.some(({ standing }) => standing),
      findings,
      values: typed,
    });
  }

  /** The day asked for, within the campaign and not after today; yesterday's figures are what is due today. */
  dayOf(campaign: Campaign, asked?: string): string {
    const wanted =
      asked && /^\d{4}-\d{2}-\d{2}$/.test(asked) ? asked : daysAfter(localDate(this.clock.now()), -1);
    const last = this.lastDay(campaign);
    return wanted < campaign.startsOn ? campaign.startsOn : wanted > last ? last : wanted;
  }

  private lastDay({ endsOn, startsOn }: Campaign): string {
    const today = localDate(this.clock.now());
    return today < startsOn ? startsOn : today < endsOn ? today : endsOn;
  }
}

/** What can be chosen: one of the officer's units, or one indicator for all of them. */
const choices = (grid: Grid, english: boolean, everyIndicator: string) => ({
  unit: grid.unit,
  byIndicator: grid.indicator,
  unitOptions: grid.units.map((one) => ({ value: one.unitId, label: `${one.fullName} (${one.code})` })),
  indicatorOptions: [
    { value: '', label: everyIndicator },
    ...grid.indicators.map(({ code, nameVi, nameEn }) => ({ value: code, label: english ? nameEn : nameVi })),
  ],
});

/** Numbers stand in the fields as the reader writes them. */
function shown(row: GridRow, locale: Locale, typed: Record<string, unknown>) {
  const field = (letter: string, stored: string) => {
    const text = typed[`${letter}.${row.key}`];
    if (typeof text === 'string') return text;
    // A draft stays as it was typed: 9.020 may be nine thousand and twenty.
    return !row.isDraft && /^\d+(\.\d+)?$/.test(stored) ? number(stored, locale) : stored;
  };
  const { form } = row.indicator;
  return {
    ...row,
    numerator: field('n', row.numerator),
    denominator: field('d', row.denominator),
    value: field('v', row.value),
    seen: row.standing?.id ?? '',
    jump: row.jumps[0]
      ?.split('-')
      .map((figure) => number(figure, locale))
      .join(' … '),
    wantsNumerator: form !== 'level',
    wantsDenominator: form === 'ratio' || form === 'task',
    wantsValue: form === 'level',
    look:
      { approved: 'good', submitted: 'info', checked: 'info', disputed: 'late' }[row.standing?.state ?? ''] ??
      'off',
  };
}
