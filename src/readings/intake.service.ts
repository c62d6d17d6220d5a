import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { takersOf, type Campaign } from '../campaigns/campaigns.queries.js';
import { Campaigns } from '../campaigns/campaigns.service.js';
import { indicatorsOf, type IndicatorVersion } from '../indicators/indicators.queries.js';
import { Clock } from '../platform/clock.js';
import { localDate } from '../platform/http/format.js';
import type { Finding } from '../platform/http/input-error.js';
import { UnitIndex } from '../units/unit-index.js';
import { allVersions } from '../units/unit.queries.js';
import { notes, type Cell, type CellText } from './cell.js';
import { CellReader } from './cell-reading.js';
import { jumps, type Compared } from './comparison.js';
import type { Delivery, DeliveryReport } from './delivery.js';
import { lockedCells } from './lock.js';
import { numberFormatOf, type NumberFormat } from './number-format.js';
import { inheritanceOf } from './inheritance.queries.js';
import { headsOf } from './readings.queries.js';
import { ReadingStore } from './reading-store.service.js';
import { judged } from './judgement.js';

/** Takes readings in: all of a delivery or nothing of it, whoever brings it and in whatever form. */
@Injectable()
export class Intake {
  constructor(
    private readonly db: DataSource,
    private readonly campaigns: Campaigns,
    private readonly store: ReadingStore,
    private readonly clock: Clock,
  ) {}

  async take(delivery: Delivery): Promise<DeliveryReport> {
    return this.db.transaction(async (tx) => {
      const campaign = await this.campaigns.bySlug(tx, delivery.slug);
      // One delivery at a time per campaign: two officers on one cell are told apart, not mixed.
      await tx.query('select 1 from campaign where id = $1 for no key update', [campaign.id]);
      return this.judge(tx, campaign, delivery);
    });
  }

  private async judge(tx: EntityManager, campaign: Campaign, delivery: Delivery): Promise<DeliveryReport> {
    const { findings, note } = notes(delivery.columns);
    const format = delivery.format ?? detected(delivery.cells, note);
    const indicators = campaign.rulesVersionId ? await indicatorsOf(tx, campaign.rulesVersionId) : [];
    if (indicators.length === 0) note(1, 'indicator', 'not-published', campaign.slug, '');
    if (!format || findings.length > 0) return reportOf(delivery, format, findings);
    const read = await this.read(tx, campaign, indicators, delivery, format, note);
    const units = [...new Set(read.map(({ unitId }) => unitId))];
    const touched = new Set(read.map(({ indicatorId }) => indicatorId));
    const stored = await headsOf(tx, campaign.id, { indicators: [...touched], units });
    const among = indicators.filter(({ id }) => touched.has(id));
    const inherited = await inheritanceOf(tx, campaign, units, among);
    const { startsOn } = campaign;
    const change = judged(read, { stored, inherited, indicators, startsOn, delivery, note });
    const entries = [...change.added, ...change.corrected];
    if (!delivery.pastLock) await lockedCells(tx, campaign, entries, this.clock.now(), note);
    const warned = notes(delivery.columns);
    jumps(entries, stored, warned.note);
    const committed = delivery.commit && findings.length === 0;
    const saves = committed && entries.length > 0;
    const batchId = saves ? await this.store.save(tx, campaign, { ...delivery, format }, change) : null;
    return { ...reportOf(delivery, format, findings, warned.findings, change), committed, batchId };
  }

  private async read(
    tx: EntityManager,
    campaign: Campaign,
    indicators: readonly IndicatorVersion[],
    { cells, allowed }: Delivery,
    format: NumberFormat,
    note: ReturnType<typeof notes>['note'],
  ): Promise<Cell[]> {
    const versions = await allVersions(tx);
    const participants = new Set((await takersOf(tx, campaign)).map(({ unitId }) => unitId));
    const units = new UnitIndex(versions, participants);
    const everyUnit = new UnitIndex(versions);
    const today = localDate(this.clock.now());
    const reader = new CellReader(
      { campaign, indicators, units, everyUnit, participants, allowed, today, format },
      note,
    );
    return cells.flatMap((cell) => reader.read(cell) ?? []);
  }
}

const NOTHING: Compared = { added: [], corrected: [], unchanged: 0 };

function reportOf(
  { cells }: Delivery,
  format: NumberFormat | null,
  findings: readonly Finding[],
  warnings: readonly Finding[] = [],
  { added, corrected, unchanged }: Compared = NOTHING,
): DeliveryReport {
  const counts = { rows: cells.length, added: added.length, corrected: corrected.length, unchanged };
  return {
    ...counts,
    format,
    committed: false,
    batchId: null,
    findings: byRow(findings),
    warnings: byRow(warnings),
  };
}

const byRow = (findings: readonly Finding[]) => findings.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0));

/** The one number format of the file; where there is none to be found, the cells that show it. */
function detected(cells: readonly CellText[], note: ReturnType<typeof notes>['note']): NumberFormat | null {
  const fields = ['numerator', 'denominator', 'value'] as const;
  const numbers = cells.flatMap((cell) =>
    fields.map((field) => ({ cell, field, text: cell[field], whole: field !== 'value' })),
  );
  const told = numbers.filter(({ text }) => text !== '');
  const found = numberFormatOf(told);
  if (found.format) return found.format;
  const at = (index: number) => told[index];
  if (found.why === 'ambiguous') {
    const one = at(found.cell);
    if (one)
      note(one.cell.row, one.field, 'numbers-ambiguous', one.text, 'vi: 25.392 · 11,5; en: 25,392 · 11.5');
  } else
    for (const [index, format] of [
      [found.vi, 'en'],
      [found.en, 'vi'],
    ] as const) {
      const one = at(index);
      const other = at(index === found.vi ? found.en : found.vi);
      if (one)
        note(
          one.cell.row,
          one.field,
          'numbers-mixed',
          one.text,
          `${format}: row ${other?.cell.row ?? ''} ${other?.text ?? ''}`,
        );
    }
  return null;
}
