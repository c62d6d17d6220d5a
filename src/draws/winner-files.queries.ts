import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { budgetShare, parameterOn } from '../rules/calendar/due.js';
import { Officers } from '../officers/officers.service.js';
import { Clock } from '../platform/clock.js';
import { localDate } from '../platform/http/format.js';
import type { Officer } from '../platform/http/access.js';
import { chainsOf } from './beacon.queries.js';
import { claimUntil, parametersOf } from './deadlines.queries.js';
import { actsOf, type DrawRow, drawOfPeriod, prizesOf } from './draw.queries.js';
import { hasCode } from './room.queries.js';
import { sourceLines } from './source-form.js';
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
  late: boolean;
  claimUntil: string;
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
    const today = localDate(this.clock.now());
    const winners = await this.claimed(tx, draw, await listed(tx, draw.id), today);
    const latest = Math.max(
      0,
      ...winners.map(({ replacement }) => replacement),
      await openReplacement(tx, draw.id),
    );
    return {
      draw,
      winners,
      vacancies: await vacanciesOf(tx, draw.id),
      unclaimed: await unclaimedOf(tx, draw, today),
      code: await hasCode(tx, officer.id),
      chains: await chainsOf(tx),
      sourceLines: sourceLines({}),
      published: (await actsOf(tx, draw.id)).some(({ state }) => state === 'published'),
      replacements: Array.from({ length: latest }, (_, at) => at + 1),
    };
  }

  async file(officer: Officer, id: number) {
    const tx = this.db.manager;
    const winner = await winnerOf(tx, id);
    await this.demand(officer, winner.draw);
    const { sealed: _, ...shown } = winner;
    const notices = await tx.query<{ code: string; issuedAt: Date; withdrawnAt: Date | null }[]>(
      `select code, issued_at as "issuedAt", withdrawn_at as "withdrawnAt" from notice where subject = $1 order by id`,
      [`winner/${id}`],
    );
    const today = localDate(this.clock.now());
    const claim = await claimUntil(tx, winner.draw, winner.replacement);
    return {
      winner: shown,
      tax: await taxOf(tx, winner.value, today),
      notices,
      claim: { ...claim, over: today > claim.day },
      consent: winner.steps.findLast(({ kind }) => kind.startsWith('consent-'))?.facts ?? {},
      vacant: ['refused', 'expired', 'disqualified'].includes(winner.outcome ?? ''),
      code: await hasCode(tx, officer.id),
    };
  }

  private async claimed(
    tx: EntityManager,
    draw: DrawRow,
    winners: readonly Omit<ListedWinner, 'late' | 'claimUntil'>[],
    today: string,
  ): Promise<ListedWinner[]> {
    const until = new Map<number, string>();
    for (const { replacement } of winners)
      if (!until.has(replacement)) until.set(replacement, (await claimUntil(tx, draw, replacement)).day);
    return winners.map((winner) => {
      const day = until.get(winner.replacement)!;
      return { ...winner, claimUntil: day, late: winner.outcome === null && today > day };
    });
  }

  private demand(officer: Officer, draw: DrawRow): Promise<void> {
    return this.officers.demand(officer, ['organiser', 'partner', 'auditor'], {
      campaignId: draw.campaignId,
      unitId: draw.unitId,
    });
  }
}

function listed(tx: EntityManager, drawId: number): Promise<Omit<ListedWinner, 'late' | 'claimUntil'>[]> {
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
