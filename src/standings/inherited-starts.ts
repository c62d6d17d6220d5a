import { fraction, lowest, MILLION, pooled, type Fraction } from '../rules/scoring/fraction.js';
import { cellKey } from './contest.js';
import { valueOf } from './contest-indicator.js';
import type { IndicatorRow, StartRow } from './contest.queries.js';
import { isCarried, sourcesByUnit, type Passage } from './passage.js';

export interface Starts {
  readonly baselines: Map<string, Fraction>;
  readonly targets: Map<string, Fraction>;
}

/** Own baselines and targets; who carries others on begins at the sum of their figures. */
export function startsOf(indicators: readonly IndicatorRow[], passages: readonly Passage[]): Starts {
  const starts: Starts = { baselines: new Map(), targets: new Map() };
  for (const indicator of indicators)
    for (const start of indicator.starts) {
      const key = cellKey(start.unit_id, indicator.code);
      const baseline = baselineOf(indicator, start);
      if (baseline) starts.baselines.set(key, baseline);
      if (start.target !== null) starts.targets.set(key, valueOf(indicator, start.target));
    }
  for (const [unit, all] of sourcesByUnit(passages)) {
    const sources = all.filter(isCarried);
    if (sources.length > 0) for (const indicator of indicators) inherit(starts, indicator, unit, sources);
  }
  return starts;
}

const baselineOf = (indicator: IndicatorRow, start: StartRow): Fraction | null =>
  start.denominator !== null && start.numerator !== null
    ? fraction(start.numerator, start.denominator)
    : start.baseline === null
      ? null
      : valueOf(indicator, start.baseline);

function inherit(
  { baselines, targets }: Starts,
  indicator: IndicatorRow,
  unit: number,
  sources: readonly Passage[],
): void {
  const key = cellKey(unit, indicator.code);
  const rows = sources.flatMap((source) => {
    const start = indicator.starts.find(({ unit_id: id }) => id === source.unitId);
    return start ? [{ start, share: source.kin.find(({ unitId }) => unitId === unit)?.share ?? '1' }] : [];
  });
  const own = indicator.starts.find(({ unit_id: id }) => id === unit);
  const counted = rows.flatMap(({ start, share }) => partOf(start, share));
  if (counted.length > 0 && counted.length === rows.length)
    baselines.set(key, together([...(own ? partOf(own, '1') : []), ...counted]));
  // A rate without its counts is carried on by whoever carries nothing else.
  else if (!own && rows.length === 1 && sources.length === 1) {
    const rate = baselineOf(indicator, rows[0]!.start);
    if (rate) baselines.set(key, rate);
  }
  const wanted = new Set(rows.map(({ start }) => start.target));
  const [target] = wanted;
  if (!own?.target && wanted.size === 1 && target && rows.length === sources.length)
    targets.set(key, valueOf(indicator, target));
}

interface Part {
  readonly counts: Fraction;
  /** In millionths. */
  readonly share: number;
}

/** The counts of a start, and how much of them is meant. */
const partOf = ({ numerator, denominator }: StartRow, share: string): Part[] =>
  numerator === null || denominator === null
    ? []
    : [{ counts: fraction(numerator, denominator), share: Math.round(Number(share) * MILLION) }];

function together(parts: readonly Part[]): Fraction {
  if (parts.every(({ share }) => share === MILLION)) return pooled(parts.map(({ counts }) => counts));
  const scaled = parts.map(({ counts, share }) =>
    fraction(counts.numerator * share, counts.denominator * share),
  );
  return lowest(pooled(scaled));
}
