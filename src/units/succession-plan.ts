import type { Finding } from '../platform/http/input-error.js';
import { grouped } from '../platform/tables/grouped.js';
import type { TextRow, TextTable } from '../platform/tables/delimited.js';
import { inForce, type UnitVersion } from './unit-index.js';

export interface StoredSuccession {
  readonly fromUnitId: number;
  readonly toUnitId: number | null;
  readonly on: string;
  readonly kind: 'continued' | 'merge' | 'split' | 'level-removed';
  readonly extent: string;
  readonly share: string | null;
  readonly isPrimary: boolean;
}

export interface SuccessionPlan {
  readonly added: readonly StoredSuccession[];
  readonly unchanged: number;
  /** Rows whose old and new unit are one and the same: nothing to note. */
  readonly carriedOn: number;
  /** Rows that name no new unit. */
  readonly unresolved: number;
  readonly levelRemoved: number;
  readonly findings: readonly Finding[];
}

interface Pair {
  readonly row: number;
  readonly old: UnitVersion;
  readonly fresh: UnitVersion;
  readonly on: string;
  readonly extent: string;
  readonly share: string | null;
  /** As the table hints; null where it has no hints. */
  readonly hint: boolean | null;
}

const EXTENTS = [
  'whole',
  'unchanged',
  'part',
  'part-area-only',
  'part-area-all-pop',
  'part-pop-only',
  'part-all-area-no-pop',
];

/** What a table of successors adds to what is stored. `on` is the day of the reform; without it each old unit's last day counts. */
export function successionPlan(
  table: TextTable,
  versions: readonly UnitVersion[],
  stored: readonly StoredSuccession[],
  on?: string,
): SuccessionPlan {
  const missing = ['old_code', 'new_code'].filter((name) => !table.header.includes(name));
  const findings: Finding[] = missing.map((column) => ({
    row: 1,
    column,
    code: 'units.findings.column-missing',
    got: table.header.join(','),
    expected: column,
  }));
  if (findings.length > 0)
    return { added: [], unchanged: 0, carriedOn: 0, unresolved: 0, levelRemoved: 0, findings };
  const byCode = grouped(versions, ({ code }) => code);
  const read = table.rows.map((row) => pairOf(row, table, byCode, findings, on));
  const pairs = read.filter((pair) => typeof pair === 'object');
  const moving = pairs.filter(({ old, fresh }) => old.unitId !== fresh.unitId);
  for (const pair of pairs) if (pair.old.unitId === pair.fresh.unitId) demandUnchanged(pair, table, findings);
  demandOnce(moving, findings);
  const removed = on && table.header.includes('kind') ? removedLevels(versions, pairs, on) : [];
  const wanted = [...typed(moving), ...removed];
  const known = new Set(stored.map(keyOf));
  return {
    added: findings.length > 0 ? [] : wanted.filter((one) => !known.has(keyOf(one))),
    unchanged: wanted.filter((one) => known.has(keyOf(one))).length,
    carriedOn: pairs.length - moving.length,
    unresolved: read.filter((pair) => pair === 'unresolved').length,
    levelRemoved: removed.length,
    findings,
  };
}

const keyOf = ({ fromUnitId, toUnitId, on }: StoredSuccession) => `${fromUnitId}>${toUnitId}@${on}`;

function pairOf(
  { line: row, cells }: TextRow,
  { header }: TextTable,
  byCode: Map<string, UnitVersion[]>,
  findings: Finding[],
  on?: string,
): Pair | 'unresolved' | undefined {
  const cell = (column: string) => cells[header.indexOf(column)]?.trim() ?? '';
  const fault = (column: string, code: string, expected: string) =>
    void findings.push({ row, column, code: `units.findings.${code}`, got: cell(column), expected });
  if (!cell('new_code')) return 'unresolved';
  const bearers = byCode.get(cell('old_code')) ?? [];
  const ended = bearers
    .filter(({ validTo }) => validTo !== null)
    .toSorted((a, b) => (b.validTo ?? '').localeCompare(a.validTo ?? ''));
  const old = on ? bearers.find((version) => lastsUntil(version, on)) : ended.at(-1);
  const day = on ?? old?.validTo ?? null;
  if (!old || !day) return fault('old_code', 'old-unit-unknown', on ?? '…');
  const fresh = beginner(byCode.get(cell('new_code')) ?? [], day, on === undefined);
  if (!fresh) return fault('new_code', 'new-unit-unknown', day);
  const extent = header.includes('kind') ? cell('kind') : header.includes('method') ? 'unknown' : 'whole';
  if (extent !== 'unknown' && !EXTENTS.includes(extent))
    return fault('kind', 'extent-unknown', EXTENTS.join(', '));
  const share = header.includes('population_share')
    ? cell('population_share') || null
    : extent === 'whole'
      ? '1'
      : null;
  if (share !== null && !(/^[01](\.\d+)?$/.test(share) && Number(share) <= 1))
    return fault('population_share', 'share-malformed', '0 … 1');
  const hint = header.includes('primary_hint') ? cell('primary_hint') === '1' : null;
  return { row, old, fresh, on: day, extent, share, hint };
}

/** In force on the day; where no day was given, lists date some beginnings later than the end before them. */
const beginner = (bearers: readonly UnitVersion[], day: string, orLater: boolean) =>
  bearers.find((version) => inForce(version, day)) ??
  bearers.find(({ validFrom }) => orLater && validFrom !== null && validFrom > day);

/** In force on the day before: valid up to that day at least, and begun before it. */
const lastsUntil = ({ validFrom, validTo }: UnitVersion, day: string) =>
  (validFrom === null || validFrom < day) && (validTo === null || validTo >= day);

/** A unit may carry on under its code; it cannot be merged into itself. */
function demandUnchanged({ row, old, extent }: Pair, { header }: TextTable, findings: Finding[]): void {
  if (extent === 'unchanged' || (!header.includes('kind') && !header.includes('method'))) return;
  findings.push({
    row,
    column: 'new_code',
    code: 'units.findings.merge-into-itself',
    got: `${old.code} ${old.fullName}`,
    expected: '',
  });
}

/** A pair stands once in a table, and a unit has one main successor. */
function demandOnce(pairs: readonly Pair[], findings: Finding[]): void {
  const fault = ({ row, old, fresh }: Pair, column: string, code: string, first: Pair) =>
    findings.push({
      row,
      column,
      code: `units.findings.${code}`,
      got: `${old.code} → ${fresh.code}`,
      expected: `${first.row}`,
    });
  const [seen, main] = [new Map<string, Pair>(), new Map<string, Pair>()];
  for (const pair of pairs) {
    const [from, to] = [
      `${pair.old.unitId}@${pair.on}`,
      `${pair.old.unitId}>${pair.fresh.unitId}@${pair.on}`,
    ];
    const [twin, other] = [seen.get(to), main.get(from)];
    if (twin) fault(pair, 'new_code', 'pair-twice', twin);
    else if (pair.hint && other) fault(pair, 'primary_hint', 'primary-twice', other);
    seen.set(to, pair);
    if (pair.hint) main.set(from, pair);
  }
}

function typed(pairs: readonly Pair[]): StoredSuccession[] {
  const key = ({ unitId }: UnitVersion, on: string) => `${unitId}@${on}`;
  const sources = grouped(pairs, ({ fresh, on }) => key(fresh, on));
  const targets = grouped(pairs, ({ old, on }) => key(old, on));
  return pairs.map(({ old, fresh, on, extent, share, hint }) => {
    const split = extent.startsWith('part') || (targets.get(key(old, on))?.length ?? 0) > 1;
    const merged = (sources.get(key(fresh, on))?.length ?? 0) > 1 || extent === 'unknown';
    const kind = split ? 'split' : merged ? 'merge' : 'continued';
    // Without a hint nobody says which part of a split is the main one.
    const isPrimary = hint ?? !split;
    return { fromUnitId: old.unitId, toUnitId: fresh.unitId, on, kind, extent, share, isPrimary };
  });
}

/** Districts that ended on the day and went nowhere as a whole. */
function removedLevels(
  versions: readonly UnitVersion[],
  pairs: readonly Pair[],
  on: string,
): StoredSuccession[] {
  const moved = new Set(pairs.map(({ old }) => old.unitId));
  const gone = versions.filter(
    ({ kind, validTo, unitId }) => kind === 'district' && validTo === on && !moved.has(unitId),
  );
  return gone.map(({ unitId }) => ({
    fromUnitId: unitId,
    toUnitId: null,
    on,
    kind: 'level-removed' as const,
    extent: 'whole',
    share: null,
    isPrimary: false,
  }));
}
