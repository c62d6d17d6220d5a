/** The terms of a promotion as its regulation (thể lệ) states them. A version is frozen when published. */
export interface Terms {
  /** First day, from 0h00 in Viet Nam: `2022-08-01`. */
  readonly opensOn: string;
  /** Last day, to the end of that day ("đến hết ngày"): `2023-03-31`. */
  readonly closesOn: string;
  /** Whole đồng that must remain after reversals. */
  readonly minimumAmount: number;
  /** Codes that qualify; `null` lets every one in. */
  readonly channels: readonly string[] | null;
  readonly methods: readonly string[] | null;
  readonly procedures: readonly string[] | null;
  readonly units: readonly string[] | null;
  readonly payerKinds: readonly PayerKind[] | null;
  readonly settledOnly: boolean;
  readonly entries: EntryRule;
  readonly caps: Caps;
  /** What decides the draw period: when the payment was made, or when the office recorded it. */
  readonly cutoffBy: 'paid' | 'recorded';
  /** Codes of earlier periods stand on the lists of later ones as well. */
  readonly carryOver: boolean;
}

/** The widest terms there are: one entry for each settled payment of the days, without a minimum or a cap. */
export const openTerms = (opensOn: string, closesOn: string): Terms => ({
  opensOn,
  closesOn,
  minimumAmount: 0,
  channels: null,
  methods: null,
  procedures: null,
  units: null,
  payerKinds: null,
  settledOnly: true,
  entries: { rule: 'one', step: null, factors: [] },
  caps: { payment: null, day: null, period: null, programme: null },
  cutoffBy: 'paid',
  carryOver: false,
});

export type PayerKind = 'person' | 'business';

/** `one` entry per payment, or one for each full `step` đồng; then times the largest factor that fits. */
export interface EntryRule {
  readonly rule: 'one' | 'step';
  readonly step: number | null;
  readonly factors: readonly Factor[];
}

export interface Factor {
  readonly field: 'channel' | 'method' | 'procedure' | 'unit';
  readonly value: string;
  readonly times: number;
}

/** The most entries a payment, and a payer in a day, a period and the whole programme, can earn; `null` sets no limit. */
export interface Caps {
  readonly payment: number | null;
  readonly day: number | null;
  readonly period: number | null;
  readonly programme: number | null;
}

/** A draw period as the rules see it; instants in whole seconds since 1970. Ordered by `ordinal`. */
export interface Period {
  readonly ordinal: number;
  readonly cutoffAt: number;
  /** Its list is frozen: nothing is issued into it or voided any more. */
  readonly closed: boolean;
}

export interface TermsFault {
  readonly field: string;
  readonly code: 'day' | 'order' | 'amount' | 'step' | 'factor' | 'cap' | 'empty-list';
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Everything that keeps terms from being published; an empty list means sound. */
export function termsFaults(terms: Terms): TermsFault[] {
  const faults: TermsFault[] = [];
  const want = (sound: boolean, field: string, code: TermsFault['code']) => {
    if (!sound) faults.push({ field, code });
  };
  want(DAY.test(terms.opensOn), 'opensOn', 'day');
  want(DAY.test(terms.closesOn), 'closesOn', 'day');
  want(terms.opensOn <= terms.closesOn, 'closesOn', 'order');
  want(Number.isSafeInteger(terms.minimumAmount) && terms.minimumAmount >= 0, 'minimumAmount', 'amount');
  const { rule, step, factors } = terms.entries;
  want(rule === 'one' || isCount(step), 'entries.step', 'step');
  for (const factor of factors)
    want(isCount(factor.times) && factor.times <= 100, 'entries.factors', 'factor');
  for (const name of ['payment', 'day', 'period', 'programme'] as const)
    want(terms.caps[name] === null || isCount(terms.caps[name]), `caps.${name}`, 'cap');
  for (const name of ['channels', 'methods', 'procedures', 'units', 'payerKinds'] as const)
    want(terms[name] === null || terms[name].length > 0, name, 'empty-list');
  return faults;
}

function isCount(value: number | null): boolean {
  return value !== null && Number.isSafeInteger(value) && value >= 1;
}
