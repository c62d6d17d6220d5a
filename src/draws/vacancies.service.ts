import { Injectable } from '@nestjs/common';
import { localDate } from '../platform/http/format.js';
import { claimUntil } from './deadlines.queries.js';
import { refuse } from './office.service.js';
import type { WinnerRow } from './winner.queries.js';
import { type WinnerSign, WinnerSteps } from './winner-steps.service.js';

export type Outcome = 'refused' | 'expired';

/** How a prize loses its winner: refused, not claimed in time, or by two organisations. What is vacant can be drawn again. */
@Injectable()
export class Vacancies {
  constructor(private readonly steps: WinnerSteps) {}

  /** The winner does not want the prize, or did not come in time although somebody tried to reach them. */
  giveUp(sign: WinnerSign, { outcome, reason }: { outcome: Outcome; reason: string }): Promise<void> {
    return this.steps.step(sign, async (tx, winner) => {
      if (reason.trim().length < 5) refuse('reason', undefined, undefined, 'reason');
      if (outcome === 'refused') return { kind: outcome, facts: { reason: reason.trim() } };
      const until = await claimUntil(tx, winner.draw, winner.replacement);
      if (localDate(this.steps.now()) <= until.day) refuse('claim-running', until.day);
      if (!winner.done.includes('contact-attempted')) refuse('never-contacted');
      return { kind: outcome, facts: { reason: reason.trim(), until: until.day, basis: until.basis } };
    });
  }

  /** One officer proposes with a reason; an officer of another organisation decides. */
  disqualify(sign: WinnerSign, reason: string): Promise<void> {
    const { officer } = sign;
    return this.steps.step(sign, async (_, { proposal }) => {
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

  /** A proposal that turns out wrong is dropped, with the reason; the win stands as before. */
  drop(sign: WinnerSign, reason: string): Promise<void> {
    return this.steps.step(sign, async (_, { proposal }: WinnerRow) => {
      if (!proposal) refuse('no-proposal');
      if (reason.trim().length < 5) refuse('reason', undefined, undefined, 'reason');
      return { kind: 'disqualification-dropped', facts: { reason: reason.trim() } };
    });
  }
}
