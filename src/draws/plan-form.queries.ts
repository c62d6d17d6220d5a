import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  actsOf,
  drawOfPeriod,
  type DrawRow,
  type PrizeRow,
  prizesOf,
  type SourceRow,
  sourcesOf,
} from './draw.queries.js';

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
}

const BEGINNING = {
  method: 'ticket',
  winsPerHolder: 1,
  witnessesWanted: 2,
  objectionDays: 3,
  pattern: '^[0-9]{20}$',
};

function valuesOf(draw: DrawRow, prizes: readonly PrizeRow[], sources: readonly SourceRow[]) {
  const of = (kind: string) => sources.find((source) => source.kind === kind);
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
    description: of('witness')?.description ?? '',
    pattern: of('witness')?.pattern ?? '',
    round: of('drand')?.round ?? '',
    commitment: of('commitment')?.commitment ?? '',
    ...Object.fromEntries(prizes.flatMap(prizeValues)),
  };
}

const prizeValues = (prize: PrizeRow, at: number): [string, string | number][] => [
  [`prizeVi${at}`, prize.nameVi],
  [`prizeEn${at}`, prize.nameEn],
  [`quantity${at}`, prize.quantity],
  [`value${at}`, prize.value],
];
