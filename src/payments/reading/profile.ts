/** Our names for what a file may tell about a payment, in the order in which rows are handled. */
export const FIELDS = [
  'source_ref',
  'dossier_code',
  'procedure_code',
  'unit_code',
  'national_id',
  'tax_code',
  'full_name',
  'phone',
  'amount',
  'paid_at',
  'channel',
  'method',
  'bank_ref',
  'status',
  'reverses',
] as const;

export type Field = (typeof FIELDS)[number];

/** The place of each field in that order. */
export const PLACE = Object.fromEntries(FIELDS.map((field, place) => [field, place])) as Record<
  Field,
  number
>;

/** How files of one sender are read; rows of `import_profile`. */
export interface Profile {
  readonly kind: 'feed' | 'statement';
  readonly numbers: 'plain' | 'vi' | 'en';
  readonly dates: 'iso' | 'dmy';
  readonly columns: Readonly<Partial<Record<Field | 'debit' | 'description', readonly string[]>>>;
  /** Statements only: words that begin the lines after the last payment. */
  readonly end?: readonly string[];
  /** Statements only: where in the description our fields stand; the first group counts. */
  readonly extract?: Readonly<Partial<Record<Field, string>>>;
  readonly channel?: string;
  readonly method?: string;
}

/** A header or word without accents, case and punctuation: `Số tiền ghi có (VND)` is `so tien ghi co vnd`. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}
