import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { actsOf, type DrawRow, drawOfPeriod, stateFrom } from './draw.queries.js';
import { objectionsCloseAt } from './facts.queries.js';
import { countList, listedCodes } from './list.queries.js';
import { maskedName } from './mask.js';

const PAGE = 50;

/** The list as it is shown for objections: code and masked name, page by page. */
@Injectable()
export class ShownList {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly vault: Vault,
  ) {}

  find(promotion: string, period: string): Promise<DrawRow> {
    return drawOfPeriod(this.db.manager, promotion, period);
  }

  async shown(draw: DrawRow, q: string, from: string) {
    const tx = this.db.manager;
    const acts = await actsOf(tx, draw.id);
    const closes = objectionsCloseAt(acts, draw);
    const isOpen = stateFrom(acts, 0) === 'objections-open' && closes !== null && this.clock.now() < closes;
    if (!isOpen) return { isOpen, closes };
    const rows = q === '' ? await listedCodes(tx, draw, from, PAGE + 1) : await this.beginning(draw, q);
    const payers = await tx.query<{ id: number; sealed: Buffer }[]>(
      'select id::float8 as id, sealed from payer where promotion_id = $1 and id = any($2::bigint[])',
      [draw.campaignId, rows.map(({ payerId }) => payerId)],
    );
    const names = new Map(
      payers.map(({ id, sealed }) => [id, maskedName(this.vault.open(sealed).split('\t')[2] ?? '')]),
    );
    const page = rows.slice(0, PAGE).map(({ code, payerId }) => ({ code, name: names.get(payerId) }));
    const next = q === '' && rows.length > PAGE ? page.at(-1)!.code : undefined;
    return { isOpen, closes, rows: page, next, count: (await countList(tx, draw)).listed };
  }

  /** Codes that begin as typed; the place before a code is the code with its last letter one lower and all the rest highest. */
  private async beginning(draw: DrawRow, q: string) {
    if (!/^[0-9A-Z]{1,32}$/.test(q)) return [];
    const before = q.slice(0, -1) + String.fromCharCode(q.charCodeAt(q.length - 1) - 1) + '~';
    const rows = await listedCodes(this.db.manager, draw, before, PAGE);
    return rows.filter(({ code }) => code.startsWith(q));
  }
}
