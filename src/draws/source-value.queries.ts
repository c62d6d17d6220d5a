import type { Acting, Actor } from './office.service.js';

type OnDraw = Pick<Acting<Actor | null>, 'tx' | 'draw' | 'replacement' | 'now'>;

export async function isRecorded({ tx, draw, replacement }: OnDraw, source: string): Promise<boolean> {
  const recorded = await tx.query<unknown[]>(
    'select 1 from source_value where draw_id = $1 and replacement = $2 and source = $3',
    [draw.id, replacement, source],
  );
  return recorded.length > 0;
}

/** Who brought it: an officer, or a relay that has no number among them. */
export interface Bringer {
  readonly id?: number;
  readonly organisation: string;
}

/** What a source gave, for good. */
export async function keepValue(
  { tx, draw, replacement, now }: OnDraw,
  source: string,
  { value, randomness = null, by }: { value: string; randomness?: string | null; by: readonly Bringer[] },
): Promise<void> {
  await tx.query(
    `insert into source_value (draw_id, replacement, source, value, randomness, at, officers, offices)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      draw.id,
      replacement,
      source,
      value,
      randomness,
      now,
      by.flatMap(({ id }) => id ?? []),
      by.map(({ organisation }) => organisation),
    ],
  );
}
