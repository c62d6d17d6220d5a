import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Closing } from '../draws/closing.service.js';
import { documentOf, drawBySlug } from '../draws/draw.queries.js';
import { Freezing } from '../draws/freeze.service.js';
import { frozenOf } from '../draws/frozen.queries.js';
import { Objections } from '../draws/objections.service.js';
import type { Actor } from '../draws/office.service.js';
import type { Plan } from '../draws/plan.js';
import { Planning } from '../draws/plan.service.js';
import { Drawing } from '../draws/result.service.js';
import { Sources } from '../draws/sources.service.js';
import { Witnesses } from '../draws/witness.service.js';
import { at } from './at.js';
import { DICE } from './draw-plans.js';
import { PASSWORD } from './officers.js';
import { PROMOTION } from './promotion-plan.js';

const SIGNATURE = { password: PASSWORD };

/**
 * The draw office of the example: each act as the officer of that name does it in the control room, on its day. An act that
 * was done before is not done again, so that a filling that was killed in the middle goes on.
 */
export class DemoOffice {
  readonly slug: string;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly period: string,
  ) {
    this.slug = `${PROMOTION}/${period}`;
  }

  async plan(login: string, moment: string, plan: Plan): Promise<void> {
    if (await this.found('select 1 from draw where slug = $1', [this.slug])) return;
    await this.on(login, moment, (officer) =>
      this.get(Planning).plan(officer, SIGNATURE, { promotion: PROMOTION, period: this.period }, plan),
    );
  }

  publishRules = (login: string, moment: string) =>
    this.on(login, moment, (officer) => this.get(Planning).publishRules(this.slug, officer, SIGNATURE));

  openObjections = (login: string, moment: string) =>
    this.on(login, moment, (officer) => this.get(Objections).open(this.slug, officer, SIGNATURE));

  freeze = (login: string, moment: string) =>
    this.on(login, moment, (officer) => this.get(Freezing).freeze(this.slug, officer, SIGNATURE));

  async cosign(login: string, moment: string): Promise<void> {
    if (await this.hasRow('cosignature', login)) return;
    const frozen = await frozenOf(this.db.manager, await this.id());
    await this.on(login, moment, (officer) =>
      this.get(Witnesses).cosign(this.slug, officer, SIGNATURE, frozen?.root ?? ''),
    );
  }

  async typeDice(login: string, moment: string, value: string): Promise<void> {
    if (await this.hasRow('source_reading', login)) return;
    const reading = { slug: this.slug, source: DICE.id, value };
    await this.on(login, moment, (officer) => this.get(Sources).record(reading, officer, SIGNATURE));
  }

  draw = (login: string, moment: string) =>
    this.on(login, moment, (officer) => this.get(Drawing).draw(this.slug, officer, SIGNATURE));

  async recompute(login: string, moment: string): Promise<void> {
    if (await this.hasRow('recomputation', login)) return;
    await this.on(login, moment, (officer) =>
      this.get(Closing).recompute({ slug: this.slug }, officer, SIGNATURE),
    );
  }

  async certify(login: string, moment: string): Promise<void> {
    if (await this.hasRow('certification', login)) return;
    const result = await documentOf(this.db.manager, await this.id(), 'result');
    await this.on(login, moment, (officer) =>
      this.get(Closing).certify({ slug: this.slug }, officer, SIGNATURE, result?.hash ?? ''),
    );
  }

  publish = (login: string, moment: string) =>
    this.on(login, moment, (officer) => this.get(Closing).publish({ slug: this.slug }, officer, SIGNATURE));

  private get db(): DataSource {
    return this.app.get(DataSource);
  }

  private get<T>(token: abstract new (...args: never[]) => T): T {
    return this.app.get(token as never, { strict: false });
  }

  private async id(): Promise<number> {
    return (await drawBySlug(this.db.manager, this.slug)).id;
  }

  private async on(login: string, moment: string, work: (officer: Actor) => Promise<unknown>): Promise<void> {
    const [officer] = await this.db.query<Actor[]>(
      `select o.id, o.organisation_id as "organisationId", n.name as organisation
       from officer o join organisation n on n.id = o.organisation_id where o.login = $1`,
      [login],
    );
    if (!officer) throw new RangeError(`no officer ${login}`);
    await at(this.app, moment, () => work(officer));
  }

  private async hasRow(table: string, login: string): Promise<boolean> {
    return this.found(
      `select 1 from ${table} t join officer o on o.id = t.officer_id join draw d on d.id = t.draw_id
       where d.slug = $1 and o.login = $2`,
      [this.slug, login],
    );
  }

  private async found(sql: string, values: unknown[]): Promise<boolean> {
    return (await this.db.query<unknown[]>(sql, values)).length > 0;
  }
}
