import type { Method, Source } from '../rules/draw/documents.js';
import { parsePattern } from '../rules/draw/pattern.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { type Chain, timeOfRound } from '../verify/beacon.js';

export interface PlannedPrize {
  readonly id: string;
  readonly nameVi: string;
  readonly nameEn?: string;
  readonly quantity: number;
  readonly value: number;
}

/** As in the rules; a sealed secret may name the organisation that keeps it. */
export type PlannedSource = Source & { readonly organisationId?: number };

/** What a draw is to be. */
export interface Plan {
  readonly title: string;
  readonly organizer: string;
  readonly registrationRef?: string | null;
  readonly place?: string | null;
  /** ISO 8601. */
  readonly drawsAt: string;
  /** `cage`: a drum with balls; then the digits that are drawn are typed in by two officers. */
  readonly method: Method | 'cage';
  readonly winsPerHolder: number | null;
  /** How many organisations besides the one that freezes must cosign. */
  readonly witnessesWanted: number;
  readonly objectionDays: number;
  readonly beaconMargin?: number;
  readonly prizes: readonly PlannedPrize[];
  readonly sources: readonly PlannedSource[];
}

/** Seconds since 1970: beyond it nothing here has a date. */
const LAST_INSTANT = 8e12;
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The name of the n-th draw of a period, unique for ever. */
export const drawName = (promotion: string, period: string, number: number): string =>
  `${promotion}/${period}${number > 1 ? `/${number}` : ''}`;

/** @throws InputError with everything that keeps the plan from being kept. */
export function planFaults(plan: Plan, chains: readonly Chain[]): void {
  const findings: Finding[] = [];
  const want = (held: boolean, field: string, code: string, got?: unknown) => {
    if (!held) findings.push({ field, code: `draws.findings.${code}`, got });
  };
  want(plan.title.trim() !== '', 'title', 'empty');
  want(plan.organizer.trim() !== '', 'organizer', 'empty');
  want(!Number.isNaN(Date.parse(plan.drawsAt)), 'drawsAt', 'instant', plan.drawsAt);
  want(['ticket', 'seedrandom', 'cage'].includes(plan.method), 'method', 'method', plan.method);
  want(
    plan.winsPerHolder === null || isCount(plan.winsPerHolder),
    'winsPerHolder',
    'count',
    plan.winsPerHolder,
  );
  want(isCount(plan.witnessesWanted), 'witnessesWanted', 'count', plan.witnessesWanted);
  want(
    Number.isInteger(plan.objectionDays) && plan.objectionDays >= 0 && plan.objectionDays <= 60,
    'objectionDays',
    'days',
    plan.objectionDays,
  );
  want(plan.prizes.length > 0, 'prizes', 'no-prize');
  plan.prizes.forEach((prize, at) => prizeFaults(prize, `prizes.${at}`, want));
  plan.sources.forEach((source, at) => sourceFaults(source, chains, `sources.${at}`, want));
  distinct(plan.prizes, 'prizes', want);
  distinct(plan.sources, 'sources', want);
  if (findings.length > 0) throw new InputError(findings);
}

type Want = (held: boolean, field: string, code: string, got?: unknown) => void;

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;

function prizeFaults({ id, nameVi, quantity, value }: PlannedPrize, field: string, want: Want): void {
  want(SLUG.test(id), `${field}.id`, 'slug', id);
  want(nameVi.trim() !== '', `${field}.nameVi`, 'empty');
  want(isCount(quantity) && quantity <= 1_000_000, `${field}.quantity`, 'count', quantity);
  want(Number.isSafeInteger(value) && value >= 0, `${field}.value`, 'amount', value);
}

/** Also for the sources of a replacement draw. */
export function sourceFaults(
  source: PlannedSource,
  chains: readonly Chain[],
  field: string,
  want: Want,
): void {
  want(SLUG.test(source.id), `${field}.id`, 'slug', source.id);
  if (source.kind === 'witness') {
    want(source.description.trim() !== '', `${field}.description`, 'empty');
    want(parsePattern(source.pattern) !== undefined, `${field}.pattern`, 'pattern', source.pattern);
  }
  if (source.kind === 'commitment')
    want(/^[0-9a-f]{64}$/.test(source.commitment), `${field}.commitment`, 'hex64', source.commitment);
  if (source.kind === 'drand') want(isKnownRound(chains, source), `${field}.round`, 'round', source.round);
}

function isKnownRound(chains: readonly Chain[], { chain, round }: { chain: string; round: number }): boolean {
  const known = chains.find(({ hash }) => hash === chain);
  return known !== undefined && isCount(round) && timeOfRound(known, round) < LAST_INSTANT;
}

function distinct(items: readonly { id: string }[], field: string, want: Want): void {
  const twice = items.find(({ id }, at) => items.findIndex((other) => other.id === id) !== at);
  want(!twice, field, 'twice', twice?.id);
}
