import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { Live } from '../platform/live/live.js';
import type { Compared } from './comparison.js';
import type { Delivery, Entry } from './delivery.js';

const CHUNK = 20_000;
/** So many at once change what the planner should know of the table. */
const BULK = 20_000;

/** Writes readings: rows are added, never changed; what a correction replaces stays readable under it. */
@Injectable()
export class ReadingStore {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly live: Live,
  ) {}

  /** @returns the batch's number. */
  async save(tx: EntityManager, campaign: Campaign, delivery: Delivery, change: Compared): Promise<number> {
    const now = this.clock.now();
    const approved = delivery.approve === true || campaign.approvalSteps === 0;
    const batchId = await this.openBatch(tx, campaign.id, delivery, change, now);
    const corrected = change.corrected.map(({ supersedesId }) => supersedesId);
    await this.displace(tx, corrected, approved, now, delivery.officer);
    // In the order of the indexes: a national file goes in twice as fast.
    const entries = [...change.added, ...change.corrected].toSorted(byCell);
    for (let at = 0; at < entries.length; at += CHUNK)
      await this.insert(
        tx,
        { campaignId: campaign.id, batchId, delivery, now, approved },
        entries.slice(at, at + CHUNK),
      );
    if (entries.length >= BULK) await tx.query('analyze reading');
    const { added, corrected: changed, unchanged } = change;
    const facts = {
      source: delivery.source,
      added: added.length,
      corrected: changed.length,
      unchanged,
      approved,
      sha256: delivery.file?.sha256,
    };
    const act = approved ? 'readings.approved' : 'readings.submitted';
    await this.journal.record(tx, {
      officer: delivery.officer,
      act,
      subject: `campaign/${campaign.slug}/batch/${batchId}`,
      facts,
    });
    if (approved) await this.tell(tx, campaign.id, batchId, entries);
    return batchId;
  }

  /** Tells open boards that readings count now. */
  async tell(
    tx: EntityManager,
    campaignId: number,
    batchId: number | null,
    entries: readonly Pick<Entry, 'unitId' | 'indicatorId'>[],
  ) {
    const units = [...new Set(entries.map(({ unitId }) => unitId))].slice(0, 200);
    await this.live.tell(tx, `campaign:${campaignId}`, {
      act: 'readings.approved',
      batch: batchId,
      readings: entries.length,
      units,
    });
  }

  private async openBatch(
    tx: EntityManager,
    campaignId: number,
    delivery: Delivery,
    change: Compared,
    now: Date,
  ): Promise<number> {
    const { source, file, format, cumulative, officer } = delivery;
    const [batch] = await tx.query<{ id: number }[]>(
      `insert into reading_batch (campaign_id, source, file_name, file_sha256, layout, recorded_at, recorded_by, added, corrected, unchanged)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
      [
        campaignId,
        source,
        file?.name ?? null,
        file?.sha256 ?? null,
        JSON.stringify({ numbers: format, cumulative: cumulative === true }),
        now,
        officer,
        change.added.length,
        change.corrected.length,
        change.unchanged,
      ],
    );
    return batch?.id ?? 0;
  }

  /** A waiting reading that is corrected is returned; a counting one counts until the correction does. */
  private async displace(
    tx: EntityManager,
    ids: readonly (number | null)[],
    approved: boolean,
    now: Date,
    officer: number | null,
  ) {
    if (ids.length === 0) return;
    await tx.query(
      `with returned as (
         update reading set state = 'returned' where id = any($1) and approved_at is null returning id
       )
       insert into reading_mark (reading_id, state, marked_at, marked_by, reason)
       select id, 'returned', $2, $3, 'superseded' from returned`,
      [ids, now, officer],
    );
    if (approved)
      await tx.query(
        `update reading r set replaced_at = $2
           from reading c
          where c.id = any($1) and r.indicator_id = c.indicator_id and r.unit_id = c.unit_id and r.from_on = c.from_on and r.to_on = c.to_on
            and (r.source = 'derived') = (c.source = 'derived') and r.approved_at is not null and r.replaced_at is null`,
        [ids, now],
      );
  }

  private async insert(
    tx: EntityManager,
    batch: { campaignId: number; batchId: number; delivery: Delivery; now: Date; approved: boolean },
    entries: readonly Entry[],
  ): Promise<void> {
    const { campaignId, batchId, delivery, now, approved } = batch;
    await tx.query(
      `insert into reading (batch_id, campaign_id, source, state, recorded_at, recorded_by, approved_at,
                            indicator_id, unit_id, from_on, to_on, numerator, denominator, value, supersedes_id, reason)
       select $1, $2, $3, $4, $5, $6, $7, e.*, case when e.supersedes_id is not null then $8 end
         from unnest($9::int[], $10::int[], $11::date[], $12::date[], $13::bigint[], $14::bigint[], $15::numeric[], $16::bigint[])
           e(indicator_id, unit_id, from_on, to_on, numerator, denominator, value, supersedes_id)`,
      [
        batchId,
        campaignId,
        delivery.source,
        approved ? 'approved' : 'submitted',
        now,
        delivery.officer,
        approved ? now : null,
        delivery.reason?.trim() ?? null,
        entries.map(({ indicatorId }) => indicatorId),
        entries.map(({ unitId }) => unitId),
        entries.map(({ fromOn }) => fromOn),
        entries.map(({ toOn }) => toOn),
        entries.map(({ numerator }) => numerator),
        entries.map(({ denominator }) => denominator),
        entries.map(({ value }) => value),
        entries.map(({ supersedesId }) => supersedesId),
      ],
    );
  }
}

const byCell = (a: Entry, b: Entry) =>
  a.indicatorId - b.indicatorId || a.unitId - b.unitId || (a.fromOn < b.fromOn ? -1 : 1);
