import { bytesToHex } from '@noble/hashes/utils.js';
import type { VerifySignature } from '../../merkle/note.js';
import { documentHash } from '../digest.js';
import type { DrawResult, DrawRules } from '../documents.js';
import { draw } from '../draw.js';
import type { EntryList } from '../entries.js';
import type { Finding, FindingCode } from '../finding.js';
import { DEFAULT_MARGIN, type Trust, trustIn } from '../keys.js';
import type { Chance } from '../order.js';
import { judgeCompleteness } from './completeness.js';
import { type Freeze, judgeFiles, judgeFreeze } from './freeze.js';
import { judgeList } from './list.js';
import { judgeStrikes } from './outcome.js';
import type { Reading } from './reading.js';
import { compareOutcome, judgeReplacements, valuesOf } from './replacements.js';
import { type Beacon, judgeSources, knownAt } from './sources.js';

/** What the judge cannot do by itself. */
export interface Tools extends Chance {
  readonly verifySignature: VerifySignature;
  readonly beacon: Beacon;
  /** Keys known from elsewhere. Without them those in the bundle are used, and the report says so. */
  readonly trust?: Trust;
  /** The Merkle root of the list in hex, when workers have already computed it. */
  readonly root?: string;
}

export interface Report {
  /** Empty means sound. */
  readonly findings: readonly Finding[];
  readonly counts: ReadonlyMap<FindingCode, number>;
  readonly rules: DrawRules | undefined;
  readonly rulesHash: string | undefined;
  readonly size: number;
  readonly root: string;
  /** The computed results: the draw, then its replacements as far as they could be recomputed. */
  readonly results: readonly DrawResult[];
  readonly freeze: Freeze;
  readonly trust: Trust;
  /** Where the keys come from. */
  readonly keysFrom: 'reader' | 'bundle' | 'nowhere';
  /** Whether a signed list covers the parts that no rule recomputes. */
  readonly filesListed: boolean;
}

/** Second half of the check, protocol §9: recompute, then compare. Reports every finding; an empty list means sound. */
export function judge(reading: Reading, tools: Tools): Report {
  const { findings, files, rules } = reading;
  const trust = tools.trust ?? reading.keys ?? trustIn([], 0, DEFAULT_MARGIN);
  const { list } = files;
  if (list) judgeList(list, findings);
  else findings.add('entries-malformed', 'entries.csv', 'no such file', 'the list of entries');
  const root = tools.root ?? rootOf(list, tools);
  const freeze = judgeFreeze(reading, trust, root, tools.verifySignature);
  judgeFiles(reading, trust, tools.verifySignature);
  if (reading.completeness) judgeCompleteness(reading.completeness, list?.size, findings);
  const results = rules ? judgeDraws(reading, { rules, list, root, freeze, trust, tools }) : [];
  return {
    findings: findings.found,
    counts: findings.counts,
    rules,
    rulesHash: rules && documentHash(rules),
    size: list?.size ?? 0,
    root,
    results,
    freeze,
    trust,
    keysFrom: tools.trust ? 'reader' : reading.keys ? 'bundle' : 'nowhere',
    filesListed: files.hashes.has('files.txt'),
  };
}

const rootOf = (list: EntryList | undefined, { hash }: Tools) => (list ? bytesToHex(list.root(hash)) : '');

interface Context {
  readonly rules: DrawRules;
  readonly list: EntryList | undefined;
  readonly root: string;
  readonly freeze: Freeze;
  readonly trust: Trust;
  readonly tools: Tools;
}

function judgeDraws(reading: Reading, context: Context): DrawResult[] {
  const { rules, list, root, freeze, trust, tools } = context;
  const { findings, strikes } = reading;
  const frozenAt = Math.max(Date.parse(rules.closesAt) / 1000, freeze.witnessedAt ?? -Infinity);
  const notBefore = frozenAt + trust.margin;
  const { beacon } = tools;
  const shared = { draw: rules.draw, beacon, findings };
  judgeSources(rules.sources, reading.sources, { ...shared, where: 'sources.json', notBefore });
  const known = knownAt(rules.sources, reading.sources, beacon);
  judgeStrikes(strikes, list, 'strikes.json', known, findings);
  if (!list || known === undefined) return [];
  const computed = draw({ rules, list, root, values: valuesOf(reading.sources), strikes }, tools);
  compareOutcome(reading, computed, 'result.json', reading);
  return [computed, ...judgeReplacements(reading, { rules, list, root, tools }, computed, known)];
}
