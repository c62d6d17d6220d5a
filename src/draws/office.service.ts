import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DRAW_ACTS, type DrawAct, type DrawFacts, isDone, missing } from '../rules/calendar/draw-office.js';
import { type Signature, Officers } from '../officers/officers.service.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { InputError } from '../platform/http/input-error.js';
import { type DrawRow, lockDraw } from './draw.queries.js';
import { factsOf } from './facts.queries.js';
import { DrawRecord } from './record.service.js';

/** Who acts: the officer of this request. A program that acts for one must be told the password as well. */
export type Actor = Pick<Officer, 'id' | 'organisationId' | 'organisation'>;

export interface ActRequest {
  readonly slug: string;
  /** 0, or left out: the draw itself; else the number of its replacement draw. */
  readonly replacement?: number;
  readonly act: DrawAct;
  readonly officer: Actor;
  readonly signature: Signature;
}

/** An act under way: the draw is locked, the officer has signed, nothing is missing. Nobody: what happens by itself. */
export interface Acting<Who extends Actor | null = Actor> {
  readonly tx: EntityManager;
  readonly draw: DrawRow;
  readonly replacement: number;
  readonly facts: DrawFacts;
  readonly officer: Who;
  readonly now: Date;
}

interface Done {
  readonly complete: boolean;
  readonly facts?: Record<string, unknown>;
  readonly reason?: string;
}

/** The one door through which every act on a draw goes. */
@Injectable()
export class Office {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly officers: Officers,
    private readonly record: DrawRecord,
  ) {}

  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  now(): Date {
    return this.clock.now();
  }

  /**
   * In one transaction, alone on this draw: the right of this second, the signature, what is missing, the work, the journal.
   * To ask for an act that was completed before is answered with false, and changes nothing.
   * `work` returns what the journal is to know, and whether the act is complete: then the draw reaches the act's state.
   * @throws InputError that names all that is missing
   */
  async act(
    { slug, replacement = 0, act, officer, signature }: ActRequest,
    work: (acting: Acting) => Promise<Done>,
  ): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const draw = await lockDraw(tx, slug);
      const reach = { campaignId: draw.campaignId, unitId: draw.unitId };
      await this.officers.demand(officer, DRAW_ACTS[act].by, reach, tx);
      await this.officers.signAgain(tx, officer, signature);
      const now = this.clock.now();
      const facts = await factsOf(tx, draw, replacement, now);
      if (isDone(act, facts.state)) return false;
      refuseIfMissing(act, facts, officer);
      const acting = { tx, draw, replacement, facts, officer, now };
      await this.record.done(acting, act, await work(acting));
      return true;
    });
  }

  /** What a program does by itself, because the rules say so: nobody signs, everything else is as in any act. */
  async byItself(
    { slug, replacement = 0, act }: Omit<ActRequest, 'officer' | 'signature'>,
    work: (acting: Acting<null>) => Promise<Done | undefined>,
  ): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const draw = await lockDraw(tx, slug);
      const now = this.clock.now();
      const acting = {
        tx,
        draw,
        replacement,
        facts: await factsOf(tx, draw, replacement, now),
        officer: null,
        now,
      };
      const done = await work(acting);
      if (done) await this.record.done(acting, act, done);
      return done !== undefined;
    });
  }
}

function refuseIfMissing(act: DrawAct, facts: DrawFacts, officer: Actor): void {
  const found = missing(act, facts, { officerId: officer.id, organisationId: officer.organisationId });
  if (found.length > 0)
    throw new InputError(found.map(({ code, wanted, got }) => refusal(code, wanted, got)));
}

/** A refusal in words of this feature. */
export const refusal = (code: string, expected?: unknown, got?: unknown, field?: string) => ({
  code: `draws.missing.${code}`,
  expected,
  got,
  ...(field && { field }),
});
export const refuse = (code: string, expected?: unknown, got?: unknown, field?: string): never => {
  throw new InputError([refusal(code, expected, got, field)]);
};
