import type { DrawResult } from '../rules/draw/documents.js';
import { FINDING_CODES, type Finding, type FindingCode } from '../rules/draw/finding.js';
import type { Report } from '../rules/draw/judge/judge.js';
import { ticketOf } from '../rules/draw/ticket.js';
import type { Cheat } from './lab.js';

/** What the page shows of a report: plain values, so that they travel from the worker to the page. */
export interface PageView {
  readonly sound: boolean;
  readonly total: number;
  readonly checks: readonly { readonly code: FindingCode; readonly count: number }[];
  readonly findings: readonly Finding[];
  readonly rules?: Report['rules'];
  readonly facts: {
    readonly size: number;
    readonly root: string;
    readonly rulesHash: string;
    readonly seed: string;
    readonly witnesses: readonly string[];
    readonly witnessesNeeded: number;
    readonly keysFrom: Report['keysFrom'];
    readonly filesListed: boolean;
    readonly milliseconds: number;
  };
  readonly results: readonly ShownResult[];
  readonly cheat?: Cheat;
}

export interface ShownResult {
  readonly winners: readonly (DrawResult['winners'][number] & { readonly number?: string })[];
  readonly more: number;
}

export type PageTask =
  | {
      readonly kind: 'open';
      readonly files: readonly { readonly name: string; readonly file: Blob }[];
      readonly trust: TrustText | undefined;
    }
  | { readonly kind: 'cheat'; readonly cheat: Cheat | undefined }
  | { readonly kind: 'mine'; readonly code: string };

export interface TrustText {
  readonly keys: readonly string[];
  readonly witnessesNeeded: number;
}

export type PageAnswer =
  | {
      readonly kind: 'progress';
      readonly stage: 'reading' | 'root' | 'order' | 'judging';
      readonly percent: number;
    }
  | { readonly kind: 'report'; readonly view: PageView; readonly cheats: readonly Cheat[] }
  | { readonly kind: 'unusable'; readonly code: string; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'mine'; readonly mine: Mine };

export interface Mine {
  readonly code: string;
  readonly listed: boolean;
  readonly number?: string;
  readonly cutoff?: string;
  readonly prize?: string;
  readonly position?: number;
}

const MOST_WINNERS = 200;
const MOST_FINDINGS_PER_CODE = 5;

export function pageView(report: Report, milliseconds: number, cheat?: Cheat): PageView {
  const { counts, rules, freeze, trust, results } = report;
  const shown = new Map<string, number>();
  return {
    sound: report.findings.length === 0,
    total: [...counts.values()].reduce((sum, count) => sum + count, 0),
    checks: FINDING_CODES.map((code) => ({ code, count: counts.get(code) ?? 0 })),
    findings: report.findings.filter(({ code }) => {
      shown.set(code, (shown.get(code) ?? 0) + 1);
      return shown.get(code)! <= MOST_FINDINGS_PER_CODE;
    }),
    rules,
    facts: {
      size: report.size,
      root: report.root,
      rulesHash: report.rulesHash ?? '',
      seed: results[0]?.seed ?? '',
      witnesses: freeze.witnesses,
      witnessesNeeded: trust.witnessesNeeded,
      keysFrom: report.keysFrom,
      filesListed: report.filesListed,
      milliseconds,
    },
    results: results.map((result) => shownResult(result, rules?.method === 'ticket')),
    ...(cheat && { cheat }),
  };
}

function shownResult({ winners, seed }: DrawResult, ticket: boolean): ShownResult {
  const first = winners.slice(0, MOST_WINNERS);
  return {
    winners: first.map((winner) =>
      ticket ? { ...winner, number: ticketOf(seed, winner.code).number } : winner,
    ),
    more: winners.length - first.length,
  };
}

/** One citizen's code: its number, the largest number that still won, what it won. */
export function mineIn(report: Report, code: string, listed: boolean): Mine {
  const [first] = report.results;
  const won = report.results.flatMap(({ winners }) => winners).find((winner) => winner.code === code);
  const prize = report.rules?.prizes.find(({ id }) => id === won?.prize)?.name;
  const last = first?.winners.at(-1);
  const numbers =
    first && report.rules?.method === 'ticket'
      ? {
          number: ticketOf(first.seed, code).number,
          ...(last && { cutoff: ticketOf(first.seed, last.code).number }),
        }
      : {};
  return { code, listed, ...numbers, ...(won && prize && { prize, position: won.position }) };
}
