import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { InputError } from '../platform/http/input-error.js';
import { outlinesIn, type Outline } from './geojson.js';
import { drawingOf, type Drawing } from './map-drawing.js';

export interface Shape {
  readonly path: string;
  /** Where its name is written. */
  readonly at: readonly [number, number];
}

export interface CampaignMap {
  readonly file_name: string;
  readonly width: number;
  readonly height: number;
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly uploaded_at: Date;
}

/** What became of an uploaded file: which outlines found their unit, which did not, which units have none. */
export interface Matched {
  readonly drawn: number;
  readonly unknown: readonly string[];
  readonly without: readonly string[];
}

interface MapFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly officer: number;
}

interface MapUnit {
  readonly id: number;
  readonly code: string;
  readonly name: string;
}

/** Maps that organisers upload: validated, matched by unit code, drawn once. */
@Injectable()
export class Maps {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  async of(campaignId: number): Promise<CampaignMap | null> {
    const [map] = await this.db.query<CampaignMap[]>(
      'select file_name, width, height, shapes, uploaded_at from campaign_map where campaign_id = $1',
      [campaignId],
    );
    return map ?? null;
  }

  /** @throws InputError when the file is no map, or none of its outlines is a unit of the campaign. */
  async take(
    tx: EntityManager,
    campaign: { readonly id: number; readonly slug: string },
    units: readonly MapUnit[],
    file: MapFile,
  ): Promise<Matched> {
    const outlines = outlinesIn(file.bytes.toString('utf8'));
    const found = outlines.flatMap((outline) => {
      const unit = unitFor(outline, units);
      return unit ? [{ unit, outline: { ...outline, code: String(unit.id) } }] : [];
    });
    if (found.length === 0) throw new InputError([noUnit(outlines, units)]);
    const sha256 = await this.store(tx, campaign.id, file, drawingOf(found.map(({ outline }) => outline)));
    const drawn = new Set(found.map(({ unit }) => unit.id));
    const facts = { sha256, outlines: outlines.length, drawn: drawn.size };
    const subject = `campaign/${campaign.slug}`;
    await this.journal.record(tx, { officer: file.officer, act: 'map.uploaded', subject, facts });
    return {
      drawn: drawn.size,
      unknown: outlines.filter((outline) => !unitFor(outline, units)).map(({ code }) => code),
      without: units.filter(({ id }) => !drawn.has(id)).map(({ code, name }) => `${name} (${code})`),
    };
  }

  private async store(
    tx: EntityManager,
    campaignId: number,
    { name, bytes, officer }: MapFile,
    { width, height, paths }: Drawing,
  ): Promise<string> {
    const shapes = Object.fromEntries(paths.map(({ code, path, at }) => [code, { path, at }]));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await tx.query(
      `insert into campaign_map (campaign_id, file_name, sha256, width, height, shapes, uploaded_at, uploaded_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (campaign_id) do update set file_name = excluded.file_name, sha256 = excluded.sha256, width = excluded.width,
         height = excluded.height, shapes = excluded.shapes, uploaded_at = excluded.uploaded_at, uploaded_by = excluded.uploaded_by`,
      [
        campaignId,
        name.slice(0, 200),
        sha256,
        width,
        height,
        JSON.stringify(shapes),
        this.clock.now(),
        officer,
      ],
    );
    return sha256;
  }
}

const noUnit = (outlines: readonly Outline[], units: readonly MapUnit[]) => ({
  field: 'file',
  code: 'standings.mapFinding.noUnit',
  got: outlines
    .slice(0, 3)
    .map(({ code }) => code)
    .join(', '),
  expected: units
    .slice(0, 3)
    .map(({ code }) => code)
    .join(', '),
});

/** Codes lose their leading zeros in spreadsheets: 688 is 688, and 0688 too. */
const bare = (code: string) => code.replace(/^0+(?=\d)/, '');
const unitFor = ({ code }: Outline, units: readonly MapUnit[]) =>
  units.find((unit) => unit.code === code) ?? units.find((unit) => bare(unit.code) === bare(code));
