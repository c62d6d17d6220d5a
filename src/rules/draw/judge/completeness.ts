import type { Completeness, Tally } from '../documents.js';
import type { Findings } from '../finding.js';

const FILE = 'completeness.json';
const FIELDS = [
  'received',
  'eligible',
  'refused',
  'quarantined',
  'duplicate',
  'entriesIssued',
  'entriesVoided',
  'barred',
  'listed',
] as const;

/** Protocol §8: nothing that the partner sent is unaccounted for, and the list is as long as the sums say. */
export function judgeCompleteness(
  { days, total, digests }: Completeness,
  size: number | undefined,
  findings: Findings,
): void {
  for (const { day, ...tally } of days) judgeTally(tally, `${FILE} ${day}`, findings);
  judgeTally(total, `${FILE} total`, findings);
  for (const name of days.length > 0 ? FIELDS : []) {
    const sum = days.reduce((before, tally) => before + tally[name], 0);
    findings.compare('completeness', `${FILE} total ${name}`, total[name], sum);
  }
  if (size !== undefined) findings.compare('completeness', `${FILE} total listed`, total.listed, size);
  judgeDigests(days, digests, findings);
}

function judgeTally(tally: Tally, where: string, findings: Findings): void {
  const parts = tally.eligible + tally.refused + tally.quarantined + tally.duplicate;
  findings.compare('completeness', `${where} received`, tally.received, parts);
  const listed = tally.entriesIssued - tally.entriesVoided - tally.barred;
  findings.compare('completeness', `${where} listed`, tally.listed, listed);
}

/** What the partner signed for a day is what was received that day, each payment counted once. */
function judgeDigests(
  days: Completeness['days'],
  digests: Completeness['digests'],
  findings: Findings,
): void {
  const signed = new Map<string, number>();
  for (const { day, count } of digests) signed.set(day, (signed.get(day) ?? 0) + count);
  for (const { day, received, duplicate } of signed.size > 0 ? days : []) {
    const once = received - duplicate;
    findings.compare('completeness', `${FILE} ${day} partner's count`, once, signed.get(day) ?? 0);
  }
  for (const [day, count] of signed)
    if (!days.some((tally) => tally.day === day) && count > 0)
      findings.add(
        'completeness',
        `${FILE} ${day}`,
        'no such day',
        `${count} payments signed for by the partner`,
      );
}
