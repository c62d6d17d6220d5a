import { Injectable } from '@nestjs/common';
import { Notices } from '../notices/notices.service.js';
import { type Locale, money } from '../platform/http/format.js';
import { Messages } from '../platform/http/messages.js';
import { refuse } from './office.service.js';
import type { WinnerRow } from './winner.queries.js';
import { type WinnerSign, WinnerSteps } from './winner-steps.service.js';

/** The message to a winner, with a code that the public page confirms. */
@Injectable()
export class WinnerNotices {
  constructor(
    private readonly steps: WinnerSteps,
    private readonly notices: Notices,
    private readonly messages: Messages,
  ) {}

  /** @returns the code. The words hold the lucky code and the prize, nothing about the person. */
  issue(sign: WinnerSign): Promise<string> {
    return this.steps.signed(sign, async (tx, winner) => {
      const notice = {
        kind: 'winner',
        subject: `winner/${winner.id}`,
        bodyVi: this.words(winner, 'vi'),
        bodyEn: this.words(winner, 'en'),
      } as const;
      const code = await this.notices.issue(tx, notice, sign.officer.id);
      await this.steps.note(tx, winner, sign.officer, 'winner-notified');
      return code;
    });
  }

  /** Sent in error, or overtaken: the public page says from now on that it is withdrawn. */
  withdraw(sign: WinnerSign, code: string): Promise<void> {
    return this.steps.signed(sign, async (tx, winner) => {
      if (!(await this.notices.withdraw(tx, { code, subject: `winner/${winner.id}` }, sign.officer.id)))
        refuse('no-notice', undefined, code);
      await this.steps.note(tx, winner, sign.officer, 'winner-notice-withdrawn');
    });
  }

  private words({ draw, code, value, ...winner }: WinnerRow, locale: Locale): string {
    return this.messages.text('draws.notice', locale, {
      organizer: draw.organizer,
      code,
      prize: locale === 'vi' ? winner.prizeVi : winner.prizeEn,
      value: money(value, locale),
      promotion: locale === 'vi' ? draw.promotionVi : draw.promotionEn,
      draw: draw.title,
    });
  }
}
