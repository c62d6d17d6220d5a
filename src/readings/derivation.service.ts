import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { campaignBySlug } from '../campaigns/campaigns.queries.js';
import { indicatorsOf } from '../indicators/indicators.queries.js';
import { Clock } from '../platform/clock.js';
import { InputError } from '../platform/http/input-error.js';
import { cellKey, notes, type Cell } from './cell.js';
import { compared } from './comparison.js';
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
    join participation t on t.unit_id = p.unit_id and t.campaign_id = $2
   where p.day between $3 and $4
   group by p.unit_id, p.day`;

/**
 * Readings made of what the office counts itself: the number of online payments per unit and day, out of a payment promotion.
 * They are kept apart from typed ones, and never correct them; they count at once, since nobody typed them.
 */
@Injectable()
export class Derivation {
  constructor(
    private readonly db: DataSource,
    private readonly store: ReadingStore,
    private readonly clock: Clock,
  ) {}

  /** Again with nothing new, nothing changes; a day whose count moved is superseded. @returns how many readings were written. */
  async payments(order: {
    slug: string;
    indicator: string;
    promotion: string;
    officer: number | null;
  }): Promise<{ added: number; corrected: number; unchanged: number }> {
    return this.db.transaction(async (tx) => {
      const campaign = await campaignBySlug(tx, order.slug);
      const promotion = await campaignBySlug(tx, order.promotion);
      if (!campaign?.rulesVersionId || promotion?.kind !== 'promotion') throw new NotFoundException();
      await tx.query('select 1 from campaign where id = $1 for no key update', [campaign.id]);
      const indicator = (await indicatorsOf(tx, campaign.rulesVersionId)).find(
        ({ code }) => code === order.indicator,
      );
      if (indicator?.form !== 'count' || indicator.kind !== 'flow')
        throw new InputError([
          {
            field: 'indicator',
            code: 'readings.findings.not-derivable',
            got: order.indicator,
            expected: 'count, flow',
          },
        ]);
      const cells = await this.counted(
        tx,
        promotion.id,
        { id: campaign.id, from: campaign.startsOn, to: campaign.endsOn },
        indicator.id,
      );
      const units = [...new Set(cells.map(({ unitId }) => unitId))];
      const stored = await headsOf(tx, campaign.id, { indicators: [indicator.id], units, derived: true });
      const gone = stored.filter((head) => !cells.some((cell) => cellKey(cell) === cellKey(head)));
      const all = [...cells, ...gone.map((head) => ({ ...head, row: 0, numerator: 0 }))];
      const change = compared(all, stored, `derived ${this.clock.now().toISOString()}`, notes().note);
      const delivery = {
        slug: order.slug,
        source: 'derived' as const,
        cells: [],
        reason: 'derived',
        approve: true,
        commit: true,
        officer: order.officer,
        allowed: null,
      };
      if (change.added.length + change.corrected.length > 0)
        await this.store.save(tx, campaign, delivery, change);
      return { added: change.added.length, corrected: change.corrected.length, unchanged: change.unchanged };
    });
  }

  private async counted(
    tx: EntityManager,
    promotionId: number,
    campaign: { id: number; from: string; to: string },
    indicatorId: number,
  ): Promise<Cell[]> {
    const rows = await tx.query<{ unitId: number; fromOn: string; toOn: string; numerator: number }[]>(
      `select c.*, c."fromOn" + 1 as "toOn" from (${COUNTS}) c order by 2, 1`,
      [promotionId, campaign.id, campaign.from, campaign.to],
    );
    return rows.map((row, at) => ({ ...row, row: at + 1, indicatorId, denominator: null, value: null }));
  }
}
