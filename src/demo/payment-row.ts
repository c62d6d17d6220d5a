import type { Field } from '../payments/reading/profile.js';
import type { Chance } from './chance.js';
import type { Payer } from './people.js';

/** A row of the portal's file; every cell is text, as in the file. */
export type PaymentRow = Readonly<Record<Field, string>>;

/** Where the citizen paid: the national portal, the province's portal, or (not part of the promotion) at the counter. */
export const CHANNELS = { national: 'dvcqg', province: 'dvc-bac-giang', counter: 'quay' } as const;

const FEES = [
  8_000, 15_000, 20_000, 30_000, 50_000, 50_000, 75_000, 100_000, 150_000, 250_000, 500_000, 1_200_000,
];
const PROCEDURES = Array.from({ length: 25 }, (_, at) => `9.${String(100_001 + at * 37)}`);
const METHODS = ['qr', 'transfer', 'card', 'wallet'];

export interface Moment {
  /** Local day and time, `2022-08-01T09:30:00`. */
  readonly text: string;
  readonly number: number;
}

/** A payment as the portal writes it down; `number` counts them through the programme. */
export function payment(chance: Chance, payer: Payer, unit: string, { text, number }: Moment): PaymentRow {
  const serial = String(number).padStart(7, '0');
  const share = chance.next();
  const dossier = `H02.${unit.slice(0, 3)}-${text.slice(2, 10).replaceAll('-', '')}-${String(number % 10_000).padStart(4, '0')}`;
  return {
    source_ref: `DVC${serial}`,
    dossier_code: dossier,
    procedure_code: chance.pick(PROCEDURES),
    unit_code: unit,
    national_id: payer.nationalId,
    tax_code: payer.taxCode,
    full_name: payer.name,
    phone: payer.phone,
    amount: String(chance.pick(FEES)),
    paid_at: `${text}+07:00`,
    channel: share < 0.03 ? CHANNELS.counter : share < 0.6 ? CHANNELS.national : CHANNELS.province,
    method: chance.pick(METHODS),
    bank_ref: `FT${text.slice(2, 4)}${serial}`,
    status: chance.happens(0.985) ? 'settled' : chance.pick(['pending', 'failed']),
    reverses: '',
  };
}

/** The bank gave the money back, a day or more later. */
export const reversal = (of: PaymentRow, text: string): PaymentRow => ({
  ...of,
  source_ref: `${of.source_ref}-H`,
  bank_ref: `${of.bank_ref}-H`,
  amount: `-${of.amount}`,
  paid_at: `${text}+07:00`,
  status: 'settled',
  reverses: of.source_ref,
});

/** What goes wrong in real files, one thing in each; every row that comes out of these must end in quarantine. */
export const MISHAPS: readonly ((row: PaymentRow) => PaymentRow)[] = [
  (row) => ({ ...row, source_ref: '' }),
  (row) => ({ ...row, national_id: row.national_id.slice(0, 11), tax_code: '' }),
  (row) => ({ ...row, national_id: '', tax_code: '9912345678' }),
  (row) => ({ ...row, national_id: '', tax_code: '', phone: '' }),
  (row) => ({ ...row, phone: `${row.phone}77` }),
  (row) => ({ ...row, amount: 'năm mươi nghìn' }),
  (row) => ({ ...row, amount: '0' }),
  (row) => ({ ...row, amount: '' }),
  (row) => ({ ...row, paid_at: row.paid_at.replace(/^(\d{4})-\d\d/, '$1-13') }),
  (row) => ({ ...row, paid_at: '44805,5' }),
  (row) => ({ ...row, paid_at: row.paid_at.replace(/^\d{4}/, '2092') }),
  (row) => ({ ...row, status: 'unknown' }),
];
