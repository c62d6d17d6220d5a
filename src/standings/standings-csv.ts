import type { StandingsDocument } from './standings-document.js';

const HEAD = [
  'group',
  'place',
  'unit_code',
  'unit',
  'score',
  'band',
  'progress_place',
  'progress_score',
  'not_ranked',
  'indicator',
  'state',
  'policy',
  'numerator',
  'denominator',
  'rate',
  'points',
  'weight',
];

/** One line per unit and indicator, with a byte order mark so that spreadsheets read the names. */
export function standingsCsv(document: StandingsDocument): string {
  const lines = document.groups.flatMap(({ code, units }) =>
    units.flatMap((unit) => {
      const own = [
        code,
        unit.place,
        unit.code,
        unit.name,
        unit.score,
        unit.band,
        unit.progress.place,
        unit.progress.score,
        unit.unranked,
      ];
      return unit.cells.map((cell) => [
        ...own,
        cell.indicator,
        cell.state,
        cell.policy,
        cell.numerator,
        cell.denominator,
        cell.rate,
        cell.points,
        cell.weight,
      ]);
    }),
  );
  return csvOf([HEAD, ...lines]);
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is made text. */
export const csvOf = (lines: readonly (readonly (string | number | null)[])[]): string =>
  `\uFEFF${lines.map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`;

function quoted(value: string | number | null): string {
  if (value === null || typeof value === 'number') return String(value ?? '');
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
