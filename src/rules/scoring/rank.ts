/** Units to be put in order. `keys` are the tie-breaks in their declared order, higher is better. */
export interface Contender {
  readonly unit: number;
  /** The published, rounded score in millionths. */
  readonly score: number;
  readonly keys: readonly number[];
  readonly ranked: boolean;
}

export interface Place {
  readonly unit: number;
  /** 1 is the best; `null` for a unit that is listed without a place. */
  readonly rank: number | null;
  /** With how many others the place is shared. */
  readonly shared: number;
  /** Which tie-break parted it from the unit before it (an index into the declared chain). */
  readonly partedBy: number | null;
}

/**
 * Places by published score, then by the declared tie-breaks; who is equal in all of them shares the place. `competition`
 * leaves the following places empty (1-2-2-4), `dense` does not (1-2-2-3). Unranked units come last, in given order.
 */
export function ranksOf(
  contenders: readonly Contender[],
  ranking: 'competition' | 'dense' = 'competition',
): Place[] {
  const order = contenders.filter(({ ranked }) => ranked).toSorted(better);
  const runs = equalRuns(order);
  const places = runs.flatMap((run, dense) => {
    const before = order[run.from - 1];
    const first = order[run.from];
    const parted = before && first ? partedBy(before, first) : BY_SCORE;
    return order.slice(run.from, run.until).map(({ unit }) => ({
      unit,
      rank: ranking === 'dense' ? dense + 1 : run.from + 1,
      shared: run.until - run.from - 1,
      partedBy: parted >= 0 ? parted : null,
    }));
  });
  const unranked = contenders.filter(({ ranked }) => !ranked);
  return [...places, ...unranked.map(({ unit }) => ({ unit, rank: null, shared: 0, partedBy: null }))];
}

/** The place a contender would have among others who stand as they are; `null` when it is not ranked. */
export function placeAmong(
  contender: Contender,
  others: readonly Contender[],
  ranking: 'competition' | 'dense',
): number | null {
  if (!contender.ranked) return null;
  const ahead = others.filter((other) => other.ranked && better(other, contender) < 0);
  if (ranking === 'competition') return ahead.length + 1;
  return new Set(ahead.map(({ score, keys }) => `${score}|${keys.join('|')}`)).size + 1;
}

/** Who would be given `awards` prizes; a tie at the cut is reported, never cut silently. */
export function awardCut(places: readonly Place[], awards: number): { sure: number[]; tied: number[] } {
  const upTo = places.filter(({ rank }) => rank !== null && rank <= awards);
  if (upTo.length <= awards) return { sure: upTo.map(({ unit }) => unit), tied: [] };
  const last = Math.max(...upTo.map(({ rank }) => rank ?? 0));
  return {
    sure: upTo.filter(({ rank }) => rank !== last).map(({ unit }) => unit),
    tied: upTo.filter(({ rank }) => rank === last).map(({ unit }) => unit),
  };
}

const SAME = -1;
const BY_SCORE = -2;

const better = (a: Contender, b: Contender) => {
  if (a.score !== b.score) return b.score - a.score;
  const key = a.keys.findIndex((value, index) => value !== b.keys[index]);
  return key < 0 ? 0 : (b.keys[key] ?? 0) - (a.keys[key] ?? 0);
};

const partedBy = (a: Contender, b: Contender) =>
  a.score !== b.score ? BY_SCORE : a.keys.findIndex((value, index) => value !== b.keys[index]);

/** Stretches of contenders equal in score and in every tie-break; half-open. */
function equalRuns(order: readonly Contender[]): { from: number; until: number }[] {
  const runs: { from: number; until: number }[] = [];
  order.forEach((contender, index) => {
    const before = order[index - 1];
    const last = runs.at(-1);
    if (before && last && partedBy(before, contender) === SAME) last.until = index + 1;
    else runs.push({ from: index, until: index + 1 });
  });
  return runs;
}
