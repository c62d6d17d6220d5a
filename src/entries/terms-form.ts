import type { Terms } from '../rules/eligibility/terms.js';
import { posted, postedList, wholeNumber } from '../platform/http/form.js';

/** Codes that the catalogue of messages has a name for: what the editor says beside the lists. */
export const NAMED_CODES = [
  { field: 'channel', codes: ['dvcqg', 'dvc-bac-giang', 'quay'] },
  { field: 'method', codes: ['qr', 'transfer', 'card', 'wallet'] },
] as const;

export const FACTOR_FIELDS = ['channel', 'method', 'procedure', 'unit'] as const;
const SPARE_ROWS = 2;

/** A row of the form that says by what codes are multiplied. */
export interface FactorRow {
  readonly field: string;
  readonly value: string;
  readonly times: string;
}

/** Rows for what there is, and some to fill in. */
function withSpare(rows: readonly FactorRow[]): FactorRow[] {
  const spare = { field: 'channel', value: '', times: '' };
  return [...rows, ...Array.from({ length: SPARE_ROWS }, () => spare)];
}

/** What was typed, to be shown again. */
export const formAgain = (body: unknown) => ({
  ...(body as Record<string, unknown>),
  factorRows: withSpare(factorRowsIn(body)),
});

/** The field of the form in which a part of the terms is typed: `caps.day` is typed in `capDay`. */
export const fieldOf = (part: string) =>
  part.replace(/^entries\./, '').replace(/^caps\.(.)/, (_, first: string) => `cap${first.toUpperCase()}`);

/** Terms as they stand in a form: every field a text. */
export function formOf(terms: Terms): Record<string, string | FactorRow[]> {
  const list = (values: readonly string[] | null) => values?.join('\n') ?? '';
  const count = (value: number | null) => (value === null ? '' : String(value));
  return {
    opensOn: terms.opensOn,
    closesOn: terms.closesOn,
    minimumAmount: String(terms.minimumAmount),
    channels: list(terms.channels),
    methods: list(terms.methods),
    procedures: list(terms.procedures),
    units: list(terms.units),
    payerKinds: terms.payerKinds?.length === 1 ? terms.payerKinds[0]! : '',
    rule: terms.entries.rule,
    step: count(terms.entries.step),
    factorRows: withSpare(
      terms.entries.factors.map((factor) => ({ ...factor, times: String(factor.times) })),
    ),
    capPayment: count(terms.caps.payment),
    capDay: count(terms.caps.day),
    capPeriod: count(terms.caps.period),
    capProgramme: count(terms.caps.programme),
    cutoffBy: terms.cutoffBy,
    settledOnly: terms.settledOnly ? 'yes' : '',
    carryOver: terms.carryOver ? 'yes' : '',
  };
}

/** Terms out of a posted form; what is no number becomes NaN, which the rules refuse by name. */
export function termsFrom(body: unknown): Terms {
  const text = (name: string) => posted(body, name);
  const list = (name: string) => {
    const values = text(name)
      .split(/[\n,;]/)
      .map((value) => value.trim())
      .filter(Boolean);
    return values.length === 0 ? null : [...new Set(values)];
  };
  const count = (name: string) => (text(name) === '' ? null : wholeNumber(text(name)));
  const kind = text('payerKinds');
  return {
    opensOn: text('opensOn'),
    closesOn: text('closesOn'),
    minimumAmount: wholeNumber(text('minimumAmount') || '0'),
    channels: list('channels'),
    methods: list('methods'),
    procedures: list('procedures'),
    units: list('units'),
    payerKinds: kind === 'person' || kind === 'business' ? [kind] : null,
    settledOnly: postedList(body, 'settledOnly').length > 0,
    entries: {
      rule: text('rule') === 'step' ? 'step' : 'one',
      step: count('step'),
      factors: factorsFrom(factorRowsIn(body)),
    },
    caps: {
      payment: count('capPayment'),
      day: count('capDay'),
      period: count('capPeriod'),
      programme: count('capProgramme'),
    },
    cutoffBy: text('cutoffBy') === 'recorded' ? 'recorded' : 'paid',
    carryOver: postedList(body, 'carryOver').length > 0,
  };
}

/** The rows that say something. */
function factorRowsIn(body: unknown): FactorRow[] {
  const [fields, values, times] = ['factorField', 'factorValue', 'factorTimes'].map((name) =>
    postedList(body, name).map((text) => text.trim()),
  );
  return (values ?? [])
    .map((value, row) => ({ field: fields?.[row] ?? '', value, times: times?.[row] ?? '' }))
    .filter((row) => row.value !== '' || row.times !== '');
}

/** What is no number becomes NaN, which the rules refuse by name. */
function factorsFrom(rows: readonly FactorRow[]): Terms['entries']['factors'] {
  return rows.map(({ field, value, times }) => ({
    field: FACTOR_FIELDS.find((one) => one === field) ?? 'channel',
    value,
    times: value === '' ? Number.NaN : wholeNumber(times),
  }));
}
