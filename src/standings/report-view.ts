import { decimalOf, percentOf } from '../rules/scoring/decimal.js';
import { rateText } from '../rules/scoring/explanation.js';
import type { Fraction } from '../rules/scoring/fraction.js';
import type { GroupStandings, Row } from '../rules/scoring/standings.js';
import { trendOf } from '../rules/scoring/trend.js';
import { cellOf } from './board-view.js';
import { bandNamed } from './board.pages.js';
import { changesSince, type LastPublished } from './published-places.js';
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
    nameVi: group?.nameVi,
    nameEn: group?.nameEn,
    units: lines.length,
    ranked: lines.filter(({ place }) => place !== null).length,
    comparable: changes !== null,
    indicators: indicatorLines(sight, standings, cells),
    missing: cells.filter(({ state }) => state === 'missing').length,
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

function lineOf(sight: Sight, { unit, score, place, progressPlace, band, targetsMet }: Row, change: unknown) {
  const { cut } = sight;
  return {
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
