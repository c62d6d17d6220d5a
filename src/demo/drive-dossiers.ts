import { Chance } from './chance.js';
import { DAYS, dayNumber, dayText, type GeneratedReading, REPORT_WINDOWS, weekday } from './drive-days.js';
import { type ListedUnit, unitsOfDrive } from './units.js';

/** A figure of one unit and day, still being made. */
interface Cell {
  readonly unit: string;
  readonly day: number;
  numerator: number;
  readonly denominator: number;
}

/** What the report printed for the dossiers handled online, in hundredths of a percent. */
const PRINTED = { firstAndSecond: 9169, third: 9659 } as const;

/** Share of the dossiers handled online, in the middle of the field, by day. */
const ONLINE: Path = [
  [0, 0.885],
  [15, 0.918],
  [20, 0.935],
  [21, 0.955],
  [30, 0.972],
  [60, 0.974],
  [91, 0.982],
];
const DIGITISED: Path = [
  [0, 0.3],
  [30, 0.6],
  [60, 0.82],
  [91, 0.95],
];
const ON_TIME: Path = [
  [0, 0.955],
  [40, 0.978],
  [91, 0.992],
];
const PAID: Path = [
  [0, 0.09],
  [45, 0.24],
  [91, 0.47],
];
/** Dossiers of a day against those of a working day; Sunday first. */
const WEEK = [0.06, 1.25, 1.1, 1, 1, 0.95, 0.2];

type Path = readonly (readonly [day: number, share: number])[];

interface Office {
  readonly unit: ListedUnit;
  /** Dossiers of a working day. */
  readonly volume: number;
  /** How far ahead of the field, or behind it, in shares; it fades as the drive goes on. */
  readonly leads: Readonly<Record<'online' | 'digitised' | 'onTime' | 'paid', number>>;
  /** Share of the dossiers that cost a fee; departments without such procedures have none. */
  readonly withFee: number;
}

/** Offices whose procedures cost nothing: the case the delegates complained about. */
export const WITHOUT_FEES = ['70-SNV', '70-BDT', '70-STTTT'];

export function dossierReadings(): GeneratedReading[] {
  const offices = officesOf(new Chance('offices'));
  const chance = new Chance('dossiers');
  const received = offices.map((office) => receivedBy(office, chance));
  const online = offices.flatMap((office, at) => cellsOf(office, 'online', received[at] ?? [], chance));
  steer(online, dayNumber(REPORT_WINDOWS.firstAndSecond.last), PRINTED.firstAndSecond, -Infinity);
  steer(online, dayNumber(REPORT_WINDOWS.third.last), PRINTED.third, dayNumber(REPORT_WINDOWS.third.from));
  const resolved = received.map((days) => days.map((_, day) => days[Math.max(0, day - 3)] ?? 0));
  const paying = offices.map(({ withFee }, at) =>
    (received[at] ?? []).map((cases) => chance.of(cases, withFee)),
  );
  const digitised = offices.flatMap((office, at) => cellsOf(office, 'digitised', resolved[at] ?? [], chance));
  const onTime = offices.flatMap((office, at) => cellsOf(office, 'onTime', resolved[at] ?? [], chance));
  const paid = offices
    .map((office, at) => cellsOf(office, 'paid', paying[at] ?? [], chance))
    .filter((_, at) => !WITHOUT_FEES.includes(offices[at]?.unit.code ?? ''))
    .flat();
  return [
    ...readings('ho-so-truc-tuyen', online),
    ...readings('so-hoa-ho-so', digitised),
    ...readings('giai-quyet-dung-han', onTime),
    ...readings('thanh-toan-truc-tuyen', paid),
  ];
}

function officesOf(chance: Chance): Office[] {
  const range = { department: [6, 60], district: [35, 95], commune: [4, 20] } as const;
  const districts = new Map<string, Office['leads']>();
  return (['department', 'district', 'commune'] as const).flatMap((level) =>
    unitsOfDrive(level).map((unit) => {
      const leads = leadsOf(chance, districts.get(unit.parent));
      if (level === 'district') districts.set(unit.code, leads);
      const withFee = WITHOUT_FEES.includes(unit.code)
        ? 0
        : chance.between(0.04, level === 'commune' ? 0.35 : 0.6);
      return { unit, volume: chance.between(range[level][0], range[level][1]), leads, withFee };
    }),
  );
}

/** A commune is much like its district, and somewhat like itself. */
function leadsOf(chance: Chance, district?: Office['leads']): Office['leads'] {
  const lead = (least: number, most: number, above?: number) => {
    const own = chance.between(least, most);
    return above === undefined ? own : 0.75 * above + 0.5 * own;
  };
  return {
    online: lead(-0.1, 0.045, district?.online),
    digitised: lead(-0.3, 0.14, district?.digitised),
    onTime: lead(-0.14, 0.02, district?.onTime),
    paid: lead(-0.16, 0.14, district?.paid),
  };
}

const receivedBy = ({ volume }: Office, chance: Chance): number[] =>
  Array.from({ length: DAYS }, (_, day) => chance.countAround(volume * (WEEK[weekday(day)] ?? 0)));

const PATHS = { online: ONLINE, digitised: DIGITISED, onTime: ON_TIME, paid: PAID };

function cellsOf(office: Office, path: keyof typeof PATHS, cases: readonly number[], chance: Chance): Cell[] {
  return cases.map((denominator, day) => {
    const share = shareOn(PATHS[path], day) + office.leads[path] * (1 - day / 120);
    const numerator = chance.of(denominator, Math.min(0.999, Math.max(0.02, share)));
    return { unit: office.unit.code, day, numerator, denominator };
  });
}

function shareOn(path: Path, day: number): number {
  const after = path.findIndex(([at]) => at >= day);
  const [from, began] = path[Math.max(0, after - 1)] ?? [0, 0];
  const [until, ends] = path[after] ?? [0, 0];
  return until === from ? ends : began + ((ends - began) * (day - from)) / (until - from);
}

/**
 * Moves numerators by ones until the sum of the window that ends on `last` prints the figure of the report. The day that
 * two windows share counts in both and is never moved: `begins` is that day, or nothing for the first window.
 */
function steer(cells: Cell[], last: number, printed: number, begins: number): void {
  const shared = Number.isFinite(begins) ? begins : last;
  const window = cells.filter(({ day }) => day >= begins && day <= last);
  const movable = window.filter(({ day }) => day !== shared);
  let missing = numeratorFor(window, printed) - window.reduce((sum, { numerator }) => sum + numerator, 0);
  while (missing !== 0) {
    const step = Math.sign(missing);
    const before = missing;
    for (const cell of movable) {
      const next = cell.numerator + step;
      if (missing === 0) break;
      if (cell.denominator < 8 || next < cell.denominator / 2 || next > cell.denominator) continue;
      cell.numerator = next;
      missing -= step;
    }
    if (missing === before) throw new RangeError(`the figures cannot be made to print ${printed}`);
  }
}

/** The whole numerator whose exact share of the cases, rounded half-up to hundredths of a percent, is the printed one. */
function numeratorFor(cells: readonly Cell[], printed: number): number {
  const cases = BigInt(cells.reduce((sum, { denominator }) => sum + denominator, 0));
  const numerator = (BigInt(printed) * cases + 5_000n) / 10_000n;
  if ((2n * numerator * 10_000n + cases) / (2n * cases) !== BigInt(printed))
    throw new RangeError(`${cases} cases are too few to print ${printed}`);
  return Number(numerator);
}

/** Communes that sent nothing for some days of August: the board must show it, and nothing is made up for them. */
const SILENT: Readonly<Record<string, readonly [from: number, until: number]>> = {
  '25228': [70, 75],
  '25342': [78, 92],
  '25405': [84, 86],
};

const isSilent = ({ unit, day }: Cell) => {
  const [from, until] = SILENT[unit] ?? [DAYS, DAYS];
  return day >= from && day < until;
};

function readings(indicator: string, cells: readonly Cell[]): GeneratedReading[] {
  return cells
    .filter((cell) => !isSilent(cell))
    .map(({ unit, day, numerator, denominator }) => {
      const text = dayText(day);
      return { unit, indicator, from: text, last: text, numerator, denominator };
    });
}
