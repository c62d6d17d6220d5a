import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { campaignBySlug, takersOf, type Campaign } from '../campaigns/campaigns.queries.js';
import { indicatorsOf } from '../indicators/indicators.queries.js';
import { InputError } from '../platform/http/input-error.js';
import { cellKey, notes, type Cell } from './cell.js';
import { compared, type Compared } from './comparison.js';
import { headsOf } from './readings.queries.js';
import { ReadingStore } from './reading-store.service.js';

/** Payments that stand, per unit of their day and local day; what was reversed in full does not count. */
const COUNTS = `
  select p.unit_id as "unitId", p.day as "fromOn", count(*)::int as numerator
    from (select u.unit_id, (m.paid_at at time zone 'Asia/Ho_Chi_Minh')::date as day
            from payment m
            join unit_version u on u.code = m.unit_code
             and daterange(u.valid_from, u.valid_to) @> (m.paid_at at time zone 'Asia/Ho_Chi_Minh')::date
           where m.promotion_id = $1 and m.kind = 'payment' and m.status = 'settled' and m.reversed < m.amount) p
    join taking_part($2, $4) t on t.unit_id = p.unit_id
   where p.day between $3 and $4
   group by p.unit_id, p.day`;

export interface DerivationOrder {
  readonly slug: string;
  /** Code of a counting indicator of the campaign. */
  readonly indicator: string;
  readonly promotion: string;
  readonly officer: number | null;
}

export interface Derived {
  readonly added: number;
  readonly corrected: number;
  readonly unchanged: number;
}

async function countingIndicator(tx: EntityManager, rulesVersionId: number, code: string): Promise<number> {
  const found = (await indicatorsOf(tx, rulesVersionId)).find((one) => one.code === code);
  if (found?.form === 'count' && found.kind === 'flow') return found.id;
  throw new InputError([
    { field: 'indicator', code: 'readings.findings.not-derivable', got: code, expected: 'count, flow' },
  ]);
}

/**
 * Readings made of what the office counts itself: the number of online payments per unit and day, out of a payment promotion.
 * They are kept apart from typed ones, and never correct them; they count at once, since nobody typed them.
 */
@Injectable()
export class Derivation {
  constructor(
    private readonly db: DataSource,
    private readonly store: ReadingStore,
  ) {}

  /** Again with nothing new, nothing changes; a day whose count moved is superseded. */
  async payments({ slug, indicator: code, promotion, officer }: DerivationOrder): Promise<Derived> {
    return this.db.transaction(async (tx) => {
      const campaign = await campaignBySlug(tx, slug);
      const source = await campaignBySlug(tx, promotion);
      if (!campaign?.rulesVersionId || source?.kind !== 'promotion') throw new NotFoundException();
      await tx.query('select 1 from campaign where id = $1 for no key update', [campaign.id]);
      const indicatorId = await countingIndicator(tx, campaign.rulesVersionId, code);
      const change = await this.change(tx, campaign, source.id, indicatorId);
      const counts = { added: change.added.length, corrected: change.corrected.length };
      const frame = { cells: [], approve: true, commit: true, allowed: null };
      const delivery = { ...frame, slug, source: 'derived' as const, reason: 'derived', officer };
      if (counts.added + counts.corrected > 0) await this.store.save(tx, campaign, delivery, change);
      return { ...counts, unchanged: change.unchanged };
    });
  }

  /** A day that had payments and has none any more counts 0. */
  private async change(
    tx: EntityManager,
    campaign: Campaign,
    promotionId: number,
    indicatorId: number,
  ): Promise<Compared> {
    const cells = await this.counted(tx, promotionId, campaign, indicatorId);
    const units = (await takersOf(tx, campaign)).map(({ unitId }) => unitId);
    const stored = await headsOf(tx, campaign.id, { indicators: [indicatorId], units, derived: true });
    const known = new Set(cells.map(cellKey));
    const gone = stored.filter((head) => !known.has(cellKey(head)));
    return compared(
      [...cells, ...gone.map((head) => ({ ...head, row: 0, numerator: 0 }))],
      stored,
      'derived',
      notes().note,
    );
  }

  private async counted(
    tx: EntityManager,
    promotionId: number,
    campaign: Campaign,
    indicatorId: number,
  ): Promise<Cell[]> {
    const rows = await tx.query<{ unitId: number; fromOn: string; toOn: string; numerator: number }[]>(
      `select c.*, c."fromOn" + 1 as "toOn" from (${COUNTS}) c order by 2, 1`,
      [promotionId, campaign.id, campaign.startsOn, campaign.endsOn],
    );
    return rows.map((row, at) => ({ ...row, row: at + 1, indicatorId, denominator: null, value: null }));
  }
}
