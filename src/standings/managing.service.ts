import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { campaignBySlug } from '../campaigns/campaigns.queries.js';
import { boardState, refusalsOf } from '../rules/calendar/board.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import type { Locale } from '../platform/http/format.js';
import { InputError } from '../platform/http/input-error.js';
import { Acts } from './acts.service.js';
import { boardOf, type Board } from './board-acts.queries.js';
import { campaignFrame, stateLook } from './campaign-frame.js';
import { decidedOf } from './decided.queries.js';
import { Sights, type Sight } from './sight.service.js';

type Values = Readonly<Record<string, string>>;
interface Listed {
  readonly slug: string;
  readonly title_vi: string;
  readonly title_en: string;
  readonly starts_on: string;
  readonly ends_on: string;
}
interface Done {
  readonly key: string;
  readonly values?: Record<string, string | number>;
}

/** Everything an organiser does to a campaign's standings, each act in one transaction. */
@Injectable()
export class Managing {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly acts: Acts,
    private readonly sights: Sights,
  ) {}

  /** Published campaigns, newest first, each with the state of its board. */
  async campaigns() {
    const listed = await this.db.query<Listed[]>(
      `select slug, title_vi, title_en, starts_on, ends_on from campaign c where kind <> 'promotion'
          and exists (select from rules_version r where r.campaign_id = c.id and r.published_at is not null)
        order by starts_on desc, id desc`,
    );
    const shown = [];
    for (const one of listed) {
      const board = await boardOf(this.db, one.slug);
      const state = board && boardState(board, this.clock.now());
      if (state) shown.push({ ...one, state, look: stateLook(state) });
    }
    return shown;
  }

  async desk(officer: Officer, slug: string, locale: Locale) {
    const board = await this.allowed(officer, slug);
    const sight = await this.sights.see(slug, {}, officer);
    const frame = campaignFrame(sight, locale, { label: 'standings.manage.title' });
    const now = this.clock.now();
    const decided = await decidedOf(this.db, board.campaignId);
    return {
      ...frame,
      can: {
        freeze: refusalsOf('freeze', board, now).length === 0,
        thaw: refusalsOf('thaw', board, now).length === 0,
        finalise: refusalsOf('finalise', board, now).length === 0,
        decide: board.finalised === null,
      },
      obstacles: await this.acts.board.obstacles(this.db.manager, slug, board),
      publications: sight.publications,
      ...decided,
      objections: await this.acts.objections.of(slug),
      units: [...sight.cut.contest.units.values()]
        .filter(({ group }) => group !== null)
        .map(({ id, name }) => ({ value: String(id), label: name }))
        .toSorted((a, b) => a.label.localeCompare(b.label, 'vi')),
      indicators: sight.cut.contest.indicators.map(({ code, nameVi, nameEn }) => ({
        value: code,
        label: locale === 'en' ? nameEn : nameVi,
      })),
    };
  }

  /** The standings as the organiser sees them, for pages beside the desk. */
  async seen(officer: Officer, slug: string): Promise<Sight> {
    await this.allowed(officer, slug);
    return this.sights.see(slug, {}, officer);
  }

  async act(officer: Officer, slug: string, act: string, values: Values): Promise<Done> {
    await this.allowed(officer, slug);
    return this.db.transaction(async (tx) => {
      const done = await this.one(tx, officer.id, slug, act, values);
      if (!done) throw new NotFoundException();
      return done;
    });
  }

  async settle(
    officer: Officer,
    slug: string,
    { what, id, reason, outcome }: { what: string; id: number; reason: string; outcome: string },
  ): Promise<Done> {
    await this.allowed(officer, slug);
    return this.db.transaction(async (tx) => {
      const order = { slug, id, reason, officer: officer.id };
      if (what === 'objections') {
        if (outcome !== 'upheld' && outcome !== 'rejected' && outcome !== 'withdrawn')
          throw new InputError([{ field: 'outcome', code: 'standings.finding.needed.outcome' }]);
        await this.acts.objections.decide(tx, { ...order, outcome });
        return { key: 'standings.done.decided' };
      }
      if (what === 'exemptions') {
        await this.acts.decisions.takingPart.withdraw(tx, order);
        return { key: 'standings.done.withdrawn' };
      }
      const table = { days: 'excluded_day', adjustments: 'adjustment' }[what] as
        'excluded_day' | 'adjustment' | undefined;
      if (!table) throw new NotFoundException();
      await this.acts.decisions.withdraw(tx, table, order);
      return { key: 'standings.done.withdrawn' };
    });
  }

  private async one(
    tx: EntityManager,
    officer: number,
    slug: string,
    act: string,
    values: Values,
  ): Promise<Done | null> {
    const { board, publishing } = this.acts;
    const order = { slug, reason: values['reason'] ?? '', officer };
    if (act === 'publication') {
      const { number } = await publishing.publish(tx, {
        slug,
        kind: 'interim',
        note: values['note'],
        officer,
      });
      return { key: 'standings.done.published', values: { n: number } };
    }
    if (act === 'final') {
      const { number } = await board.finalise(tx, order);
      return { key: 'standings.done.finalised', values: { n: number } };
    }
    if (act === 'freeze') await board.freeze(tx, order);
    else if (act === 'thaw') await board.thaw(tx, order);
    else return this.decision(tx, officer, slug, act, values);
    return { key: act === 'freeze' ? 'standings.done.frozen' : 'standings.done.thawed' };
  }

  private async decision(
    tx: EntityManager,
    officer: number,
    slug: string,
    act: string,
    values: Values,
  ): Promise<Done | null> {
    const { reason = '', decisionRef = '', day = '', unitId = '', points = '', countsFrom = '' } = values;
    const order = { slug, reason, decisionRef, officer };
    if (act === 'days') {
      await this.acts.decisions.excludeDay(tx, { ...order, day });
      return { key: 'standings.done.excluded' };
    }
    const unit = { ...order, unitId: Number(unitId) };
    if (act === 'adjustments') {
      await this.acts.decisions.adjust(tx, { ...unit, points: points.replace(',', '.'), countsFrom });
      return { key: 'standings.done.adjusted' };
    }
    if (act === 'exemptions') {
      const { indicator = '', evidence = '' } = values;
      await this.acts.decisions.takingPart.exempt(tx, { ...unit, indicator, evidence });
      return { key: 'standings.done.exempted' };
    }
    if (act !== 'departures') return null;
    await this.acts.decisions.takingPart.leave(tx, { ...unit, lastOn: values['lastOn'] ?? '' });
    return { key: 'standings.done.left' };
  }

  private async allowed(officer: Officer, slug: string): Promise<Board> {
    const board = await boardOf(this.db, slug);
    if (!board) throw new NotFoundException();
    const campaign = await campaignBySlug(this.db, slug);
    await this.acts.officers.demand(officer, ['organiser', 'administrator'], {
      unitId: campaign?.unitId,
      campaignId: board.campaignId,
    });
    return board;
  }
}
