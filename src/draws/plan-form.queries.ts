import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Chain } from '../verify/beacon.js';
import { chainsOf } from './beacon.queries.js';
import {
  actsOf,
  drawOfPeriod,
  type DrawRow,
  type PrizeRow,
  prizesOf,
  type SourceRow,
  sourcesOf,
} from './draw.queries.js';
import type { Actor } from './office.service.js';
import { drawName } from './plan.js';
import { hasCode } from './room.queries.js';
import { sealName, sourceFields, sourceLines } from './source-form.js';

/** What stands in the planning form: the plan there is, or a sensible beginning. */
@Injectable()
export class PlanForm {
  constructor(private readonly db: DataSource) {}

  async values(
    promotion: string,
    period: string,
  ): Promise<{ slug?: string; values: Record<string, unknown> }> {
    const tx = this.db.manager;
    const [known] = await tx.query<{ n: number }[]>(
      `select count(*)::int as n from draw d join draw_period p on p.id = d.draw_period_id join campaign c on c.id = p.campaign_id
       where c.slug = $1 and p.slug = $2`,
      [promotion, period],
    );
    if (!known?.n) return { values: BEGINNING };
    const draw = await drawOfPeriod(tx, promotion, period);
    const isVoid = (await actsOf(tx, draw.id)).some(({ state }) => state === 'void');
    const values = valuesOf(draw, await prizesOf(tx, draw.id), await sourcesOf(tx, draw.id));
    return isVoid ? { values } : { slug: draw.slug, values };
  }

  chains(): Promise<Chain[]> {
    return chainsOf(this.db.manager);
  }

  /** What the form offers beside the values: chains, organisations, as many lines as are filled. */
  async choices(
    officer: Actor,
    { promotion, period }: { promotion: string; period: string },
    values: Record<string, unknown>,
  ) {
    const tx = this.db.manager;
    return {
      officer,
      code: await hasCode(tx, officer.id),
      chains: await chainsOf(tx),
      organisations: await tx.query('select id, name from organisation order by name'),
      drawName: await nameOf(tx, promotion, period),
      sealNames: Array.from({ length: SEALS }, (_, at) => sealName(at)),
      sourceLines: sourceLines(values),
    };
  }
}

/** Under which name the draw is, or will be, planned: sealed secrets are made for it. */
async function nameOf(tx: EntityManager, promotion: string, period: string): Promise<string> {
  const [last] = await tx.query<{ number: number }[]>(
    `select d.number + (exists (select from draw_act a where a.draw_id = d.id and a.state = 'void'))::integer as number
     from draw d join draw_period p on p.id = d.draw_period_id join campaign c on c.id = p.campaign_id
     where c.slug = $1 and p.slug = $2 order by d.number desc limit 1`,
    [promotion, period],
  );
  return drawName(promotion, period, last?.number ?? 1);
}

/** The most lines of seals that a form shows. */
const SEALS = 20;

const BEGINNING = {
  method: 'ticket',
  winsPerHolder: 1,
  witnessesWanted: 2,
  objectionDays: 3,
  'dice-count-0': 20,
  'dice-low-0': 0,
  'dice-high-0': 9,
};

function valuesOf(draw: DrawRow, prizes: readonly PrizeRow[], sources: readonly SourceRow[]) {
  return {
    title: draw.title,
    organizer: draw.organizer,
    registrationRef: draw.registrationRef ?? '',
    place: draw.place ?? '',
    drawsAt: new Date(draw.drawsAt.getTime() + 7 * 3_600_000).toISOString().slice(0, 16),
    method: draw.method,
    winsPerHolder: draw.winsPerHolder ?? '',
    witnessesWanted: draw.witnessesWanted,
    objectionDays: draw.objectionDays,
    ...(draw.method !== 'cage' && sourceFields(sources)),
    ...Object.fromEntries(prizes.flatMap(prizeValues)),
  };
}

const prizeValues = (prize: PrizeRow, at: number): [string, string | number][] => [
  [`prizeVi${at}`, prize.nameVi],
  [`prizeEn${at}`, prize.nameEn],
  [`quantity${at}`, prize.quantity],
  [`value${at}`, prize.value],
];
