import { MILLION, timesOver } from '../rules/scoring/fraction.js';
import type { FactCube } from './fact-cube.js';

/**
 * States (stocks, running totals) of units that take over from one another count once. What stood before counts until
 * everyone who took it over has said how it stands now; from that day on only they count. Days from the first day of the
 * campaign, per row; `days` or more: never.
 */
export interface Gates {
  /** The row's own figure, under figures of its parts. */
  readonly ownUntil: Int32Array;
  /** The row with its parts, in the sum of the unit above. */
  readonly upFrom: Int32Array;
  readonly upUntil: Int32Array;
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly day: number;
}

export function gatesOf(cube: FactCube, slot: number): Gates | null {
  const edges = cube.flows[slot] || !cube.adds[slot] ? [] : edgesOf(cube);
  if (edges.length === 0) return null;
  const gates: Gates = {
    ownUntil: new Int32Array(cube.rows).fill(cube.days),
    upFrom: new Int32Array(cube.rows),
    upUntil: new Int32Array(cube.rows).fill(cube.days),
  };
  const handedOver = new Map<number, number>();
  for (const together of takeovers(edges)) {
    const day = Math.max(...together.map((edge) => saidAnew(cube, slot, edge, handedOver)));
    for (const { from, to, day: since } of together) {
      handedOver.set(from, day);
      if (isUnder(cube, to, from)) gates.ownUntil[from] = day;
      else gates.upUntil[from] = day;
      if (firstReport(cube, slot, to, 0) >= since) gates.upFrom[to] = day;
    }
  }
  return gates;
}

/** Units that are divided by shares hand over by these; see `divide`. */
function edgesOf(cube: FactCube): Edge[] {
  const { passages, handovers, start } = cube.contest;
  const divided = new Set(passages.flatMap(({ how, unitId }) => (how === 'divided' ? [unitId] : [])));
  return handovers
    .filter(({ from }) => !divided.has(from))
    .map(({ from, to, on }) => ({ from: cube.rowOf(from), to: cube.rowOf(to), day: on - start }))
    .filter(({ from, to }) => from >= 0 && to >= 0 && from !== to);
}

/** Take-overs of one day that hang together, the latest day first. */
function takeovers(edges: readonly Edge[]): Edge[][] {
  const groups: Edge[][] = [];
  for (const edge of edges.toSorted((a, b) => b.day - a.day)) {
    const joined = groups.filter((group) =>
      group.some(({ from, to, day }) => day === edge.day && (from === edge.from || to === edge.to)),
    );
    const rest = groups.filter((group) => !joined.includes(group));
    groups.splice(0, groups.length, ...rest, [...joined.flat(), edge]);
  }
  return groups;
}

/** The day the one who took over said how things stand, or handed over in turn. */
const saidAnew = (
  cube: FactCube,
  slot: number,
  { to, day }: Edge,
  handedOver: ReadonlyMap<number, number>,
): number => Math.min(firstReport(cube, slot, to, Math.max(0, day)), handedOver.get(to) ?? cube.days);

function firstReport(cube: FactCube, slot: number, row: number, from: number): number {
  for (let day = from; day < cube.days; day++) if (cube.reportedD[cube.at(day, slot, row)]! >= 0) return day;
  return cube.days;
}

function isUnder({ above }: FactCube, row: number, top: number): boolean {
  for (let at = above[row] ?? -1; at >= 0; at = above[at] ?? -1) if (at === top) return true;
  return false;
}

/**
 * Divides what a split unit reached among its heirs by their known shares, exactly: the parts add up to the whole.
 * Cases that meet and cases that do not are divided each for themselves, so that no part has more of the one than of
 * both. Of a state an heir's part counts until it reports for itself.
 */
export function divide(cube: FactCube, slot: number): void {
  for (const { how, unitId, kin, since } of cube.contest.passages) {
    if (how !== 'divided') continue;
    const from = cube.rowOf(unitId);
    let upTo = 0;
    for (const { unitId: heir, share } of kin) {
      const bounds = { after: upTo, upTo: upTo + Math.round(Number(share) * MILLION) };
      upTo = bounds.upTo;
      const own = cube.flows[slot]
        ? cube.days
        : firstReport(cube, slot, cube.rowOf(heir), dayOf(cube, since));
      for (let day = 0; day < own; day++) addPart(cube, { slot, day, from, to: cube.rowOf(heir) }, bounds);
    }
  }
}

const dayOf = ({ contest }: FactCube, since: string | null): number =>
  since === null
    ? 0
    : Math.max(0, Math.round((Date.parse(since) - Date.parse(contest.startsOn)) / 86_400_000));

interface Bounds {
  readonly after: number;
  readonly upTo: number;
}

function addPart(
  cube: FactCube,
  { slot, day, from, to }: { slot: number; day: number; from: number; to: number },
  bounds: Bounds,
): void {
  const [source, target] = [cube.at(day, slot, from), cube.at(day, slot, to)];
  const n = cube.numerators[source]!;
  const d = cube.denominators[source]!;
  if (d < 0 || to < 0) return;
  const own = cube.denominators[target]!;
  const part = partOf(n, bounds);
  cube.numerators[target] = (own < 0 ? 0 : cube.numerators[target]!) + part;
  const under = d < n ? partOf(d, bounds) : part + partOf(d - n, bounds);
  cube.denominators[target] = cube.counts[slot] ? 1 : (own < 0 ? 0 : own) + under;
}

/** What lies between two marks of the whole, in whole cases. */
const partOf = (whole: number, { after, upTo }: Bounds): number =>
  timesOver(whole, upTo, MILLION) - timesOver(whole, after, MILLION);
