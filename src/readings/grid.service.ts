import { ForbiddenException, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { indicatorsOf, type IndicatorVersion } from '../indicators/indicators.queries.js';
import type { Officer } from '../platform/http/access.js';
import { groupsOf } from '../campaigns/campaigns.queries.js';
import { grouped } from '../platform/tables/grouped.js';
import { daysAfter } from '../indicators/copied-plan.js';
import {
  type Draft,
  draftsOf,
  recentHeads,
  type GridReading,
  type Returned,
  returnedTo,
} from './grid.queries.js';
import { jumpFrom, RECENT } from './outliers.js';
import { unitsReached, type ReachedUnit } from './reach.queries.js';

export interface GridQuestion {
  readonly campaign: Campaign;
  readonly officer: Officer;
  readonly on: string;
  readonly unitId?: number;
  /** All units of the officer for this indicator, instead of all indicators of one unit. */
  readonly indicator?: string;
}

interface Pair {
  readonly unit: ReachedUnit;
  readonly indicator: IndicatorVersion;
}

export interface GridRow {
  readonly key: string;
  readonly unitId: number;
  readonly indicator: IndicatorVersion;
  readonly unit: ReachedUnit;
  readonly yesterday?: GridReading;
  readonly standing?: GridReading;
  readonly numerator: string;
  readonly denominator: string;
  readonly value: string;
  readonly isDraft: boolean;
  readonly returned?: Returned;
  /** Figures far from the unit's own days, with the range they are held against. */
  readonly jumps: readonly string[];
  /** Where the figures are expected, from the unit's own days. */
  readonly expected: { readonly numerator?: string; readonly denominator?: string };
}

export interface Grid {
  readonly units: readonly ReachedUnit[];
  readonly unit?: ReachedUnit;
  readonly indicators: readonly IndicatorVersion[];
  readonly indicator?: IndicatorVersion;
  readonly rows: readonly GridRow[];
}

/** One day's figures to type: a unit's indicators, or an indicator's units. */
@Injectable()
export class GridOf {
  constructor(private readonly db: DataSource) {}

  async day({ campaign, officer, on, unitId, indicator: code }: GridQuestion): Promise<Grid> {
    const reached = await unitsReached(this.db, officer.id, ['reporter', 'organiser'], campaign, on);
    const units = reached.filter(({ open }) => open);
    const unit = code
      ? undefined
      : (units.find((one) => one.unitId === unitId) ?? (knows(reached, unitId) ? units[0] : undefined));
    if (reached.length === 0 || (!code && !unit && !knows(reached, unitId)))
      throw new ForbiddenException('officers.refusals.noRight');
    const indicators = campaign.rulesVersionId ? await indicatorsOf(this.db, campaign.rulesVersionId) : [];
    const indicator = code ? indicators.find((one) => one.code === code) : undefined;
    const groups = new Map((await groupsOf(this.db, campaign.id)).map((group) => [group.id, group.code]));
    const applies = (one: IndicatorVersion, { groupId }: ReachedUnit) =>
      one.weights[groups.get(groupId) ?? ''] !== undefined;
    const pairs = (unit ? [unit] : units).flatMap((of) =>
      (indicator ? [indicator] : unit ? indicators : [])
        .filter((one) => applies(one, of))
        .map((one) => ({ unit: of, indicator: one })),
    );
    return { units, unit, indicators, indicator, rows: await this.rows(campaign.id, pairs, on) };
  }

  private async rows(campaignId: number, pairs: readonly Pair[], on: string): Promise<GridRow[]> {
    const units = [...new Set(pairs.map(({ unit }) => unit.unitId))];
    const indicators = [...new Set(pairs.map(({ indicator }) => indicator.id))];
    const key = (one: { unitId: number; indicatorId: number }) => `${one.unitId} ${one.indicatorId}`;
    const from = daysAfter(on, -3 * RECENT);
    const heads = grouped(
      await recentHeads(this.db, { units, indicators, from, until: daysAfter(on, 1) }),
      key,
    );
    const drafts = new Map(
      (await draftsOf(this.db, units, indicators, on)).map((draft) => [key(draft), draft]),
    );
    const returned = new Map(
      (await returnedTo(this.db, campaignId, units, on)).map((one) => [key(one), one]),
    );
    return pairs.map((pair) => {
      const own = key({ unitId: pair.unit.unitId, indicatorId: pair.indicator.id });
      const known = { series: heads.get(own) ?? [], draft: drafts.get(own), returned: returned.get(own) };
      return rowOf(pair, on, known);
    });
  }
}

/** Nobody was asked for, or one of the officer's own, who may be gone by that day. */
const knows = (reached: readonly ReachedUnit[], unitId: number | undefined) =>
  unitId === undefined || reached.some((one) => one.unitId === unitId);

interface Known {
  readonly series: readonly GridReading[];
  readonly draft?: Draft;
  readonly returned?: Returned;
}

function rowOf({ unit, indicator }: Pair, on: string, { series, draft, returned }: Known): GridRow {
  const standing = series.find(({ fromOn, toOn }) => fromOn === on && toOn === daysAfter(on, 1));
  const earlier = series.filter(({ fromOn }) => fromOn < on);
  const shown = draft ?? {
    numerator: text(standing?.numerator),
    denominator: text(standing?.denominator),
    value: standing?.value ?? '',
  };
  return {
    key: `${unit.unitId}.${indicator.code}`,
    unitId: unit.unitId,
    unit,
    indicator,
    yesterday: earlier[0],
    standing,
    ...shown,
    isDraft: draft !== undefined,
    returned: standing ? undefined : returned,
    jumps: (['numerator', 'denominator'] as const).flatMap((part) => jumpOf(earlier, part, shown[part])),
    expected: { numerator: range(earlier, 'numerator'), denominator: range(earlier, 'denominator') },
  };
}

const text = (figure: number | null | undefined) =>
  figure === null || figure === undefined ? '' : String(figure);

type PartOfCell = 'numerator' | 'denominator';

/** The newest readings come first. */
const recentOf = (earlier: readonly GridReading[], part: PartOfCell) =>
  earlier.slice(0, RECENT).flatMap((reading) => reading[part] ?? []);

/** `12-40`: a figure outside is remarked upon. */
function range(earlier: readonly GridReading[], part: PartOfCell): string | undefined {
  const jump = jumpFrom(recentOf(earlier, part), Number.MAX_SAFE_INTEGER);
  return jump && `${jump.from}-${jump.to}`;
}

/** What the page says beside a figure without a script, too. */
function jumpOf(earlier: readonly GridReading[], part: PartOfCell, typed: string): string[] {
  const figure = typed.replace(/[.,\s]/g, '');
  const jump = /^\d+$/.test(figure) ? jumpFrom(recentOf(earlier, part), Number(figure)) : undefined;
  return jump ? [`${jump.from}-${jump.to}`] : [];
}
