import { ConflictException, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { indicatorsOf } from '../indicators/indicators.queries.js';
import type { Officer } from '../platform/http/access.js';
import { InputError, type Finding } from '../platform/http/input-error.js';
import type { CellText } from './cell.js';
import { dayOf } from './cell-reading.js';
import type { DeliveryReport } from './delivery.js';
import { Drafts, type GridCell } from './drafts.service.js';
import { Intake } from './intake.service.js';
import type { NumberFormat } from './number-format.js';
import { Workplace, type Place } from './workplace.js';

/** What was typed into the grid of one day. */
export interface GridEntry {
  readonly slug: string;
  readonly on: string;
  readonly format: NumberFormat;
  readonly reason: string;
  readonly cells: readonly TypedCell[];
}

export interface TypedCell {
  /** Names the field: `<unit id>.<indicator code>`. */
  readonly key: string;
  readonly numerator: string;
  readonly denominator: string;
  readonly value: string;
  /** The reading that stood there when the page was drawn. */
  readonly seen: number | null;
}

/** Takes the grid of a day in: as a draft, or as figures handed in. */
@Injectable()
export class GridIntake {
  constructor(
    private readonly db: DataSource,
    private readonly workplace: Workplace,
    private readonly intake: Intake,
    private readonly drafts: Drafts,
  ) {}

  async save(officer: Officer, entry: GridEntry): Promise<number> {
    const place = await this.workplace.of(officer, entry.slug);
    const cells = await this.gridCells(place, entry.cells);
    await this.db.transaction((tx) => this.drafts.save(tx, place.campaign, entry.on, cells, officer.id));
    return cells.length;
  }

  /** @throws InputError with the field of each fault; nothing is taken in then. */
  async submit(officer: Officer, entry: GridEntry): Promise<DeliveryReport> {
    const place = await this.workplace.of(officer, entry.slug, undefined, dayOf(entry.on));
    const filled = entry.cells.filter(
      ({ numerator, denominator, value }) => numerator || denominator || value,
    );
    if (filled.length === 0)
      throw new InputError([{ field: 'on', code: 'readings.findings.nothing-typed', got: 0, expected: 1 }]);
    const codes = new Map(place.units.map(({ unitId, code }) => [unitId, code]));
    const report = await this.intake.take({
      slug: entry.slug,
      source: 'typed',
      cells: filled.map((cell, at) => cellText(cell, at + 1, entry.on, codes)),
      format: entry.format,
      reason: entry.reason || undefined,
      commit: true,
      officer: officer.id,
      allowed: new Set(codes.keys()),
    });
    if (report.findings.length > 0)
      throw new InputError(report.findings.map((found) => atField(found, filled)));
    const cells = await this.gridCells(place, filled);
    await this.db.transaction((tx) => this.drafts.clear(tx, entry.on, cells));
    return report;
  }

  private async gridCells({ campaign, units }: Place, typed: readonly TypedCell[]): Promise<GridCell[]> {
    if (!campaign.rulesVersionId) throw new ConflictException('indicators.nothing-to-publish');
    const ids = new Map(
      (await indicatorsOf(this.db, campaign.rulesVersionId)).map(({ code, id }) => [code, id]),
    );
    const mine = new Set(units.map(({ unitId }) => unitId));
    return typed.flatMap(({ key, numerator, denominator, value }) => {
      const [unitId, code] = parts(key);
      const indicatorId = ids.get(code);
      return indicatorId && mine.has(unitId) ? [{ unitId, indicatorId, numerator, denominator, value }] : [];
    });
  }
}

const parts = (key: string): [number, string] => [
  Number(key.slice(0, key.indexOf('.'))),
  key.slice(key.indexOf('.') + 1),
];

function cellText(
  { key, numerator, denominator, value, seen }: TypedCell,
  row: number,
  day: string,
  codes: ReadonlyMap<number, string>,
): CellText {
  const [unitId, indicator] = parts(key);
  return {
    row,
    unitCode: codes.get(unitId) ?? `#${unitId}`,
    unit: '',
    indicator,
    day,
    from: '',
    to: '',
    numerator,
    denominator,
    value,
    seen,
  };
}

const LETTER: Record<string, string> = { numerator: 'n', denominator: 'd', value: 'v' };

/** The finding's row and column as the field of the page. */
function atField({ row = 1, column, ...found }: Finding, cells: readonly TypedCell[]): Finding {
  const key = cells[row - 1]?.key ?? '';
  const letter = LETTER[String(column)];
  return {
    ...found,
    row,
    field: letter ? `${letter}.${key}` : found.code.endsWith('locked') ? 'on' : `n.${key}`,
  };
}

/** The posted fields `n.<key>`, `d.<key>`, `v.<key>`, `s.<key>` as cells. */
export function typedCells(body: Record<string, unknown>): TypedCell[] {
  const text = (name: string) => (typeof body[name] === 'string' ? body[name].trim() : '');
  const keys = new Set(
    Object.keys(body).flatMap((name) => /^[ndv]\.(\d+\.[a-z0-9-]+)$/.exec(name)?.[1] ?? []),
  );
  return [...keys].map((key) => ({
    key,
    numerator: text(`n.${key}`),
    denominator: text(`d.${key}`),
    value: text(`v.${key}`),
    seen: /^\d+$/.test(text(`s.${key}`)) ? Number(text(`s.${key}`)) : null,
  }));
}
