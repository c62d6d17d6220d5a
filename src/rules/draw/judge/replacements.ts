import { replacementFile } from '../bundle.js';
import { documentHash, textHash } from '../digest.js';
import type { DrawResult, DrawRules, Place, Replacement, SourceValue } from '../documents.js';
import { placeKey, replace, winnersAfter } from '../draw.js';
import type { EntryList } from '../entries.js';
import type { Tools } from './judge.js';
import { judgeOutcome, judgeStrikes } from './outcome.js';
import type { DrawnReading, Reading, ReplacementReading } from './reading.js';
import { judgeSources, knownAt } from './sources.js';

export interface ReplacementContext {
  readonly rules: DrawRules;
  readonly list: EntryList;
  readonly root: string;
  readonly tools: Tools;
}

/** Protocol §7: one replacement after the other, each judged against what was computed before it. */
export function judgeReplacements(
  reading: Reading,
  context: ReplacementContext,
  result: DrawResult,
  drawnAt: number,
): DrawResult[] {
  const before: Replacement[] = [];
  let previous: DrawnReading = reading;
  let notBefore = drawnAt;
  for (const replacement of reading.replacements) {
    judgeChain(reading, replacement, previous, winnersAfter(result, before).standing);
    const known = judgeEvidence(reading, context, replacement, notBefore);
    if (known === undefined) break;
    const { addendum, sources, number } = replacement;
    const values = valuesOf(sources);
    const inputs = { ...context, strikes: reading.strikes, addendum, result, before: [...before], values };
    const computed = replace(inputs, context.tools);
    compareOutcome(
      reading,
      sameRulesHash(computed, replacement, context),
      replacementFile(number, 'result.json'),
      replacement,
    );
    before.push({ addendum, result: computed });
    [previous, notBefore] = [replacement, known];
  }
  return before.map(({ result: computed }) => computed);
}

/** Sources and strikes of one replacement; when its seed was known, or undefined without one. */
function judgeEvidence(
  { findings }: Reading,
  { rules, list, tools: { beacon } }: ReplacementContext,
  { number, addendum, sources }: ReplacementReading,
  notBefore: number,
): number | undefined {
  const where = replacementFile(number, 'sources.json');
  judgeSources(addendum.sources, sources, { where, draw: rules.draw, beacon, notBefore, findings });
  const known = knownAt(addendum.sources, sources, beacon);
  judgeStrikes(addendum.strikes, list, replacementFile(number, 'addendum.json'), known, findings);
  return known;
}

/** §7: the addendum is the next of this draw, follows the result before, and vacates wins that still stand. */
function judgeChain(
  { rules, findings }: Reading,
  { number, addendum }: ReplacementReading,
  previous: DrawnReading,
  standing: readonly Place[],
): void {
  const where = replacementFile(number, 'addendum.json');
  findings.compare('replacement-chain', `${where} draw`, addendum.draw, rules?.draw ?? '');
  findings.compare('replacement-chain', `${where} number`, addendum.number, number);
  findings.compare(
    'replacement-chain',
    `${where} previous`,
    addendum.previous,
    textHash(previous.resultText),
  );
  const places = new Set(standing.map(placeKey));
  for (const vacancy of addendum.vacancies)
    if (!places.delete(placeKey(vacancy)))
      findings.add('replacement-chain', where, placeKey(vacancy), 'a place that is won and not vacated yet');
}

/** §7 leaves open whether a replacement names the rules or the addendum that stands in for them: both are read. */
function sameRulesHash(
  computed: DrawResult,
  { result }: DrawnReading,
  { rules }: ReplacementContext,
): DrawResult {
  const rulesHash = documentHash(rules);
  return result?.rulesHash === rulesHash ? { ...computed, rulesHash } : computed;
}

/** Published against computed, where there is something published. */
export function compareOutcome(
  { findings }: Reading,
  computed: DrawResult,
  where: string,
  published: DrawnReading,
): void {
  if (published.result)
    judgeOutcome(published.result, computed, { where, text: published.resultText }, findings);
}

export const valuesOf = (sources: readonly SourceValue[]) =>
  new Map(sources.map(({ id, value }) => [id, value]));
