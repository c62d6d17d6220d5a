import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isExcluded } from '../entries/excluded.queries.js';
import { type Signature, Officers } from '../officers/officers.service.js';
import { localDate } from '../platform/http/format.js';
import { Vault } from '../platform/crypto/vault.js';
import { type Actor, Office, refuse } from './office.service.js';
import { DrawRecord } from './record.service.js';
import { taxOf, type WinnerRow, winnerOf } from './winner.queries.js';

export type Outcome = 'refused' | 'expired';

export interface Contact {
  readonly channel: 'phone' | 'letter' | 'message' | 'visit';
  readonly outcome: 'reached' | 'no-answer' | 'wrong-number' | 'declined';
  readonly note?: string;
}

const CHANNELS = ['phone', 'letter', 'message', 'visit'];
const CONTACTS = ['reached', 'no-answer', 'wrong-number', 'declined'];

/** From the published win to the hand-over, or to a prize that became vacant. Nothing here happens before publication. */
@Injectable()
export class Winners {
  constructor(
    private readonly office: Office,
    private readonly officers: Officers,
    private readonly record: DrawRecord,
    private readonly vault: Vault,
  ) {}

  contact(id: number, officer: Actor, { channel, outcome, note }: Contact): Promise<void> {
    if (!CHANNELS.includes(channel) || !CONTACTS.includes(outcome)) refuse('contact');
    return this.step(id, officer, undefined, async () => ({
      kind: 'contact-attempted',
      facts: { channel, outcome, note: note?.trim().slice(0, 500) || undefined },
    }));
  }

  /** What the person shows is compared with the sealed record; the number itself is kept nowhere else. */
  checkIdentity(id: number, officer: Actor, signature: Signature, number: string): Promise<void> {
    return this.step(id, officer, signature, async (tx, winner) => {
      await tx.query(
        `insert into clear_reading (promotion_id, payer_id, officer_id, purpose, at) values ($1, $2, $3, $4, $5)`,
        [winner.campaignId, winner.payerId, officer.id, `identity check of winner ${id}`, this.office.now()],
      );
      const [identity = ''] = this.vault.open(winner.sealed).split('\t');
      const shown = number.replace(/\s/g, '');
      if (shown === '' || identity.slice(identity.indexOf(':') + 1) !== shown)
        return refuse('identity-differs', undefined, undefined, 'number');
      return { kind: 'identity-checked', facts: {} };
    });
  }

  consent(id: number, officer: Actor, given: boolean): Promise<void> {
    return this.step(id, officer, undefined, async () => ({
      kind: given ? 'consent-given' : 'consent-withdrawn',
      facts: given ? { name: true } : {},
    }));
  }

  /** Who paid the tax before the prize was taken; the amount follows from the rule of this day. */
  settleTax(id: number, officer: Actor, signature: Signature, paidBy: 'winner' | 'organizer') {
    return this.step(id, officer, signature, async (tx, winner) => {
      const { tax, threshold, rate, basis } = await taxOf(tx, winner.value, localDate(this.office.now()));
      return { kind: 'tax-settled', facts: { tax, threshold, rate, basis, paidBy } };
    });
  }

  handOver(id: number, officer: Actor, signature: Signature, place: string): Promise<void> {
    return this.step(id, officer, signature, async (tx, winner) => {
      if (!winner.done.includes('identity-checked')) refuse('identity-unchecked');
      if (await isExcluded(tx, winner.campaignId, winner.payerId)) refuse('holder-excluded');
      const { tax } = await taxOf(tx, winner.value, localDate(this.office.now()));
      if (tax > 0 && !winner.done.includes('tax-settled')) refuse('tax-unsettled', tax);
      return { kind: 'handed-over', facts: { place: place.trim(), value: winner.value } };
    });
  }

  /** The winner does not want the prize, or did not come in time. */
  giveUp(
    id: number,
    officer: Actor,
    signature: Signature,
    { outcome, reason }: { outcome: Outcome; reason: string },
  ) {
    return this.step(id, officer, signature, async () => {
      if (reason.trim().length < 5) refuse('reason', undefined, undefined, 'reason');
      return { kind: outcome, facts: { reason: reason.trim() } };
    });
  }

  /** One officer proposes with a reason; an officer of another organisation decides. */
  disqualify(id: number, officer: Actor, signature: Signature, reason: string): Promise<void> {
    return this.step(id, officer, signature, async (_, winner) => {
      const proposal = winner.proposal;
      if (!proposal) {
        if (reason.trim().length < 5) refuse('reason', undefined, undefined, 'reason');
        return {
          kind: 'disqualification-proposed',
          facts: { reason: reason.trim(), office: officer.organisation },
        };
      }
      if (proposal.organisationId === officer.organisationId) refuse('two-organisations');
      return {
        kind: 'disqualified',
        facts: { reason: proposal.reason, offices: [proposal.office, officer.organisation] },
      };
    });
  }

  private async step(
    id: number,
    officer: Actor,
    signature: Signature | undefined,
    work: (tx: EntityManager, winner: WinnerRow) => Promise<{ kind: string; facts: Record<string, unknown> }>,
  ): Promise<void> {
    await this.office.transaction(async (tx) => {
      const winner = await winnerOf(tx, id, true);
      const reach = { campaignId: winner.campaignId, unitId: winner.draw.unitId };
      await this.officers.demand(officer, ['organiser', 'partner'], reach, tx);
      if (signature) await this.officers.signAgain(tx, officer, signature);
      if (!winner.published) refuse('not-published');
      if (winner.outcome) refuse('outcome-before', undefined, winner.outcome);
      const { kind, facts } = await work(tx, winner);
      await tx.query(
        'insert into winner_step (winner_id, kind, facts, at, officer_id) values ($1, $2, $3, $4, $5)',
        [id, kind, JSON.stringify(facts), this.office.now(), officer.id],
      );
      await this.record.note({ tx, draw: winner.draw, officer }, `winner-${kind}`, {
        winner: id,
        prize: `${winner.prize}/${winner.place}`,
        ...(typeof facts.tax === 'number' && { tax: facts.tax }),
      });
    });
  }
}
