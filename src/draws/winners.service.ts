import { Injectable } from '@nestjs/common';
import { isExcluded } from '../entries/excluded.queries.js';
import { localDate } from '../platform/http/format.js';
import { Vault } from '../platform/crypto/vault.js';
import { claimUntil } from './deadlines.queries.js';
import { refuse } from './office.service.js';
import { taxOf } from './winner.queries.js';
import { type WinnerSign, WinnerSteps } from './winner-steps.service.js';

export interface Contact {
  readonly channel: 'phone' | 'letter' | 'message' | 'visit';
  readonly outcome: 'reached' | 'no-answer' | 'wrong-number' | 'declined';
  readonly note?: string;
}

const CHANNELS = ['phone', 'letter', 'message', 'visit'];
const CONTACTS = ['reached', 'no-answer', 'wrong-number', 'declined'];

/** From the published win to the hand-over. Nothing here happens before publication. */
@Injectable()
export class Winners {
  constructor(
    private readonly steps: WinnerSteps,
    private readonly vault: Vault,
  ) {}

  contact(sign: WinnerSign, { channel, outcome, note }: Contact): Promise<void> {
    if (!CHANNELS.includes(channel) || !CONTACTS.includes(outcome)) refuse('contact');
    return this.steps.step(sign, async () => ({
      kind: 'contact-attempted',
      facts: { channel, outcome, note: note?.trim().slice(0, 500) || undefined },
    }));
  }

  /** What the person shows is compared with the sealed record; the number itself is kept nowhere else. */
  checkIdentity(sign: WinnerSign, number: string): Promise<void> {
    return this.steps.step(sign, async (tx, winner) => {
      await tx.query(
        `insert into clear_reading (promotion_id, payer_id, officer_id, purpose, at) values ($1, $2, $3, $4, $5)`,
        [
          winner.campaignId,
          winner.payerId,
          sign.officer.id,
          `identity check of winner ${winner.id}`,
          this.steps.now(),
        ],
      );
      const [identity = ''] = this.vault.open(winner.sealed).split('\t');
      const shown = number.replace(/\s/g, '');
      if (shown === '' || identity.slice(identity.indexOf(':') + 1) !== shown)
        return refuse('identity-differs', undefined, undefined, 'number');
      return { kind: 'identity-checked', facts: {} };
    });
  }

  /** For the full name, for the photo, or for neither: then consent is taken back. Possible for ever, also after the hand-over. */
  consent(sign: WinnerSign, { name, photo }: { name: boolean; photo: boolean }): Promise<void> {
    return this.steps.step(
      sign,
      async () => ({ kind: name || photo ? 'consent-given' : 'consent-withdrawn', facts: { name, photo } }),
      true,
    );
  }

  /** Who paid the tax before the prize was taken; the amount follows from the rule of this day. */
  settleTax(sign: WinnerSign, paidBy: 'winner' | 'organizer'): Promise<void> {
    return this.steps.step(sign, async (tx, winner) => {
      const { tax, threshold, rate, basis } = await taxOf(tx, winner.value, localDate(this.steps.now()));
      return { kind: 'tax-settled', facts: { tax, threshold, rate, basis, paidBy } };
    });
  }

  /** After the last day to claim, `reason` says why the prize is handed over all the same; it stands in the minutes. */
  handOver(sign: WinnerSign, { place, reason = '' }: { place: string; reason?: string }): Promise<void> {
    return this.steps.step(sign, async (tx, winner) => {
      const today = localDate(this.steps.now());
      if (!winner.done.includes('identity-checked')) refuse('identity-unchecked');
      if (await isExcluded(tx, winner.campaignId, winner.payerId)) refuse('holder-excluded');
      const { tax } = await taxOf(tx, winner.value, today);
      if (tax > 0 && !winner.done.includes('tax-settled')) refuse('tax-unsettled', tax);
      const until = await claimUntil(tx, winner.draw, winner.replacement);
      const isLate = today > until.day;
      if (isLate && reason.trim().length < 5) refuse('claim-late', until.day, undefined, 'reason');
      const late = isLate ? { until: until.day, reason: reason.trim() } : undefined;
      return {
        kind: 'handed-over',
        facts: { place: place.trim(), value: winner.value, ...(late && { late }) },
      };
    });
  }
}
