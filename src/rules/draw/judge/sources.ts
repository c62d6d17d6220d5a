import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { commitmentOf } from '../digest.js';
import type { Source, SourceValue } from '../documents.js';
import { isHex64 } from '../entries.js';
import type { Findings } from '../finding.js';
import { matchesPattern } from '../pattern.js';

/** Beacon chains we know, handed in by the shell. */
export interface Beacon {
  /** Seconds since 1970 at which the round is due; undefined for a chain we do not know. */
  timeOf(chain: string, round: number): number | undefined;
  /** Whether `signature` (hex) is what the chain publishes for the round. Must not throw. */
  isSignature(chain: string, round: number, signature: string): boolean;
}

export interface SourcesContext {
  /** File the values come from. */
  readonly where: string;
  readonly draw: string;
  /** Seconds since 1970: a beacon round must be due after this. */
  readonly notBefore: number;
  readonly beacon: Beacon;
  readonly findings: Findings;
}

/** Protocol §4: every source of the rules has spoken, and what it said is what it could say. */
export function judgeSources(
  sources: readonly Source[],
  values: readonly SourceValue[],
  context: SourcesContext,
): void {
  const { findings, where } = context;
  for (const source of sources) {
    const spoken = values.find(({ id }) => id === source.id);
    if (!spoken)
      findings.add('source-missing', `${where} ${source.id}`, 'nothing', `a value of kind ${source.kind}`);
    else if (source.kind === 'witness') judgeWitness(source, spoken, context);
    else if (source.kind === 'commitment') judgeCommitment(source, spoken, context);
    else judgeBeacon(source, spoken, context);
  }
  for (const { id } of values)
    if (!sources.some((source) => source.id === id))
      findings.add('source-mismatch', `${where} ${id}`, id, 'a source named in the rules');
}

type Of<Kind extends Source['kind']> = Extract<Source, { kind: Kind }>;

function judgeWitness({ id, pattern }: Of<'witness'>, { value }: SourceValue, context: SourcesContext): void {
  if (matchesPattern(pattern, value) !== true)
    context.findings.add('source-mismatch', `${context.where} ${id}`, value, `matches ${pattern}`);
}

function judgeCommitment(
  { id, commitment }: Of<'commitment'>,
  { value }: SourceValue,
  { findings, where, draw }: SourcesContext,
): void {
  const computed = isHex64(value)
    ? commitmentOf(draw, id, hexToBytes(value))
    : 'wanted a secret of 64 hex digits';
  findings.compare('source-mismatch', `${where} ${id}`, commitment, computed);
}

function judgeBeacon(source: Of<'drand'>, spoken: SourceValue, context: SourcesContext): void {
  const { findings, beacon, notBefore } = context;
  const where = `${context.where} ${source.id}`;
  const time = beacon.timeOf(source.chain, source.round);
  if (time === undefined) return findings.add('beacon-invalid', where, source.chain, 'a chain we know');
  if (time <= notBefore)
    findings.add('beacon-too-early', where, instantOf(time), `after ${instantOf(notBefore)}`);
  if (spoken.round !== undefined)
    findings.compare('beacon-invalid', `${where} round`, spoken.round, source.round);
  if (!/^([0-9a-f]{2})+$/.test(spoken.value) || !beacon.isSignature(source.chain, source.round, spoken.value))
    return findings.add('beacon-invalid', where, spoken.value, `the signature of round ${source.round}`);
  if (spoken.randomness !== undefined)
    findings.compare(
      'beacon-invalid',
      `${where} randomness`,
      spoken.randomness,
      bytesToHex(sha256(hexToBytes(spoken.value))),
    );
}

/**
 * When the last source was known, in seconds since 1970: a beacon round at its time, others when they were recorded.
 * Undefined when a source has not spoken.
 */
export function knownAt(
  sources: readonly Source[],
  values: readonly SourceValue[],
  beacon: Beacon,
): number | undefined {
  const times = sources.map((source) => {
    const spoken = values.find(({ id }) => id === source.id);
    if (!spoken) return NaN;
    const due = source.kind === 'drand' ? beacon.timeOf(source.chain, source.round) : undefined;
    return due ?? Date.parse(spoken.recordedAt) / 1000;
  });
  const latest = Math.max(...times);
  return Number.isNaN(latest) ? undefined : latest;
}

export const instantOf = (seconds: number): string =>
  Math.abs(seconds) < 8e12 ? new Date(seconds * 1000).toISOString() : `${seconds} s after 1970`;
