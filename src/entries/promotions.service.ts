import { randomBytes } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CodeFormat } from '../rules/eligibility/code.js';
import type { Period, Terms } from '../rules/eligibility/terms.js';
import { Clock } from '../platform/clock.js';
import { prepared } from '../platform/database/prepared.js';
import { InputError } from '../platform/http/input-error.js';
import type { Plan } from './issue/plan.js';
import { codeFaults } from './promotion-plan.js';

export interface Promotion {
  readonly id: number;
  readonly slug: string;
  readonly title_vi: string;
  readonly title_en: string;
  readonly decision_ref: string | null;
  readonly starts_on: string;
  readonly ends_on: string;
  readonly code_prefix: string;
  readonly code_digits: number;
  readonly code_order: CodeFormat['order'];
}

const PROMOTION = `select p.id, c.slug, c.title_vi, c.title_en, c.decision_ref, c.starts_on::text, c.ends_on::text,
  p.code_prefix, p.code_digits, p.code_order from promotion p join campaign c on c.id = p.id where c.slug = $1`;

/** Promotions: how their codes are written, and the ledger that everything which issues or voids a code holds locked. */
@Injectable()
export class Promotions {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Makes the campaign of kind promotion ready to take payments. */
  async open(
    tx: EntityManager,
    campaignId: number,
    format: Pick<CodeFormat, 'prefix' | 'digits' | 'order'>,
  ): Promise<void> {
    const findings = codeFaults(format);
    if (findings.length > 0) throw new InputError(findings);
    await tx.query(
      `insert into promotion (id, code_prefix, code_digits, code_order, code_key, created_at) values ($1, $2, $3, $4, $5, $6)`,
      [campaignId, format.prefix, format.digits, format.order, randomBytes(16), this.clock.now()],
    );
  }

  /** @throws NotFoundException when no promotion has this slug. */
  async bySlug(slug: string): Promise<Promotion> {
    const [found] = await this.db.query<Promotion[]>(PROMOTION, [slug]);
    if (!found) throw new NotFoundException();
    return found;
  }

  /** For everybody: a promotion whose terms were never published is not there yet. */
  async publishedBySlug(slug: string): Promise<Promotion> {
    const [found] = await prepared<Promotion>(
      this.db,
      'published-promotion',
      `${PROMOTION} and exists (select from terms t where t.promotion_id = p.id and t.published_at is not null)`,
      [slug],
    );
    if (!found) throw new NotFoundException();
    return found;
  }

  /** What an act on this promotion touches: the campaign, and the unit whose campaign it is. */
  async reachOf(promotionId: number): Promise<{ campaignId: number; unitId: number | null }> {
    const [campaign] = await this.db.query<{ unitId: number | null }[]>(
      'select unit_id as "unitId" from campaign where id = $1',
      [promotionId],
    );
    return { campaignId: promotionId, unitId: campaign?.unitId ?? null };
  }

  /** Locks the ledger until the end of `tx` and reads all that decides a batch recorded at this moment. */
  async plan(tx: EntityManager, promotionId: number, recordedAt: Date): Promise<Plan> {
    const [ledger] = await tx.query<Ledger[]>('select * from promotion where id = $1 for no key update', [
      promotionId,
    ]);
    if (!ledger) throw new NotFoundException();
    return {
      promotionId,
      terms: await this.termsInForce(tx, promotionId),
      periods: await this.periods(tx, promotionId),
      format: formatOf(ledger),
      recordedAt: Math.floor(recordedAt.getTime() / 1000),
      now: this.clock.now(),
      last: {
        batch: ledger.last_batch,
        payment: Number(ledger.last_payment),
        payer: Number(ledger.last_payer),
        entry: Number(ledger.last_entry),
      },
      exclusions: await this.exclusions(tx, promotionId),
    };
  }

  /** The latest published terms. */
  async termsInForce(tx: EntityManager, promotionId: number): Promise<Terms> {
    const [found] = await tx.query<{ body: Terms }[]>(
      'select body from terms where promotion_id = $1 and published_at is not null order by version desc limit 1',
      [promotionId],
    );
    if (!found)
      throw new InputError([{ field: 'terms', code: 'terms-not-published', got: '', expected: '' }]);
    return found.body;
  }

  async periods(tx: EntityManager, promotionId: number): Promise<Period[]> {
    return tx.query<Period[]>(
      `select d.ordinal, extract(epoch from d.cutoff_at)::float8 as "cutoffAt", l.draw_period_id is not null as closed
       from draw_period d left join list_closing l on l.draw_period_id = d.id where d.campaign_id = $1 order by d.ordinal`,
      [promotionId],
    );
  }

  private async exclusions(tx: EntityManager, promotionId: number): Promise<Set<string>> {
    const rows = await tx.query<{ fingerprint: Buffer }[]>(
      `select e.fingerprint from exclusion e join exclusion_list l on l.id = e.exclusion_list_id
       where l.promotion_id = $1 and l.withdrawn_at is null`,
      [promotionId],
    );
    return new Set(rows.map(({ fingerprint }) => fingerprint.toString('latin1')));
  }
}

interface Ledger {
  code_prefix: string;
  code_digits: number;
  code_order: CodeFormat['order'];
  code_key: Buffer;
  last_batch: number;
  last_payment: string;
  last_payer: string;
  last_entry: string;
}

function formatOf(ledger: Ledger): CodeFormat {
  const word = (at: number) => ledger.code_key.readUInt32BE(at);
  return {
    prefix: ledger.code_prefix,
    digits: ledger.code_digits,
    order: ledger.code_order,
    key: [word(0), word(4), word(8), word(12)],
  };
}
