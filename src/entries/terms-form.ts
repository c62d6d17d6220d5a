import type { Terms } from '../rules/eligibility/terms.js';
import { posted, postedList, wholeNumber } from '../platform/http/form.js';

/** Codes that the catalogue of messages has a name for: what the editor says beside the lists. */
export const NAMED_CODES = [
  { field: 'channel', codes: ['dvcqg', 'dvc-bac-giang', 'quay'] },
  { field: 'method', codes: ['qr', 'transfer', 'card', 'wallet'] },
] as const;

/** Terms as they stand in a form: every field a text. */
export function formOf(terms: Terms): Record<string, string> {
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
    factors: terms.entries.factors.map(({ field, value, times }) => `${field} ${value} ${times}`).join('\n'),
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
      factors: factorsFrom(text('factors')),
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

const FIELDS = ['channel', 'method', 'procedure', 'unit'] as const;

/** One factor per line: `channel VNPAY 2`. */
function factorsFrom(text: string): Terms['entries']['factors'] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [field = '', value = '', times = ''] = line.split(/\s+/);
      return {
        field: FIELDS.find((one) => one === field) ?? 'channel',
        value,
        times: FIELDS.some((one) => one === field) ? wholeNumber(times) : Number.NaN,
      };
    });
}
