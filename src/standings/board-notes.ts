import { addDays, numberOfDay } from '../rules/calendar/day.js';
import type { Cut } from './cut.js';

/** Why a unit has no figure that counts, or no place: by whose decision, since when. */
export interface BoardNote {
  readonly kind: 'left' | 'exempt';
  readonly unit: number;
  readonly name: string;
  readonly href: string;
  readonly indicatorVi: string | null;
  readonly indicatorEn: string | null;
  /** The last day it took part; the day it was exempted. */
  readonly on: string | null;
  readonly decisionRef: string | null;
  readonly reason: string | null;
}

/** What was decided about units of a group, or about one unit, by a day of the campaign. */
export function notesOf(cut: Cut, day: number, who: { group?: string; unit?: number }): BoardNote[] {
  const { units, departures, slug } = cut.contest;
  const wanted = (id: number) =>
    who.unit === undefined ? units.get(id)?.group === who.group : id === who.unit;
  const left = [...departures].flatMap(([unit, one]): BoardNote[] =>
    wanted(unit) && numberOfDay(one.lastOn) < cut.contest.start + day
      ? [
          {
            ...one,
            kind: 'left',
            unit,
            name: units.get(unit)?.name ?? '',
            href: `/campaigns/${slug}/units/${unit}?on=${one.lastOn}`,
            indicatorVi: null,
            indicatorEn: null,
            on: one.lastOn,
          },
        ]
      : [],
  );
  return [...left, ...exempted(cut, wanted)];
}

function exempted({ contest }: Cut, wanted: (unit: number) => boolean): BoardNote[] {
  const { units, indicators, slug } = contest;
  return [...contest.exemptions].flatMap(([key, { reason, on }]) => {
    const at = key.indexOf(':');
    const [unit, code] = [Number(key.slice(0, at)), key.slice(at + 1)];
    const indicator = indicators.find((one) => one.code === code);
    if (!wanted(unit) || !indicator) return [];
    const name = units.get(unit)?.name ?? '';
    const href = `/campaigns/${slug}/units/${unit}`;
    const { nameVi: indicatorVi, nameEn: indicatorEn } = indicator;
    return [{ kind: 'exempt', unit, name, href, indicatorVi, indicatorEn, on, decisionRef: null, reason }];
  });
}

/** The last day a unit took part, where it left before this one. */
export const lastDayOf = ({ contest }: Cut, unit: number, day: number): string | null => {
  const left = contest.units.get(unit)?.left ?? null;
  return left !== null && left <= contest.start + day
    ? addDays(contest.startsOn, left - 1 - contest.start)
    : null;
};
