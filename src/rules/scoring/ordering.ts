/** Score, targets met and place in the list of one member, as one whole number: the smallest is the best. */
export const keyOf = (score: number, tie: number, member: number): number =>
  -(score * TIES + tie) * MEMBERS + member;

/** The same for all members of one score and tie. */
export const levelIn = (key: number): number => Math.floor(key / MEMBERS);

export const memberIn = (key: number, level: number): number => key - level * MEMBERS;

const scoreIn = (key: number): number => Math.floor((MEMBERS - 1 - key) / (TIES * MEMBERS));

const MEMBERS = 65_536;
const TIES = 256;
/** Scores of more places than this are put in order by comparing. */
const MOST_BUCKETS = 65_536;

/** Room for putting keys in order, made once. */
export interface Ordering {
  readonly keys: Float64Array;
  /** Where the keys of each score begin. */
  readonly begins: Int32Array;
  readonly ordered: Float64Array;
}

/** `scores`: how many different scores there can be, by a guess that may be too low. */
export const orderingOf = (members: number, scores: number): Ordering => ({
  keys: new Float64Array(members),
  begins: new Int32Array(Math.min(MOST_BUCKETS, scores) + 1),
  ordered: new Float64Array(members),
});

/**
 * The first `count` keys from the best to the worst. Published scores are few whole numbers, so keys are dealt to their
 * scores, and only those of one score are compared; where there are too many scores they are sorted as they are.
 */
export function inOrder({ keys, begins, ordered }: Ordering, count: number): Float64Array {
  const most = begins.length;
  begins.fill(0);
  for (let index = 0; index < count; index++) {
    const score = scoreIn(keys[index]!);
    if (score >= most) return keys.subarray(0, count).sort();
    begins[score]!++;
  }
  for (let score = most - 1, begin = 0; score >= 0; score--) {
    const members = begins[score]!;
    begins[score] = begin;
    begin += members;
  }
  for (let index = 0; index < count; index++) {
    const key = keys[index]!;
    ordered[begins[scoreIn(key)]!++] = key;
  }
  straighten(ordered, count);
  return ordered.subarray(0, count);
}

/** Within a score the few that stand wrong move up. */
function straighten(keys: Float64Array, count: number): void {
  for (let index = 1; index < count; index++) {
    const key = keys[index]!;
    let at = index;
    for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
}
