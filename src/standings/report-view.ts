import { decimalOf, percentOf } from '../rules/scoring/decimal.js';
import { rateText } from '../rules/scoring/explanation.js';
import type { Fraction } from '../rules/scoring/fraction.js';
import type { GroupStandings, Row } from '../rules/scoring/standings.js';
import { trendOf } from '../rules/scoring/trend.js';
import { decimal, named, tableOf, worded, type Table } from '../platform/tables/table.js';
import { cellOf } from './board-view.js';
import { bandNamed } from './board.pages.js';
import { changesSince, type Change, type LastPublished } from './published-places.js';
import type { Sight } from './sight.service.js';

/** How many of a large group are named at either end; the board has them all. */
const ENDS = 10;
const ALL = 24;

/** One group as a report tells it: where it stands in each indicator, and its order. */
export function groupReport(sight: Sight, standings: GroupStandings, last: LastPublished | null) {
  const { cut, day } = sight;
  const group = cut.contest.groups.find(({ code }) => code === standings.group);
  const changes = changesSince(last, sight, standings.group);
  const lines = standings.rows.map((row) => lineOf(sight, row, changes?.get(row.unit) ?? null));
  const cells = standings.rows.flatMap(({ unit, score }) =>
    score.parts.map((part) => cellOf(cut, unit, day, part)),
  );
  const large = lines.length > ALL;
  return {
    code: standings.group,
    nameVi: group?.nameVi,
    nameEn: group?.nameEn,
    units: lines.length,
    ranked: lines.filter(({ place }) => place !== null).length,
    comparable: changes !== null,
    indicators: indicatorLines(sight, standings, cells),
    missing: cells.filter(({ state }) => state === 'missing').length,
    all: lines,
    lines: large ? lines.slice(0, ENDS) : lines,
    lastLines: large ? lines.slice(-ENDS) : [],
    between: large ? lines.length - 2 * ENDS : 0,
  };
}

type Cell = ReturnType<typeof cellOf>;

function indicatorLines({ cut }: Sight, { group, totals }: GroupStandings, cells: readonly Cell[]) {
  const weights = cut.contest.plan.groups.find(({ code }) => code === group)?.weights ?? {};
  return cut.contest.indicators
    .filter(({ code }) => (weights[code] ?? 0) > 0)
    .map(({ code, nameVi, nameEn, rule, baseline }) => {
      const own = cells.filter((cell) => cell.indicator === code);
      const share = rule.measure === 'share';
      const total = totals[code];
      const now = share && total && total.denominator > 0 ? percentOf(total, rule.decimals) : null;
      const before =
        share && baseline && baseline.denominator > 0 ? percentOf(baseline, rule.decimals) : null;
      return {
        code,
        nameVi,
        nameEn,
        share,
        total: now === null ? null : (total as Fraction),
        now,
        before,
        trend: now !== null && before !== null ? trendOf(before, now) : null,
        target: rule.target && rateText(rule, rule.target.value),
        operator: rule.target?.operator ?? null,
        met: own.filter(({ look }) => look === 'good').length,
        of: own.length,
      };
    });
}

function lineOf(
  sight: Sight,
  { unit, score, place, progressPlace, band, targetsMet }: Row,
  change: Change | null,
) {
  const { cut } = sight;
  return {
    code: cut.contest.units.get(unit)?.code ?? '',
    name: cut.contest.units.get(unit)?.name ?? '',
    place: place.rank,
    shared: place.shared,
    score: decimalOf(score.published, cut.contest.plan.decimals),
    band: bandNamed(sight, band),
    progressPlace: progressPlace.rank,
    targetsMet,
    unranked: score.unranked,
    change,
  };
}

/** All groups as a report tells them. */
export const groupReports = (sight: Sight, last: LastPublished | null) =>
  sight.cut
    .standings(sight.day)
    .filter(({ rows }) => rows.length > 0)
    .map((standings) => groupReport(sight, standings, last));

type GroupReport = ReturnType<typeof groupReport>;
const nameOf = (what: string, { cut, on }: Sight) => `report-${what}-${cut.contest.slug}-${on}`;

/** The report's first table: every indicator of every group against its baseline and its target. */
export const reportIndicators = (sight: Sight, groups: readonly GroupReport[]): Table =>
  tableOf(
    nameOf('indicators', sight),
    groups.flatMap((group) => group.indicators.map((one) => ({ ...one, group }))),
    {
      group: (one) => named(one.group),
      indicator: (one) => named(one),
      baseline: (one) => decimal(one.before),
      figure: (one) => decimal(one.now),
      numerator: (one) => one.total?.numerator,
      denominator: (one) => one.total?.denominator,
      trend: (one) => worded(one.trend?.direction, 'standings.report.trends'),
      trend_points: (one) => decimal(one.trend?.points),
      operator: (one) => one.operator,
      target: (one) => decimal(one.target),
      units_at_target: (one) => one.met,
      units: (one) => one.of,
    },
  );

/** The report's second table: the order of every group, nobody left out. */
export const reportOrder = (sight: Sight, groups: readonly GroupReport[]): Table =>
  tableOf(
    nameOf('order', sight),
    groups.flatMap((group) => group.all.map((line) => ({ ...line, group }))),
    {
      group: (line) => named(line.group),
      place: (line) => line.place,
      unit_code: (line) => line.code,
      unit: (line) => line.name,
      score: (line) => decimal(line.score),
      band: (line) => named(line.band),
      targets_met: (line) => line.targetsMet,
      progress_place: (line) => line.progressPlace,
      place_change: (line) => (line.change?.direction === 'new' ? null : line.change?.places),
      not_ranked: (line) => worded(line.unranked, 'standings.unranked'),
    },
  );
