import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { budgetShare, parameterOn } from '../rules/calendar/due.js';
import { Officers } from '../officers/officers.service.js';
import { Clock } from '../platform/clock.js';
import { localDate } from '../platform/http/format.js';
import type { Officer } from '../platform/http/access.js';
import { parametersOf } from './deadlines.queries.js';
import { actsOf, type DrawRow, drawOfPeriod, prizesOf } from './draw.queries.js';
import { taxOf, vacanciesOf, winnerOf } from './winner.queries.js';

interface ListedWinner {
  id: number;
  prizeVi: string;
  prizeEn: string;
  place: number;
  code: string;
  name: string;
  locality: string;
  value: number;
  replacement: number;
  outcome: string | null;
  contacts: number;
  checked: boolean;
}

/** What the office sees of winners: how far each is, what is due, what is unclaimed. */
@Injectable()
export class WinnerFiles {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly officers: Officers,
  ) {}

  async list(officer: Officer, promotion: string, period: string, number?: number) {
    const tx = this.db.manager;
    const draw = await drawOfPeriod(tx, promotion, period, number);
    await this.demand(officer, draw);
    const winners = await listed(tx, draw.id);
    const latest = Math.max(
      0,
      ...winners.map(({ replacement }) => replacement),
      await openReplacement(tx, draw.id),
    );
    return {
      draw,
      winners,
      vacancies: await vacanciesOf(tx, draw.id),
      unclaimed: await unclaimedOf(tx, draw, localDate(this.clock.now())),
      published: (await actsOf(tx, draw.id)).some(({ state }) => state === 'published'),
      replacements: Array.from({ length: latest }, (_, at) => at + 1),
    };
  }

  async file(officer: Officer, id: number) {
    const tx = this.db.manager;
    const winner = await winnerOf(tx, id);
    await this.demand(officer, winner.draw);
    const { sealed: _, ...shown } = winner;
    const notices = await tx.query<{ code: string; issuedAt: Date }[]>(
      `select code, issued_at as "issuedAt" from notice where subject = $1 order by id`,
      [`winner/${id}`],
    );
    return { winner: shown, tax: await taxOf(tx, winner.value, localDate(this.clock.now())), notices };
  }

  private demand(officer: Officer, draw: DrawRow): Promise<void> {
    return this.officers.demand(officer, ['organiser', 'partner', 'auditor'], {
      campaignId: draw.campaignId,
      unitId: draw.unitId,
    });
  }
}

function listed(tx: EntityManager, drawId: number): Promise<ListedWinner[]> {
  return tx.query<ListedWinner[]>(
    `select w.id, p.name_vi as "prizeVi", p.name_en as "prizeEn", w.place, w.code, w.masked_name as name, w.locality,
       w.value::float8 as value, w.replacement,
       (select kind from winner_step s where s.winner_id = w.id and s.kind in ('handed-over', 'refused', 'expired', 'disqualified')) as outcome,
       (select count(*)::int from winner_step s where s.winner_id = w.id and s.kind = 'contact-attempted') as contacts,
       exists (select from winner_step s where s.winner_id = w.id and s.kind = 'identity-checked') as checked
     from winner w join prize p on p.draw_id = w.draw_id and p.code = w.prize where w.draw_id = $1 order by w.replacement, w.ordinal`,
    [drawId],
  );
}

async function openReplacement(tx: EntityManager, drawId: number): Promise<number> {
  const [row] = await tx.query<{ number: number }[]>(
    'select coalesce(max(replacement), 0) as number from draw_act where draw_id = $1',
    [drawId],
  );
  return row!.number;
}

/** Prizes that nobody has: never drawn, or vacant and not drawn again; and the part of them that goes to the budget. */
export async function unclaimedOf(tx: EntityManager, draw: DrawRow, day: string) {
  const prizes = await prizesOf(tx, draw.id);
  const total = prizes.reduce((sum, { quantity, value }) => sum + quantity * value, 0);
  const [taken] = await tx.query<{ count: number; value: number }[]>(
    `select count(*)::int as count, coalesce(sum(value), 0)::float8 as value from winner w where w.draw_id = $1 and not exists (
       select from winner_step s where s.winner_id = w.id and s.kind in ('refused', 'expired', 'disqualified'))`,
    [draw.id],
  );
  const percent = parameterOn(await parametersOf(tx), 'budget-percent', day);
  const value = total - taken!.value;
  const places = prizes.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    places: places - taken!.count,
    value,
    percent: percent.value,
    share: budgetShare(value, percent.value),
    basis: percent.basis,
  };
}
