import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { publicationText, type PublicationRow } from './board-acts.queries.js';
import type { LastPublished } from './published-places.js';
import type { Sight } from './sight.service.js';
import type { StandingsDocument } from './standings-document.js';

const KEPT = 8;

/** Published standings, read as they were written. They never change, so the last few stay in memory. */
@Injectable()
export class Publications {
  private readonly read = new Map<number, Promise<StandingsDocument>>();

  constructor(private readonly db: DataSource) {}

  /** The last one about an earlier day, or about this day but known before: what a board is compared with. */
  async before({ publications, on, special }: Sight): Promise<LastPublished | null> {
    const last =
      publications.find((one) => one.as_of < on) ??
      (special ? undefined : publications.find((one) => one.as_of === on));
    return last ? this.open(last) : null;
  }

  async numbered({ publications }: Pick<Sight, 'publications'>, number: string): Promise<LastPublished> {
    const found = publications.find((one) => String(one.number) === number);
    if (!found) throw new NotFoundException();
    return this.open(found);
  }

  async open(publication: PublicationRow): Promise<LastPublished> {
    const document =
      this.read.get(publication.id) ??
      publicationText(this.db, publication.id).then((text) => JSON.parse(text) as StandingsDocument);
    this.read.set(publication.id, document);
    for (const old of [...this.read.keys()].slice(0, -KEPT)) this.read.delete(old);
    return { ...publication, document: await document };
  }
}
