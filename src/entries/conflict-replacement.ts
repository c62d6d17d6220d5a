import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { maskOf } from '../rules/eligibility/refusal.js';
import { identityOf, payerKindOf } from '../payments/reading/payer-key.js';
import { readCells, type ReadRow } from '../payments/reading/read-cells.js';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import type { OpenConflict } from './conflicts.service.js';
import { payerText } from './issue/payer-sealer.js';
import { addTally } from './issue/settle.js';
import { Promotions } from './promotions.service.js';
import { type Reevaluated, Reevaluation } from './reevaluation.service.js';

/** Puts the second word in the place of the first: a new revision of the payment; the old one stays and counts as superseded. */
@Injectable()
export class ConflictReplacement {
  constructor(
    private readonly promotions: Promotions,
    private readonly reevaluation: Reevaluation,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  async put(
    tx: EntityManager,
    conflict: OpenConflict,
    cells: readonly string[],
    officerId: number,
  ): Promise<Reevaluated> {
    const promotionId = conflict.promotion_id;
    const row = readCells(cells, conflict.body);
    const payerId = await this.payer(tx, promotionId, row);
    const formerPayer = await this.revise(tx, conflict, row, payerId);
    await tx.query('update promotion set last_payment = last_payment + 1 where id = $1', [promotionId]);
    const signed = row.reverses ? -row.amount : row.amount;
    const line = {
      day: conflict.day,
      period: conflict.period,
      received: 0,
      eligible: 0,
      refused: 1,
      quarantined: -1,
      duplicate: 0,
    };
    await addTally(
      tx,
      promotionId,
      conflict.batch_id,
      { ...line, amount: signed, issued: 0, voided: 0 },
      this.clock.now(),
    );
    const plan = await this.promotions.plan(tx, promotionId, this.clock.now());
    const payers = [...new Set([payerId, formerPayer])].sort((a, b) => a - b);
    return this.reevaluation.run(tx, plan, payers, { batchId: conflict.batch_id, officerId });
  }

  /** Adds the new revision, refused until it is decided again; answers who paid by the first word. */
  private async revise(
    tx: EntityManager,
    conflict: OpenConflict,
    row: ReadRow,
    payerId: number,
  ): Promise<number> {
    const promotionId = conflict.promotion_id;
    const [old] = await tx.query<{ payer_id: number }[]>(
      `insert into payment_${promotionId} (promotion_id, id, payer_id, amount, reversed, paid_at, batch_id, row_number, source_id, refusals, revision,
         kind, status, source_ref, dossier_code, procedure_code, unit_code, channel, method, bank_ref, reverses_ref)
       select $1, (select last_payment + 1 from promotion where id = $1), $2, $3, 0, to_timestamp($4), $5, $6, p.source_id, $7,
         p.revision + 1, $8, $9, p.source_ref, $10, $11, $12, $13, $14, $15, $16
       from payment_${promotionId} p where (p.source_ref, p.source_id) = (select source_ref, source_id from payment_${promotionId} where id = $17)
       order by p.revision desc limit 1
       returning (select payer_id from payment_${promotionId} where id = $17) as payer_id`,
      [
        promotionId,
        payerId,
        row.amount,
        row.paidAt,
        conflict.batch_id,
        conflict.row_number,
        maskOf(['superseded']),
        row.reverses ? 'reversal' : 'payment',
        row.status,
        row.dossier,
        row.procedure,
        row.unit,
        row.channel,
        row.method,
        row.bankRef,
        row.reverses,
        conflict.payment_id,
      ],
    );
    return old!.payer_id;
  }

  private async payer(tx: EntityManager, promotionId: number, row: ReadRow): Promise<number> {
    const identity = identityOf(row.payerKey);
    const mark = this.vault.fingerprint(identity);
    const [known] = await tx.query<{ id: number }[]>(
      `select id from payer_${promotionId} where identity_mark = $1`,
      [mark],
    );
    if (known) return known.id;
    const [added] = await tx.query<{ id: number }[]>(
      `insert into payer_${promotionId} (promotion_id, id, kind, identity_mark, phone_mark, sealed)
       select $1, last_payer + 1, $2, $3, $4, $5 from promotion where id = $1 returning id`,
      [
        promotionId,
        payerKindOf(row.payerKey),
        mark,
        row.phone ? this.vault.fingerprint(`phone:${row.phone}`) : null,
        this.vault.seal(payerText(identity, row.name, row.phone)),
      ],
    );
    await tx.query('update promotion set last_payer = last_payer + 1 where id = $1', [promotionId]);
    return added!.id;
  }
}
