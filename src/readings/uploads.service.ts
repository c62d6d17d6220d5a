import { createHash } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { InputError } from '../platform/http/input-error.js';

export interface Upload {
  readonly id: number;
  readonly sha256: string;
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

const LARGEST = 20 * 1_048_576;
const FILE = 'id, sha256, name, media_type as "mediaType", content';

/** Files that officers send: tables of readings, and what proves a reading. Kept once, by content. */
@Injectable()
export class Uploads {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async keep(name: string, mediaType: string, content: Buffer, officerId: number): Promise<Upload> {
    if (content.length === 0)
      throw new InputError([
        { field: 'file', code: 'readings.findings.file-missing', got: name, expected: '.csv, .xlsx' },
      ]);
    if (content.length > LARGEST)
      throw new InputError([
        { field: 'file', code: 'readings.findings.file-too-large', got: content.length, expected: LARGEST },
      ]);
    const sha256 = createHash('sha256').update(content).digest('hex');
    await this.db.query(
      `insert into evidence_file (sha256, name, media_type, content, uploaded_at, uploaded_by) values ($1, $2, $3, $4, $5, $6)
       on conflict (sha256) do nothing`,
      [sha256, name.slice(0, 200), mediaType, content, this.clock.now(), officerId],
    );
    return this.bySha256(sha256);
  }

  async bySha256(sha256: string): Promise<Upload> {
    const [file] = await this.db.query<Upload[]>(`select ${FILE} from evidence_file where sha256 = $1`, [
      sha256,
    ]);
    if (!file) throw new NotFoundException();
    return file;
  }

  /** A proof, for officers who work for the unit it belongs to. */
  async proof(id: number): Promise<Upload & { unitId: number; campaignId: number }> {
    const [file] = await this.db.query<(Upload & { unitId: number; campaignId: number })[]>(
      `select f.id, f.sha256, f.name, f.media_type as "mediaType", f.content, r.unit_id as "unitId", r.campaign_id as "campaignId"
         from evidence_file f join reading_evidence e on e.evidence_file_id = f.id join reading r on r.id = e.reading_id
        where f.id = $1 limit 1`,
      [id],
    );
    if (!file) throw new NotFoundException();
    return file;
  }

  async attach(tx: EntityManager, readingId: number, fileId: number, officerId: number): Promise<void> {
    await tx.query(
      'insert into reading_evidence (reading_id, evidence_file_id, attached_at, attached_by) values ($1, $2, $3, $4) on conflict do nothing',
      [readingId, fileId, this.clock.now(), officerId],
    );
  }
}
