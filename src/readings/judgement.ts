import type { IndicatorVersion } from '../indicators/indicators.queries.js';
import { cellKey, type Cell, type Note } from './cell.js';
import { compared, type Compared } from './comparison.js';
import type { Delivery } from './delivery.js';
import type { Inheritance } from './inheritance.queries.js';
import type { StoredReading } from './readings.queries.js';
import { increments, seriesFaults, withoutTwins } from './series.js';

export interface Against {
  readonly stored: readonly StoredReading[];
  /** What new units carry on from those merged into them. */
  readonly inherited: Inheritance;
  readonly indicators: readonly IndicatorVersion[];
  /** The campaign's first day. */
  readonly startsOn: string;
  readonly delivery: Pick<Delivery, 'cumulative' | 'reason'>;
  readonly note: Note;
}

/** Judges cells that can be read each by itself: against one another, against their series, against what stands. */
export function judged(
  cells: readonly Cell[],
  { stored, inherited, indicators, startsOn, delivery, note }: Against,
): Compared {
  const flows = new Set(indicators.filter(({ kind }) => kind === 'flow').map(({ id }) => id));
  const isTotal = ({ indicatorId }: Cell) => delivery.cumulative === true && flows.has(indicatorId);
  const before = [...stored, ...inherited.readings];
  const totals = cells.filter(isTotal).filter((cell) => {
    if (!inherited.unknown.has(cell.unitId)) return true;
    note(cell.row, 'numerator', 'total-after-split', cell.numerator, '');
    return false;
  });
  const flowsBefore = before.filter(({ indicatorId }) => flows.has(indicatorId));
  const steps = increments(totals, flowsBefore, startsOn, note);
  const once = withoutTwins([...cells.filter((cell) => !isTotal(cell)), ...steps], cellKey, note);
  seriesFaults(once, before, new Map(indicators.map((one) => [one.id, one])), note);
  return compared(once, stored, delivery.reason, note);
}
