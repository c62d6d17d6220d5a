import type { HandoverRow, PassageRow } from './passage.queries.js';

/**
 * A unit with figures that is not on the tree: gone by its day, or not yet there. Its figures are never lost:
 * - `same`: it is one unit of the tree under another name, and nothing else went in or out;
 * - `whole`: all of it belongs to one unit of the tree, and its figures are added there;
 * - `divided`: its figures are divided among units of the tree by their known shares: an estimate;
 * - `above`: nobody knows how they divide; they count from the nearest unit that holds all parts;
 * - `nowhere`: no unit of the tree holds all parts; its figures are left out.
 */
export interface Passage {
  readonly unitId: number;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  /** It came after the tree's day; else it was gone by then. */
  readonly later: boolean;
  readonly since: string | null;
  readonly how: 'same' | 'whole' | 'divided' | 'above' | 'nowhere';
  /** Units of the tree it became, or came from; shares of its people where they are known. */
  readonly kin: readonly Kin[];
  /** The unit its figures are added to. */
  readonly below: number | null;
}

export interface Kin {
  readonly unitId: number;
  readonly share: string | null;
}

/** The tree of the day: who stands below whom, and who takes part there by inheritance. */
export interface Ground {
  readonly parents: ReadonlyMap<number, number | null>;
  readonly heirs: ReadonlySet<number>;
  readonly handovers: readonly HandoverRow[];
}

export function passagesOf(rows: readonly PassageRow[], ground: Ground): Passage[] {
  const byUnit = new Map<number, PassageRow[]>();
  for (const row of rows) byUnit.set(row.unit_id, [...(byUnit.get(row.unit_id) ?? []), row]);
  const claims = new Map<number, number>();
  for (const { kin_id: kin } of rows) if (kin !== null) claims.set(kin, (claims.get(kin) ?? 0) + 1);
  return [...byUnit.values()].map((own) => passageOf(own, ground, claims));
}

function passageOf(
  rows: readonly PassageRow[],
  ground: Ground,
  claims: ReadonlyMap<number, number>,
): Passage {
  const [first] = rows as [PassageRow];
  const kin = rows.flatMap(({ kin_id: unitId, share }) => (unitId === null ? [] : [{ unitId, share }]));
  const { unit_id: unitId, code, name, kind, later, since } = first;
  const rest = { unitId, code, name, kind, later, since, kin };
  const [only] = kin;
  if (only && kin.length === 1 && (later || only.share === '1')) {
    const same = claims.get(only.unitId) === 1 && takesOver(first, only.unitId, ground);
    return { ...rest, how: same ? 'same' : 'whole', below: only.unitId };
  }
  if (kin.length > 1 && divides(kin)) return { ...rest, how: 'divided', below: null };
  const below = kin.length > 0 ? holderOf(kin, ground) : nearest(first.parent_id, ground);
  return { ...rest, how: below === null ? 'nowhere' : 'above', below };
}

/** The one came directly in the place of the other, who had ended, and has no history of its own. */
function takesOver({ unit_id: unit, later }: PassageRow, kin: number, { handovers, heirs }: Ground): boolean {
  const [from, to] = later ? [kin, unit] : [unit, kin];
  const direct = handovers.some((one) => one.from_id === from && one.to_id === to);
  return direct && (later || heirs.has(kin)) && handovers.filter((one) => one.to_id === to).length === 1;
}

/** All shares known, and nothing of the whole missing. */
const divides = (kin: readonly Kin[]): boolean =>
  kin.every(({ share }) => share !== null) &&
  kin.reduce((sum, { share }) => sum + Math.round(Number(share) * 1_000_000), 0) === 1_000_000;

/** The lowest unit that has all of them below it. */
function holderOf(kin: readonly Kin[], ground: Ground): number | null {
  const [first = [], ...others] = kin.map(({ unitId }) => lineAbove(unitId, ground).slice(1));
  return first.find((unit) => others.every((line) => line.includes(unit))) ?? null;
}

const nearest = (unit: number | null, ground: Ground): number | null =>
  unit !== null && ground.parents.has(unit) ? unit : null;

function lineAbove(unit: number, { parents }: Ground): number[] {
  const line: number[] = [];
  for (let at: number | null | undefined = unit; at && !line.includes(at); at = parents.get(at))
    line.push(at);
  return line;
}

/** For each unit of the tree, who came into it before the tree's day, whole or in part. */
export function sourcesByUnit(passages: readonly Passage[]): Map<number, Passage[]> {
  const sources = new Map<number, Passage[]>();
  for (const passage of passages)
    for (const { unitId } of passage.later ? [] : passage.kin)
      sources.set(unitId, [...(sources.get(unitId) ?? []), passage]);
  return sources;
}

/** Does it bring its figures to the unit, all of them or a known part? */
export const isCarried = ({ how }: Passage): boolean => ['same', 'whole', 'divided'].includes(how);
