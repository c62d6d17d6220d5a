import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { capacityOf, codeOf } from '../rules/eligibility/code.js';
import { dayOf } from '../rules/eligibility/day.js';
import { maskOf } from '../rules/eligibility/refusal.js';
import { decideAgain, type Verdict } from '../rules/eligibility/sequence.js';
import { FileFault } from '../payments/reading/file-fault.js';
import { Clock } from '../platform/clock.js';
import type { Plan } from './issue/plan.js';
import { addTally } from './issue/settle.js';
import { Tallies } from './issue/tallies.js';
import { heldBy, type StoredPayment } from './reevaluation.queries.js';

/** What a re-evaluation changed. Codes are public; nothing here names a person. */
export interface Reevaluated {
  readonly voided: string[];
  readonly issued: string[];
  /** Codes on a closed list that are no longer earned: the draw strikes them. */
  readonly tooLate: string[];
}

export interface Cause {
  readonly batchId: number | null;
  readonly officerId: number | null;
}

interface Change {
  readonly payment: StoredPayment;
  readonly verdict: Verdict;
  readonly refusals: number;
}

const CHUNK = 5000;

/** Decides payments again when something they rest on has changed: a reversal, a correction, an exclusion, the terms. */
@Injectable()
export class Reevaluation {
  constructor(private readonly clock: Clock) {}

  /** Precondition: `plan` was read under the lock of the ledger that `tx` holds. */
  async run(tx: EntityManager, plan: Plan, payerIds: readonly number[], cause: Cause): Promise<Reevaluated> {
    const result: Reevaluated = { voided: [], issued: [], tooLate: [] };
    let next = plan.last.entry;
    for (let from = 0; from < payerIds.length; from += CHUNK) {
      const changes = await this.changes(tx, plan, payerIds.slice(from, from + CHUNK));
      if (changes.length === 0) continue;
      result.tooLate.push(
        ...(await this.codes(
          tx,
          plan,
          changes.flatMap(({ verdict }) => [...verdict.tooLate]),
        )),
      );
      result.voided.push(...(await this.voidEntries(tx, plan, changes, cause)));
      const issued = await this.issue(tx, plan, changes, next);
      next += issued.length;
      result.issued.push(...issued);
      await this.record(tx, plan, changes);
      await this.tally(tx, plan, changes, cause);
    }
    await tx.query('update promotion set last_entry = greatest(last_entry, $2) where id = $1', [
      plan.promotionId,
      next,
    ]);
    return result;
  }

  /** Changes in the order of issue over all payers. */
  private async changes(tx: EntityManager, plan: Plan, payerIds: readonly number[]): Promise<Change[]> {
    const changes: Change[] = [];
    for (const held of (await heldBy(tx, plan, payerIds)).values()) {
      const verdicts = decideAgain(held, plan.terms, plan.periods);
      for (const [index, verdict] of verdicts.entries()) {
        const change = { payment: held[index]!, verdict, refusals: maskOf(verdict.decision.refusals) };
        if (isChange(change)) changes.push(change);
      }
    }
    return changes.sort((a, b) => byPlace(a.payment.place, b.payment.place));
  }

  private async voidEntries(
    tx: EntityManager,
    plan: Plan,
    changes: Change[],
    cause: Cause,
  ): Promise<string[]> {
    const numbers: number[] = [];
    const reasons: number[] = [];
    for (const { verdict, refusals } of changes)
      for (const number of verdict.voided) {
        numbers.push(number);
        reasons.push(refusals);
      }
    if (numbers.length === 0) return [];
    const at = this.clock.now();
    await tx.query(
      `insert into entry_event (promotion_id, number, act, refusals, at, officer_id, batch_id)
       select $1, n, 'voided', r, $4, $5, $6 from unnest($2::bigint[], $3::integer[]) as v (n, r)`,
      [plan.promotionId, numbers, reasons, at, cause.officerId, cause.batchId],
    );
    await tx.query(`update entry_${plan.promotionId} set voided_at = $2 where number = any($1)`, [
      numbers,
      at,
    ]);
    return this.codes(tx, plan, numbers);
  }

  private async issue(tx: EntityManager, plan: Plan, changes: Change[], last: number): Promise<string[]> {
    const rows: [number, number, number, number, number, string][] = [];
    for (const { payment, verdict } of changes)
      for (const ordinal of verdict.issued) {
        const number = last + rows.length + 1;
        if (number > capacityOf(plan.format))
          throw new FileFault('capacity', { needed: rows.length + 1, left: rows.length });
        rows.push([
          number,
          payment.id,
          payment.payerId,
          ordinal,
          verdict.decision.period ?? 0,
          codeOf(number, plan.format),
        ]);
      }
    if (rows.length === 0) return [];
    const column = <K extends number>(index: K) => rows.map((row) => row[index]);
    await tx.query(
      `insert into entry_${plan.promotionId} (promotion_id, number, payment_id, payer_id, ordinal, period, code, issued_at)
       select $1, v.*, $8 from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::integer[], $6::integer[], $7::text[]) as v`,
      [plan.promotionId, column(0), column(1), column(2), column(3), column(4), column(5), this.clock.now()],
    );
    return rows.map((row) => row[5]);
  }

  private async record(tx: EntityManager, plan: Plan, changes: Change[]): Promise<void> {
    await tx.query(
      `update payment_${plan.promotionId} p set refusals = v.refusals, wanted = v.wanted, period = v.period
       from unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[]) as v (id, refusals, wanted, period) where p.id = v.id`,
      [
        changes.map(({ payment }) => payment.id),
        changes.map(({ refusals }) => refusals),
        changes.map(({ verdict }) => verdict.decision.wanted),
        changes.map(({ verdict }) => verdict.decision.period),
      ],
    );
  }

  private async tally(tx: EntityManager, plan: Plan, changes: Change[], cause: Cause): Promise<void> {
    const tallies = new Tallies();
    for (const { payment, verdict, refusals } of changes) {
      const day = dayOf(payment.facts.paidAt);
      const signed = payment.facts.kind === 'reversal' ? -payment.facts.amount : payment.facts.amount;
      const before = tallies.at(day, payment.period ?? 0);
      before.received--;
      before[payment.refusals === 0 ? 'eligible' : 'refused']--;
      before.amount -= signed;
      const after = tallies.at(day, verdict.decision.period ?? 0);
      after.received++;
      after[refusals === 0 ? 'eligible' : 'refused']++;
      after.amount += signed;
      after.issued += verdict.issued.length;
      for (const number of verdict.voided) {
        const entry = payment.entries.find((one) => one.number === number);
        tallies.at(day, entry?.period ?? 0).voided++;
      }
    }
    const at = this.clock.now();
    for (const line of tallies.rows()) await addTally(tx, plan.promotionId, cause.batchId, line, at);
  }

  private async codes(tx: EntityManager, plan: Plan, numbers: number[]): Promise<string[]> {
    if (numbers.length === 0) return [];
    const rows = await tx.query<{ code: string }[]>(
      `select code from entry_${plan.promotionId} where number = any($1) order by number`,
      [numbers],
    );
    return rows.map(({ code }) => code);
  }
}

function isChange({ payment, verdict, refusals }: Change): boolean {
  const { decision, voided, issued, tooLate } = verdict;
  if (voided.length > 0 || issued.length > 0 || tooLate.length > 0) return true;
  return (
    payment.refusals !== refusals || payment.period !== decision.period || payment.wanted !== decision.wanted
  );
}

function byPlace(a: StoredPayment['place'], b: StoredPayment['place']): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
}
