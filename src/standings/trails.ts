interface Trail {
  /** Group, unit and days. */
  readonly key: string;
  readonly scores: readonly number[];
}

/** Scores of some days, by row of the cube, kept where they hang on the unit's own figures alone. */
export class Trails {
  private readonly kept = new Map<number, Trail>();

  /** @param work gives `null` for a day whose score asks the whole group: such a trail is worked out by `whole`, and not kept. */
  of(
    row: number,
    key: string,
    days: readonly number[],
    work: { own: (day: number) => number | null; whole: (day: number) => number },
  ): readonly number[] {
    const known = this.kept.get(row);
    if (known?.key === key) return known.scores;
    const own = days.map(work.own);
    const scores = own.map((score, index) => score ?? work.whole(days[index] ?? 0));
    if (!own.includes(null)) this.kept.set(row, { key, scores });
    return scores;
  }

  /** The figures moved: in these rows, or anywhere. */
  forget(rows?: Iterable<number>): void {
    if (!rows) return this.kept.clear();
    for (const row of rows) this.kept.delete(row);
  }
}
