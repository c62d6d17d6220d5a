import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type PaperKind, Papers } from '../documents/papers.service.js';
import { Officers } from '../officers/officers.service.js';
import { Config } from '../platform/config.js';
import { localDate } from '../platform/http/format.js';
import type { Officer } from '../platform/http/access.js';
import { actsOf, type DrawRow, drawOfPeriod } from './draw.queries.js';
import { handOverModel, reportModel, rulesModel, winnersModel } from './office-papers.queries.js';
import { minutesModel } from './paper-models.queries.js';
import { registrationModel, vacancyModel } from './prize-papers.queries.js';
import { winnerOf } from './winner.queries.js';

/** When each paper can be drawn up: from then on it has its number and does not change. */
const FROM: Record<string, string> = {
  rules: 'rules-published',
  minutes: 'certified',
  winners: 'published',
  report: 'published',
};

/** The papers of a draw: a draft until the state is reached that they tell of, then numbered and kept. */
@Injectable()
export class DrawPapers {
  constructor(
    private readonly db: DataSource,
    private readonly papers: Papers,
    private readonly officers: Officers,
    private readonly config: Config,
  ) {}

  find(promotion: string, period: string): Promise<DrawRow> {
    return drawOfPeriod(this.db.manager, promotion, period);
  }

  mayRead(officer: Officer, draw: DrawRow): Promise<boolean> {
    return this.officers.may(officer, ['organiser', 'partner', 'witness', 'auditor'], {
      campaignId: draw.campaignId,
      unitId: draw.unitId,
    });
  }

  async isPublic(draw: DrawRow, kind: string): Promise<boolean> {
    const states = await this.states(draw);
    return kind === 'rules' ? states.has('rules-published') : states.has('published');
  }

  async html(draw: DrawRow, kind: string, officerId: number | null = null): Promise<string> {
    const from = FROM[kind];
    if (kind === 'registration') return this.registration(draw);
    if (!from) throw new NotFoundException();
    const states = await this.states(draw);
    const model = (tx: EntityManager, number: string, day: string) => this.model(tx, draw, kind, number, day);
    if (kind === 'report' || !states.has(from)) {
      if (kind !== 'rules' && !states.has('drawn')) throw new NotFoundException();
      const draft = await model(this.db.manager, '', localDate(draw.drawsAt));
      return this.papers.html(kind as PaperKind, draft);
    }
    return (await this.papers.drawUp(`draw/${draw.slug}`, kind as PaperKind, officerId, model)).html;
  }

  /** The minutes of how a win ended: handed over, or vacant. */
  async ofWinner(winnerId: number, kind: 'hand-over' | 'vacancy', officerId: number): Promise<string> {
    const { outcome = '' } = await winnerOf(this.db.manager, winnerId);
    const isVacant = ['refused', 'expired', 'disqualified'].includes(outcome);
    if (kind === 'hand-over' ? outcome !== 'handed-over' : !isVacant) throw new NotFoundException();
    const model = (tx: EntityManager, number: string) =>
      kind === 'hand-over' ? handOverModel(tx, winnerId, number) : vacancyModel(tx, winnerId, number);
    return (await this.papers.drawUp(`winner/${winnerId}`, kind, officerId, model)).html;
  }

  /** A form to be filled in and signed by hand: never numbered here, made anew from the plan each time. */
  private async registration(draw: DrawRow): Promise<string> {
    return this.papers.html(
      'registration',
      await registrationModel(this.db.manager, draw, localDate(draw.plannedAt)),
    );
  }

  /** For the bundle: the minutes as they were drawn up, or as they would be. */
  async minutes(tx: EntityManager, draw: DrawRow): Promise<string> {
    const kept = await this.papers.find(`draw/${draw.slug}`, 'minutes', tx);
    return kept?.html ?? this.papers.html('minutes', await minutesModel(tx, draw, this.config.PUBLIC_URL));
  }

  private model(tx: EntityManager, draw: DrawRow, kind: string, number: string, day: string) {
    const address = this.config.PUBLIC_URL;
    if (kind === 'rules') return rulesModel(tx, draw, day, number);
    if (kind === 'minutes') return minutesModel(tx, draw, address, number);
    if (kind === 'winners') return winnersModel(tx, draw, address, day, number);
    return reportModel(tx, draw, address, day, number);
  }

  private async states(draw: DrawRow): Promise<Set<string>> {
    return new Set((await actsOf(this.db.manager, draw.id)).map(({ state }) => state));
  }
}
