import { Chance } from './chance.js';
import { dayNumber, DAYS, dayText, type GeneratedReading, REPORT_WINDOWS } from './drive-days.js';
import { unitsOfDrive } from './units.js';

/**
 * Services with an online dossier: counted anew for each window and level, never added up. The counts of a level print the
 * report's figures: 1.494/1.581 = 94,5 %, 591/715 = 82,66 % and so on. Each office also counts from
 * the first day to every day, which is what a board of that day needs.
 */
interface Level {
  readonly indicator: string;
  readonly level: 'department' | 'district';
  readonly services: number;
  /** With a dossier within the windows of the report. */
  readonly windows: { readonly first: number; readonly second: number; readonly third: number };
  /** With a dossier since the first day, on later days. */
  readonly since: readonly (readonly [day: string, count: number])[];
}

const LEVELS: readonly Level[] = [
  {
    indicator: 'dich-vu-cap-tinh',
    level: 'department',
    services: 1581,
    windows: { first: 1494, second: 1511, third: 1551 },
    since: [
      ['2022-06-22', 1523],
      ['2022-07-01', 1556],
      ['2022-07-31', 1568],
      ['2022-08-31', 1574],
    ],
  },
  {
    indicator: 'dich-vu-cap-huyen',
    level: 'district',
    services: 715,
    windows: { first: 591, second: 599, third: 597 },
    since: [
      ['2022-06-22', 618],
      ['2022-07-01', 634],
      ['2022-07-31', 661],
      ['2022-08-31', 684],
    ],
  },
];

const PROVINCE = '70';

export const serviceReadings = (): GeneratedReading[] => LEVELS.flatMap(readingsOfLevel);

function readingsOfLevel(level: Level): GeneratedReading[] {
  const chance = new Chance(level.indicator);
  const units = unitsOfDrive(level.level);
  const even = level.level === 'district';
  const services = shared(
    level.services,
    units.map(() => (even ? 1 : chance.between(0.4, 2))),
    units.map(() => level.services),
  );
  const eager = units.map(() => chance.between(0.8, 1.25));
  const since = countsSince(level, services, eager);
  const reading = (unit: string, from: string, last: string, numerator: number, denominator: number) => ({
    unit,
    indicator: level.indicator,
    from,
    last,
    numerator,
    denominator,
  });
  const readings = units.flatMap(({ code }, at) =>
    since.map((counts, day) => reading(code, dayText(0), dayText(day), counts[at] ?? 0, services[at] ?? 0)),
  );
  for (const [day, counts] of since.entries())
    readings.push(reading(PROVINCE, dayText(0), dayText(day), sum(counts), level.services));
  const { second, third } = REPORT_WINDOWS;
  for (const [window, total] of [
    [second, level.windows.second],
    [third, level.windows.third],
  ] as const) {
    const atMost = since[dayNumber(window.last)] ?? [];
    const counts = shared(total, atMost, atMost);
    for (const [at, { code }] of units.entries())
      readings.push(reading(code, window.from, window.last, counts[at] ?? 0, services[at] ?? 0));
    readings.push(reading(PROVINCE, window.from, window.last, total, level.services));
  }
  return readings;
}

/** For each day, how many services of each unit had a dossier since the first; it never falls. */
function countsSince(level: Level, services: readonly number[], eager: readonly number[]): number[][] {
  const days: number[][] = [];
  const firstEnd = dayNumber(REPORT_WINDOWS.first.last);
  let counts = shared(
    level.windows.first,
    services.map((count, at) => count * (eager[at] ?? 1)),
    services,
  );
  for (let day = 0; day <= firstEnd; day++)
    days.push(counts.map((count) => Math.floor(count * Math.sqrt(Math.sqrt((day + 1) / (firstEnd + 1))))));
  for (const [last, total] of level.since) {
    const [began, from, until] = [counts, days.length - 1, dayNumber(last)];
    const room = services.map((count, at) => count - (began[at] ?? 0));
    const gains = shared(total - sum(began), room, room);
    for (let day = from + 1; day <= until; day++)
      days.push(
        began.map((count, at) => count + Math.floor(((gains[at] ?? 0) * (day - from)) / (until - from))),
      );
    counts = began.map((count, at) => count + (gains[at] ?? 0));
  }
  if (days.length !== DAYS) throw new RangeError(`the counts end on day ${days.length} of ${DAYS}`);
  return days;
}

/** Gives out a total one by one, each to whom it is most due by weight, nobody more than allowed. */
export function shared(total: number, weights: readonly number[], atMost: readonly number[]): number[] {
  const given = weights.map(() => 0);
  for (let each = 0; each < total; each++) {
    let best = -1;
    let due = -1;
    for (let at = 0; at < given.length; at++) {
      const count = given[at] ?? 0;
      const claim = (weights[at] ?? 0) / (count + 1);
      if (count < (atMost[at] ?? 0) && claim > due) [best, due] = [at, claim];
    }
    if (best < 0) throw new RangeError(`${total} do not fit`);
    given[best] = (given[best] ?? 0) + 1;
  }
  return given;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
