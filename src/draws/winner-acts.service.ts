import { Injectable, NotFoundException } from '@nestjs/common';
import { posted } from '../platform/http/form.js';
import { Vacancies } from './vacancies.service.js';
import { WinnerNotices } from './winner-notices.service.js';
import type { WinnerSign } from './winner-steps.service.js';
import { type Contact, Winners } from './winners.service.js';

/** What the forms on a winner's page ask for, by the last part of their address. */
@Injectable()
export class WinnerActs {
  constructor(
    private readonly winners: Winners,
    private readonly vacancies: Vacancies,
    private readonly notices: WinnerNotices,
  ) {}

  /** @returns the key under `draws.done` of what was done. */
  async done(act: string, sign: WinnerSign, body: unknown): Promise<string> {
    const text = (name: string) => posted(body, name);
    const acts: Record<string, () => Promise<unknown>> = {
      contacts: () =>
        this.winners.contact(sign, {
          channel: text('channel') as Contact['channel'],
          outcome: text('outcome') as Contact['outcome'],
          note: text('note'),
        }),
      identity: () => this.winners.checkIdentity(sign, text('number')),
      consent: () =>
        this.winners.consent(sign, { name: text('name') === 'yes', photo: text('photo') === 'yes' }),
      tax: () => this.winners.settleTax(sign, text('paidBy') === 'organizer' ? 'organizer' : 'winner'),
      'hand-over': () => this.winners.handOver(sign, { place: text('place'), reason: text('reason') }),
      'giving-up': () =>
        this.vacancies.giveUp(sign, {
          outcome: text('outcome') === 'expired' ? 'expired' : 'refused',
          reason: text('reason'),
        }),
      disqualification: () => this.vacancies.disqualify(sign, text('reason')),
      'disqualification-dropping': () => this.vacancies.drop(sign, text('reason')),
      notices: () => this.notices.issue(sign),
      'notice-withdrawal': () => this.notices.withdraw(sign, text('notice')),
    };
    const work = acts[act];
    if (!work) throw new NotFoundException();
    await work();
    return act === 'notices' ? 'notice' : 'winner';
  }
}
