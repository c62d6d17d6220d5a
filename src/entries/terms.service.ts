import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Terms, termsFaults } from '../rules/eligibility/terms.js';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { InputError } from '../platform/http/input-error.js';
import { Promotions } from './promotions.service.js';
import { type Reevaluated, Reevaluation } from './reevaluation.service.js';

export interface Amendment {
  /** Number of the decision; the first version needs none. */
  readonly ref: string | null;
  /** Day of the decision. */
  readonly decidedOn: string | null;
  readonly reason: string | null;
}

/** The terms of a promotion: drafted, published, amended by number and date; a published version stays as it is. */
@Injectable()
export class TermsOffice {
  constructor(
    private readonly promotions: Promotions,
    private readonly reevaluation: Reevaluation,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  /** Keeps the one draft there may be. */
  async draft(tx: EntityManager, promotionId: number, body: Terms, officerId: number | null): Promise<void> {
    demandSound(body);
    await tx.query('select from promotion where id = $1 for no key update', [promotionId]);
    await tx.query('delete from terms where promotion_id = $1 and published_at is null', [promotionId]);
    await tx.query(
      `insert into terms (promotion_id, version, body, created_at, created_by)
       select $1, coalesce(max(version), 0) + 1, $2, $3, $4 from terms where promotion_id = $1`,
      [promotionId, JSON.stringify(body), this.clock.now(), officerId],
    );
  }

  /** Publishes the draft. Payments we have are decided again, as far as lists are still open. */
  async publish(
    tx: EntityManager,
    promotionId: number,
    amendment: Amendment,
    officerId: number | null,
  ): Promise<Reevaluated | null> {
    await tx.query('select from promotion where id = $1 for no key update', [promotionId]);
    const [draft] = await tx.query<{ id: number; version: number; body: Terms }[]>(
      'select id, version, body from terms where promotion_id = $1 and published_at is null',
      [promotionId],
    );
    if (!draft) throw new InputError([{ field: 'terms', code: 'entries.findings.no-draft' }]);
    if (draft.version > 1) demandDecision(amendment);
    const now = this.clock.now();
    await tx.query(
      `update terms set amendment_ref = $2, decided_on = $3, reason = $4, published_at = $5, published_by = $6 where id = $1`,
      [draft.id, amendment.ref, amendment.decidedOn, amendment.reason, now, officerId],
    );
    const changed = draft.version > 1 ? await this.decideAgain(tx, promotionId, officerId) : null;
    await this.journal.record(tx, {
      officer: officerId,
      act: 'terms.published',
      subject: `promotion/${promotionId}`,
      facts: {
        version: draft.version,
        amendment: amendment.ref,
        terms: draft.body,
        ...(changed && { voided: changed.voided.length, issued: changed.issued.length }),
      },
    });
    return changed;
  }

  private async decideAgain(
    tx: EntityManager,
    promotionId: number,
    officerId: number | null,
  ): Promise<Reevaluated | null> {
    const plan = await this.promotions.plan(tx, promotionId, this.clock.now());
    if (plan.last.payer === 0) return null;
    const payers = Array.from({ length: plan.last.payer }, (_, index) => index + 1);
    return this.reevaluation.run(tx, plan, payers, { batchId: null, officerId });
  }
}

function demandSound(body: Terms): void {
  const faults = termsFaults(body);
  if (faults.length > 0)
    throw new InputError(
      faults.map(({ field, code }) => ({ field, code: `entries.findings.terms.${code}` })),
    );
}

function demandDecision({ ref, decidedOn }: Amendment): void {
  const missing = [
    { field: 'ref', value: ref },
    { field: 'decidedOn', value: decidedOn },
  ].filter(({ value }) => !value);
  if (missing.length > 0)
    throw new InputError(missing.map(({ field }) => ({ field, code: 'entries.findings.amendment' })));
}
