import { Chance } from './chance.js';
import { csv } from './csv.js';
import { business, type Payer, person } from './people.js';
import { FIELDS } from '../payments/reading/profile.js';
import { MISHAPS, payment, type PaymentRow, reversal } from './payment-row.js';
import { UNITS } from './units.js';

/** One month of payments as the portal would send it. Everything in it is invented. */
export interface PaymentFile {
  readonly name: string;
  /** When the office had it, an instant. */
  readonly receivedAt: string;
  readonly content: string;
  readonly rows: number;
  /** What the import must find in it. */
  readonly malformed: number;
  readonly duplicates: number;
  readonly conflicts: number;
}

/** Payments of a month, growing as the word spreads; July and April lie outside the programme. */
const MONTHS: readonly (readonly [month: string, payments: number])[] = [
  ['2022-08', 1500],
  ['2022-09', 2100],
  ['2022-10', 2500],
  ['2022-11', 2900],
  ['2022-12', 3100],
  ['2023-01', 2400],
  ['2023-02', 3300],
  ['2023-03', 4300],
];
/** Days before the first and after the last that the first and the last file tell of as well. */
const STRAY_DAYS = 4;

interface Drawer {
  readonly chance: Chance;
  readonly payers: readonly Payer[];
  readonly units: readonly string[];
  number: number;
  /** The payments of the month before: some are sent again, some are taken back. */
  previous: readonly PaymentRow[];
}

export function paymentFiles(): PaymentFile[] {
  const chance = new Chance('payments');
  const payers = Array.from({ length: 7_600 }, () =>
    chance.happens(0.04) ? business(chance) : person(chance),
  );
  const units = UNITS.filter(
    ({ code, level }) => /^\d+$/.test(code) && isBacGiang(code) && level !== 'province',
  );
  const drawer = { chance, payers, units: units.map(({ code }) => code), number: 0, previous: [] };
  return MONTHS.map(([month, count]) => fileOf(drawer, month, count));
}

const isBacGiang = (code: string) => /^(21[3-9]|22[0-3])$/.test(code) || code.startsWith('07');

function fileOf(drawer: Drawer, month: string, count: number): PaymentFile {
  const { chance, previous } = drawer;
  const payments = moments(chance, month, count).map((text) => {
    const payer = chance.pick(drawer.payers);
    return payment(chance, payer, chance.pick(drawer.units), { text, number: ++drawer.number });
  });
  const settled = payments.filter(({ status, amount }) => status === 'settled' && Number(amount) > 0);
  const taken = [...settled.filter(() => chance.happens(0.012)), ...late(drawer)];
  const returned = taken.map((row) => reversal(row, dayAfter(row)));
  const again = previous.filter(() => chance.happens(0.015));
  const twice = payments.filter(() => chance.happens(0.01));
  const conflicts = previous
    .filter((row) => !again.includes(row) && chance.happens(0.001))
    .map((row) => ({ ...row, amount: String(Number(row.amount) + 1_000) }));
  const malformed = MISHAPS.map((mishap, at) =>
    mishap({
      ...payment(chance, person(chance), drawer.units[at] ?? '213', momentAt(month, at)),
      source_ref: `DVC${month.replace('-', '')}X${at}`,
    }),
  );
  const rows = [...payments, ...returned, ...again, ...twice, ...conflicts, ...malformed];
  drawer.previous = payments;
  return {
    name: `dvc-bac-giang-${month}.csv`,
    receivedAt: receivedAt(month),
    content: csv(
      FIELDS,
      byMoment(rows).map((row) => FIELDS.map((column) => row[column])),
    ),
    rows: rows.length,
    malformed: malformed.length,
    duplicates: again.length + twice.length,
    conflicts: conflicts.length,
  };
}

/** Payments of the month before that are taken back only now: their codes were issued, and become void. */
const late = ({ chance, previous }: Drawer) =>
  previous.filter(({ status }) => status === 'settled' && chance.happens(0.002));

/** Instants of the month in their order; the first and the last month reach over the edges of the programme. */
function moments(chance: Chance, month: string, count: number): string[] {
  const first = Date.parse(`${month}-01T00:00:00Z`) - (month === '2022-08' ? STRAY_DAYS * DAY : 0);
  const until =
    Date.parse(`${monthAfter(month)}-01T00:00:00Z`) + (month === '2023-03' ? STRAY_DAYS * DAY : 0);
  const days = Math.round((until - first) / DAY);
  return Array.from({ length: count }, () => {
    const second = 7 * 3600 + chance.below(15 * 3600);
    return textAt(first + chance.below(days) * DAY + second * 1000);
  }).sort();
}

const DAY = 86_400_000;
const textAt = (local: number) => new Date(local).toISOString().slice(0, 19);

const momentAt = (month: string, at: number) => ({
  text: `${month}-${String(10 + at).padStart(2, '0')}T10:00:00`,
  number: 9_000_000 + at,
});

const dayAfter = ({ paid_at }: PaymentRow) => textAt(Date.parse(`${paid_at.slice(0, 19)}Z`) + DAY);

const monthAfter = (month: string) => textAt(Date.parse(`${month}-28T00:00:00Z`) + 5 * DAY).slice(0, 7);

/** The morning of the sixth of the next month, after the days that the last file still tells of. */
const receivedAt = (month: string) => `${monthAfter(month)}-06T01:30:00.000Z`;

const byMoment = (rows: readonly PaymentRow[]) =>
  rows.toSorted((a, b) => (a.paid_at < b.paid_at ? -1 : a.paid_at > b.paid_at ? 1 : 0));
