import type { DrawAct, DrawFacts, Signer } from './draw-office.js';

/** One thing that keeps an act from being done; the figures are for the sentence that says so. */
export interface Missing {
  readonly code: string;
  readonly wanted?: number | string;
  readonly got?: number | string;
}

type Question = (facts: DrawFacts, actor: Signer) => (Missing | undefined)[];

/** What stands in the way of an act that the state allows. */
export function missingFor(act: DrawAct, facts: DrawFacts, actor: Signer): Missing[] {
  return (QUESTIONS[act]?.(facts, actor) ?? []).filter((found) => found !== undefined);
}

const QUESTIONS: Partial<Record<DrawAct, Question>> = {
  'publish-rules': (facts) => [
    unless(facts.prizes > 0, { code: 'no-prize' }),
    unless(
      facts.sources.some(({ kind }) => kind !== 'commitment'),
      { code: 'no-public-source' },
    ),
    unless(facts.witnessesWanted >= 1, { code: 'no-witness-wanted' }),
    beaconTooEarly(facts, 'beacon-too-early'),
  ],
  freeze: (facts) => [
    unless(facts.now >= facts.closesAt, { code: 'period-open', wanted: facts.closesAt.toISOString() }),
    unless(!facts.objectionsCloseAt || facts.now >= facts.objectionsCloseAt, {
      code: 'objections-running',
      wanted: facts.objectionsCloseAt?.toISOString(),
    }),
    unless(facts.objectionsUndecided === 0, { code: 'objections-undecided', got: facts.objectionsUndecided }),
    unless(facts.importsUnderWay === 0, { code: 'imports-under-way', got: facts.importsUnderWay }),
    unless(facts.entries > 0, { code: 'no-entries' }),
    unless(facts.equationHolds, { code: 'equation-broken' }),
    beaconTooEarly(facts, 'beacon-too-early'),
  ],
  cosign: (facts, actor) => [
    unless(actor.organisationId !== facts.frozenBy?.organisationId, { code: 'own-organisation' }),
    unless(!facts.cosigned.some(({ organisationId }) => organisationId === actor.organisationId), {
      code: 'organisation-cosigned',
    }),
    unless(facts.sourcesRecorded === 0, { code: 'sources-begun' }),
    beaconTooEarly(facts, 'beacon-passed'),
  ],
  strike: (facts) => [
    unless(facts.sourcesRecorded === 0, { code: 'sources-begun' }),
    unless(!facts.sources.some(({ speaksAt }) => speaksAt && speaksAt <= facts.now), {
      code: 'beacon-spoke',
    }),
  ],
  'record-source': (facts) => [
    unless(facts.strikesUndecided === 0, { code: 'strikes-undecided', got: facts.strikesUndecided }),
  ],
  certify: (facts, actor) => [
    unless(facts.recomputation !== 'none', { code: 'not-recomputed' }),
    unless(facts.recomputation !== 'differs', { code: 'recomputation-differs' }),
    unless(!facts.certified.some(({ officerId }) => officerId === actor.officerId), {
      code: 'officer-certified',
    }),
    unless(!facts.certified.some(({ organisationId }) => organisationId === actor.organisationId), {
      code: 'organisation-certified',
    }),
  ],
};

const unless = (held: boolean, missing: Missing): Missing | undefined => (held ? undefined : missing);

/** A round whose time is known, or nearly, when the list is closed and signed could be chosen to suit. */
function beaconTooEarly({ sources, now, beaconMargin }: DrawFacts, code: string): Missing | undefined {
  const earliest = now.getTime() + beaconMargin * 1000;
  const early = sources.find(({ speaksAt }) => speaksAt && speaksAt.getTime() <= earliest);
  return early && { code, wanted: new Date(earliest).toISOString(), got: early.speaksAt!.toISOString() };
}
