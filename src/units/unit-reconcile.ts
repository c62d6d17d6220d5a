import type { Claim } from './unit-claim.js';
import type { Finding } from '../platform/http/input-error.js';
import { inForce, type UnitVersion } from './unit-index.js';
import { folded } from './unit-name.js';
import type { UnitPlanOptions } from './unit-plan.js';

type Version = { -readonly [K in keyof UnitVersion]: UnitVersion[K] };

/** Versions by code, stored (id above 0) and planned (id 0), as the import would leave them. */
export type Standing = Map<string, Version[]>;

export interface Context {
  readonly standing: Standing;
  readonly reforms: ReadonlySet<string>;
  readonly options: UnitPlanOptions;
  readonly findings: Finding[];
  /** The number the next new unit gets. */
  next: number;
  unchanged: number;
}

/** Brings all claims of one code into the standing versions. */
export function reconciled(claims: readonly Claim[], context: Context): void {
  const ordered = claims.toSorted((a, b) => (a.from ?? '').localeCompare(b.from ?? ''));
  const used = new Set<Version>();
  let before: Version | undefined;
  for (const claim of ordered) {
    const parentId = parentOf(claim, context);
    if (parentId === undefined) continue;
    const version = context.options.history
      ? fromHistory(claim, parentId, used, before, context)
      : fromList(claim, parentId, context);
    if (version) used.add(version);
    before = version;
  }
  if (context.options.history)
    for (const version of context.standing.get(ordered[0]?.code ?? '') ?? []) {
      const claim = version.id > 0 && !used.has(version) && ordered.find((row) => overlaps(version, row));
      if (claim) contradicted(claim, version, context);
    }
}

/** The unit above, on the claim's first day (or, with no first day, on any of its days). */
function parentOf(
  { row, parentCode, from, to }: Claim,
  { standing, findings }: Context,
): number | null | undefined {
  if (!parentCode) return null;
  const parent = standing
    .get(parentCode)
    ?.find((version) => (from ? inForce(version, from) : overlaps(version, { from, to })));
  if (parent) return parent.unitId;
  findings.push({
    row,
    column: 'parent_code',
    code: 'units.findings.parent-unknown',
    got: parentCode,
    expected: `a unit on ${from ?? to ?? ''}`,
  });
  return undefined;
}

/** A list is true on its day: what stands so stays, what differs begins a new version that day. */
function fromList(claim: Claim, parentId: number | null, context: Context): Version | undefined {
  const day = claim.from ?? '';
  const group = context.standing.get(claim.code) ?? [];
  const current = group.find((version) => inForce(version, day));
  if (current && agrees(current, claim, parentId)) {
    context.unchanged++;
    return current;
  }
  if (current?.validFrom === day) return void contradicted(claim, current, context);
  const later = group
    .filter(({ validFrom }) => validFrom !== null && validFrom > day)
    .toSorted((a, b) => (a.validFrom ?? '').localeCompare(b.validFrom ?? ''))[0];
  if (!current && later && agrees(later, claim, parentId)) {
    later.validFrom = day;
    return later;
  }
  const end = current ? current.validTo : (later?.validFrom ?? null);
  if (current) current.validTo = day;
  return added({ ...claim, to: end }, parentId, current?.unitId, context);
}

/** A history tells both ends: a stored version that agrees with a row is moved to them. */
function fromHistory(
  claim: Claim,
  parentId: number | null,
  used: Set<Version>,
  before: Version | undefined,
  context: Context,
): Version | undefined {
  const touching = (context.standing.get(claim.code) ?? []).filter(
    (version) => !used.has(version) && overlaps(version, claim) && agrees(version, claim, parentId),
  );
  const exact = touching.find(({ validFrom, validTo }) => validFrom === claim.from && validTo === claim.to);
  const match = exact ?? touching[0];
  if (exact) context.unchanged++;
  if (match) {
    match.validFrom = claim.from;
    match.validTo = claim.to;
    return match;
  }
  const follows = before && before.validTo === claim.from && !context.reforms.has(claim.from ?? '');
  return added(claim, parentId, follows ? before.unitId : undefined, context);
}

const overlaps = (version: Version, { from, to }: { from: string | null; to: string | null }) =>
  (version.validTo === null || (from ?? '') < version.validTo) &&
  (to === null || (version.validFrom ?? '') < to);

/** Spelling without marks decides: lists of the same day write Nông trường and Nông Trường, Sặp Vạt and Sập Vạt. */
const agrees = (version: Version, claim: Claim, parentId: number | null) =>
  version.parentId === parentId &&
  version.kind === claim.kind &&
  version.type === claim.type &&
  folded(version.fullName) === folded(claim.fullName);

function contradicted(claim: Claim, version: Version, { findings }: Context): void {
  const stored = `${version.code} ${version.fullName} [${version.validFrom ?? ''}, ${version.validTo ?? ''})`;
  findings.push({
    row: claim.row,
    column: 'full_name',
    code: 'units.findings.contradicts',
    got: `${claim.code} ${claim.fullName}`,
    expected: stored,
  });
}

function added(claim: Claim, parentId: number | null, unitId: number | undefined, context: Context): Version {
  const { code, name, fullName, kind, type, from, to } = claim;
  const version: Version = {
    id: 0,
    unitId: unitId ?? context.next,
    code,
    name,
    fullName,
    kind,
    type,
    parentId,
    validFrom: from,
    validTo: to,
  };
  if (unitId === undefined) context.next--;
  const group = context.standing.get(code);
  if (group) group.push(version);
  else context.standing.set(code, [version]);
  return version;
}
