import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { holderIdentity, isNationalId, isTaxCode, phoneNumber } from '../rules/eligibility/identity.js';
import { Journal } from '../journal/journal.service.js';
import { Vault } from '../platform/crypto/vault.js';
import { InputError } from '../platform/http/input-error.js';
import { Promotions } from './promotions.service.js';
import { type Reevaluated, Reevaluation } from './reevaluation.service.js';

export const EXCLUSION_KINDS = ['staff', 'vendor', 'relative', 'other'] as const;
export type ExclusionKind = (typeof EXCLUSION_KINDS)[number];
const MOST_FINDINGS = 50;

/** Lists of those who may not take part. Numbers come in, keyed fingerprints stay; nobody can read the list back. */
@Injectable()
export class Exclusions {
  constructor(
    private readonly promotions: Promotions,
    private readonly reevaluation: Reevaluation,
    private readonly vault: Vault,
    private readonly journal: Journal,
  ) {}

  /** Adds a list (one number per line) and voids what its people hold on open lists. All numbers are sound, or nothing happens. */
  async add(
    tx: EntityManager,
    promotionId: number,
    list: { kind: ExclusionKind; title: string; numbers: string },
    officerId: number,
  ): Promise<Reevaluated> {
    const identities = identitiesIn(list.numbers);
    const plan = await this.promotions.plan(tx, promotionId, new Date(0));
    const [added] = await tx.query<{ id: number }[]>(
      `insert into exclusion_list (promotion_id, kind, title, added_at, added_by) values ($1, $2, $3, $4, $5) returning id`,
      [promotionId, list.kind, list.title, plan.now, officerId],
    );
    const marks = identities.map((identity) => this.vault.fingerprint(identity));
    await tx.query(
      `insert into exclusion (exclusion_list_id, fingerprint) select $1, m from unnest($2::bytea[]) as m on conflict do nothing`,
      [added!.id, marks],
    );
    const changed = await this.decideAgain(tx, promotionId, added!.id, officerId);
    await this.note(tx, {
      officerId,
      act: 'exclusions.added',
      listId: added!.id,
      facts: { kind: list.kind, people: marks.length },
      changed,
    });
    return changed;
  }

  async withdraw(
    tx: EntityManager,
    promotionId: number,
    listId: number,
    officerId: number,
  ): Promise<Reevaluated> {
    const plan = await this.promotions.plan(tx, promotionId, new Date(0));
    await tx.query(
      `update exclusion_list set withdrawn_at = $3, withdrawn_by = $4 where id = $2 and promotion_id = $1 and withdrawn_at is null`,
      [promotionId, listId, plan.now, officerId],
    );
    const changed = await this.decideAgain(tx, promotionId, listId, officerId);
    await this.note(tx, { officerId, act: 'exclusions.withdrawn', listId, facts: {}, changed });
    return changed;
  }

  private async decideAgain(
    tx: EntityManager,
    promotionId: number,
    listId: number,
    officerId: number,
  ): Promise<Reevaluated> {
    const plan = await this.promotions.plan(tx, promotionId, new Date(0));
    const payers = await tx.query<{ id: number }[]>(
      `with listed as (select fingerprint from exclusion where exclusion_list_id = $2)
       select y.id from payer y where y.promotion_id = $1
         and (y.identity_mark in (select fingerprint from listed) or y.phone_mark in (select fingerprint from listed)) order by 1`,
      [promotionId, listId],
    );
    return this.reevaluation.run(
      tx,
      plan,
      payers.map(({ id }) => id),
      { batchId: null, officerId },
    );
  }

  private async note(
    tx: EntityManager,
    act: {
      officerId: number;
      act: string;
      listId: number;
      facts: Record<string, unknown>;
      changed: Reevaluated;
    },
  ): Promise<void> {
    const { voided, issued, tooLate } = act.changed;
    const facts = { ...act.facts, voided, issued, toStrike: tooLate };
    await this.journal.record(tx, {
      officer: act.officerId,
      act: act.act,
      subject: `exclusion-list/${act.listId}`,
      facts,
    });
  }
}

/** One number per line, in any spelling. @throws InputError naming every line that is none. */
function identitiesIn(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.split(/[,;\t]/, 1)[0]!.trim());
  const read = lines.map((line, index) => ({
    line,
    row: index + 1,
    identity: line === '' ? null : identityOf(line),
  }));
  const faulty = read.filter(({ line, identity }) => line !== '' && identity === null);
  if (faulty.length > 0)
    throw new InputError(
      faulty.slice(0, MOST_FINDINGS).map(({ row, line }) => ({
        field: 'numbers',
        code: 'payments.faults.number',
        row,
        got: `${row}: …${line.slice(-4)}`,
      })),
    );
  const identities = [...new Set(read.flatMap(({ identity }) => identity ?? []))];
  if (identities.length === 0)
    throw new InputError([{ field: 'numbers', code: 'payments.faults.no-numbers' }]);
  return identities;
}

function identityOf(line: string): string | null {
  if (isNationalId(line)) return holderIdentity({ nationalId: line });
  if (isTaxCode(line)) return holderIdentity({ taxCode: line });
  const phone = phoneNumber(line);
  return phone && holderIdentity({ phone });
}
