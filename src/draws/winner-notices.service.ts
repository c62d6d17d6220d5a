import { Injectable } from '@nestjs/common';
import { Notices } from '../notices/notices.service.js';
import { Officers } from '../officers/officers.service.js';
import { money } from '../platform/http/format.js';
import { type Actor, Office, refuse } from './office.service.js';
import { DrawRecord } from './record.service.js';
import { winnerOf } from './winner.queries.js';

/** The message to a winner, with a code that the public page confirms. */
@Injectable()
export class WinnerNotices {
  constructor(
    private readonly office: Office,
    private readonly officers: Officers,
    private readonly notices: Notices,
    private readonly record: DrawRecord,
  ) {}

  /** @returns the code. The words hold the lucky code and the prize, nothing about the person. */
  issue(id: number, officer: Actor): Promise<string> {
    return this.office.transaction(async (tx) => {
      const winner = await winnerOf(tx, id, true);
      const { draw } = winner;
      await this.officers.demand(
        officer,
        ['organiser', 'partner'],
        { campaignId: draw.campaignId, unitId: draw.unitId },
        tx,
      );
      if (!winner.published) refuse('not-published');
      const { code: lucky, prizeVi, prizeEn, value } = winner;
      const code = await this.notices.issue(
        tx,
        {
          kind: 'winner',
          subject: `winner/${id}`,
          bodyVi: `${draw.organizer} thông báo: mã ${lucky} đã trúng ${prizeVi}, trị giá ${money(value, 'vi')}, trong "${draw.promotionVi}", ${draw.title}. Chúng tôi không yêu cầu chuyển tiền trước khi nhận giải.`,
          bodyEn: `${draw.organizer}: the code ${lucky} won ${prizeEn}, worth ${money(value, 'en')}, in "${draw.promotionEn}", ${draw.title}. We ask for no payment before the prize is handed over.`,
        },
        officer.id,
      );
      await this.record.note({ tx, draw, officer }, 'winner-notified', { winner: id });
      return code;
    });
  }
}
