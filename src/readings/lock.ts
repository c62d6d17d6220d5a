import type { EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { localDate } from '../platform/http/format.js';
import type { Cell, Note } from './cell.js';

interface Exception {
  readonly unitId: number | null;
  readonly fromOn: string;
  readonly toOn: string;
}

/** Notes the cells whose day is locked: more than the campaign's days old, and not reopened for the unit. */
export async function lockedCells(
  tx: EntityManager,
  campaign: Campaign,
  cells: readonly Cell[],
  now: Date,
  note: Note,
): Promise<void> {
  const open = lockedBefore(campaign, now);
  const late = cells.filter(({ toOn }) => toOn <= open);
  if (late.length === 0) return;
  const exceptions = await openExceptions(tx, campaign.id, now);
  for (const cell of late)
    if (!exceptions.some((exception) => covers(exception, cell)))
      note(cell.row, 'day', 'locked', cell.fromOn, `≥ ${open}`);
}

/** The first day that is still open: figures of a day may come until `lockAfterDays` days after it. */
export function lockedBefore({ lockAfterDays }: Pick<Campaign, 'lockAfterDays'>, now: Date): string {
  const today = Date.parse(`${localDate(now)}T00:00:00Z`);
  return new Date(today - lockAfterDays * 86_400_000).toISOString().slice(0, 10);
}

const openExceptions = (tx: EntityManager, campaignId: number, now: Date): Promise<Exception[]> =>
  tx.query(
    `select unit_id as "unitId", from_on as "fromOn", to_on as "toOn" from lock_exception where campaign_id = $1 and open_until > $2`,
    [campaignId, now],
  );

const covers = ({ unitId, fromOn, toOn }: Exception, cell: Cell) =>
  (unitId === null || unitId === cell.unitId) && fromOn <= cell.fromOn && cell.toOn <= toOn;
