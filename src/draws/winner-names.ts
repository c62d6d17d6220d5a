import type { EntityManager } from 'typeorm';

export interface NamedWinner {
  id: number;
  prizeVi: string;
  prizeEn: string;
  place: number;
  code: string;
  name: string;
  locality: string;
  value: number;
  outcome: string | null;
}

/** Winners of one draw, or of all draws of a list when no replacement is named, as papers print them: names masked. */
export function publishedWinners(
  tx: EntityManager,
  drawId: number,
  replacement?: number,
): Promise<NamedWinner[]> {
  return tx.query<NamedWinner[]>(
    `select w.id, p.name_vi as "prizeVi", p.name_en as "prizeEn", w.place, w.code, w.masked_name as name, w.locality,
       w.value::float8 as value, (select kind from winner_step s where s.winner_id = w.id
         and s.kind in ('handed-over', 'refused', 'expired', 'disqualified')) as outcome
     from winner w join prize p on p.draw_id = w.draw_id and p.code = w.prize
     where w.draw_id = $1 and ($2::integer is null or w.replacement = $2) order by w.replacement, w.ordinal`,
    [drawId, replacement ?? null],
  );
}
