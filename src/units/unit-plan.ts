import { grouped } from '../platform/tables/grouped.js';
import type { Claim } from './unit-claim.js';
import type { Finding } from '../platform/http/input-error.js';
import { reconciled, type Standing } from './unit-reconcile.js';
import type { UnitVersion } from './unit-index.js';
import { inForce } from './unit-index.js';

/** What an import would do. Unit ids below zero are units yet to be made. */
export interface UnitPlan {
  readonly newUnits: number;
  readonly added: readonly UnitVersion[];
  readonly moved: readonly {
    readonly id: number;
    readonly validFrom: string | null;
    readonly validTo: string | null;
  }[];
  readonly unchanged: number;
  readonly findings: readonly Finding[];
}

export interface UnitPlanOptions {
  /** The rows are a history: each with its own days. */
  readonly history: boolean;
  /** A list of a reform: every unit open before its day ends there, and every row begins a new one. */
  readonly reform: boolean;
  /** The list is whole: a unit of the day that it does not name ends. */
  readonly complete: boolean;
}

/** Sets a list or a history against what is stored, from the provinces down, so that a parent is known before its children. */
export function unitPlan(
  stored: readonly UnitVersion[],
  claims: readonly Claim[],
  options: UnitPlanOptions,
): UnitPlan {
  const findings: Finding[] = twice(claims);
  const reforms = options.history ? reformDays(claims) : new Set<string>();
  const standing: Standing = grouped(
    stored.map((version) => ({ ...version })),
    ({ code }) => code,
  );
  if (options.reform || options.complete) close(standing, claims, options);
  const context = { standing, reforms, options, findings, next: -1, unchanged: 0 };
  for (const group of parentsFirst(claims, findings)) reconciled(group, context);
  const results = [...standing.values()].flat();
  const before = new Map(stored.map((version) => [version.id, version]));
  const moved = results.filter((version) => {
    const was = before.get(version.id);
    return was && (was.validFrom !== version.validFrom || was.validTo !== version.validTo);
  });
  return {
    newUnits: -context.next - 1,
    added: results.filter((version) => version.id === 0),
    moved: moved.map(({ id, validFrom, validTo }) => ({ id, validFrom, validTo })),
    unchanged: context.unchanged,
    findings,
  };
}

/** The same code twice for one moment. */
function twice(claims: readonly Claim[]): Finding[] {
  const byCode = grouped(claims, ({ code }) => code);
  return [...byCode.values()].flatMap((same) => {
    const ordered = same.toSorted((a, b) => (a.from ?? '').localeCompare(b.from ?? '') || a.row - b.row);
    return ordered.slice(1).flatMap((claim, at) => {
      const before = ordered[at];
      if (!before || (before.to !== null && claim.from !== null && before.to <= claim.from)) return [];
      const got = `${claim.code} ${claim.fullName}`;
      return [
        {
          row: claim.row,
          column: 'code',
          code: 'units.findings.code-twice',
          got,
          expected: `row ${before.row}`,
        },
      ];
    });
  });
}

/** Days across which no unit of the history lives: all were closed and opened anew. */
function reformDays(claims: readonly Claim[]): Set<string> {
  const ends = new Set(claims.flatMap(({ to }) => to ?? []));
  return new Set(
    [...ends].filter(
      (day) =>
        claims.some(({ from }) => from === day) &&
        !claims.some(({ from, to }) => (from ?? '') < day && (to === null || day < to)),
    ),
  );
}

function close(standing: Standing, claims: readonly Claim[], { reform }: UnitPlanOptions): void {
  const day = claims[0]?.from;
  if (!day) return;
  const named = new Set(claims.map(({ code }) => code));
  for (const version of [...standing.values()].flat()) {
    const goes = reform || !named.has(version.code);
    if (goes && inForce(version, day) && version.validFrom !== day) version.validTo = day;
  }
}

/** Groups of one code, a parent's code before its children's; codes in a circle are told and left out. */
function parentsFirst(claims: readonly Claim[], findings: Finding[]): Claim[][] {
  const byCode = grouped(claims, ({ code }) => code);
  const state = new Map<string, 'open' | 'done' | 'circular'>();
  const ordered: Claim[][] = [];
  const visit = (code: string): boolean => {
    const known = state.get(code);
    if (known) return known === 'done';
    const group = byCode.get(code);
    if (!group) return true;
    state.set(code, 'open');
    const bad = group.find(({ parentCode }) => parentCode && !visit(parentCode));
    state.set(code, bad ? 'circular' : 'done');
    if (bad)
      findings.push({
        row: bad.row,
        column: 'parent_code',
        code: 'units.findings.parent-circular',
        got: bad.parentCode,
        expected: `not ${code}`,
      });
    else ordered.push(group);
    return !bad;
  };
  for (const code of byCode.keys()) visit(code);
  return ordered;
}
