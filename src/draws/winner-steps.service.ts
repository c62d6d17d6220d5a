import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Signature, Officers } from '../officers/officers.service.js';
import { type Actor, Office, refuse } from './office.service.js';
import { DrawRecord } from './record.service.js';
import { type WinnerRow, winnerOf } from './winner.queries.js';

export interface WinnerSign {
  readonly id: number;
  readonly officer: Actor;
  readonly signature: Signature;
}

export interface NewStep {
  readonly kind: string;
  readonly facts: Record<string, unknown>;
}

/** The one door to the file of a winner: alone on the draw, signed once more, after publication, written down. */
@Injectable()
export class WinnerSteps {
  constructor(
    private readonly office: Office,
    private readonly officers: Officers,
    private readonly record: DrawRecord,
  ) {}

  now(): Date {
    return this.office.now();
  }

  /** The winner of a published draw, locked, after this officer signed. */
  async signed<T>(
    { id, officer, signature }: WinnerSign,
    work: (tx: EntityManager, winner: WinnerRow) => Promise<T>,
  ): Promise<T> {
    return this.office.transaction(async (tx) => {
      const winner = await winnerOf(tx, id, true);
      const reach = { campaignId: winner.campaignId, unitId: winner.draw.unitId };
      await this.officers.demand(officer, ['organiser', 'partner'], reach, tx);
      await this.officers.signAgain(tx, officer, signature);
      if (!winner.published) refuse('not-published');
      return work(tx, winner);
    });
  }

  /** One step more, while the win is not settled; `ever`: also after that. */
  async step(
    sign: WinnerSign,
    work: (tx: EntityManager, winner: WinnerRow) => Promise<NewStep>,
    ever = false,
  ): Promise<void> {
    await this.signed(sign, async (tx, winner) => {
      if (winner.outcome && !ever) refuse('outcome-before', undefined, winner.outcome);
      const { kind, facts } = await work(tx, winner);
      await tx.query(
        'insert into winner_step (winner_id, kind, facts, at, officer_id) values ($1, $2, $3, $4, $5)',
        [winner.id, kind, JSON.stringify(facts), this.office.now(), sign.officer.id],
      );
      await this.note(tx, winner, sign.officer, `winner-${kind}`, {
        ...(typeof facts.tax === 'number' && { tax: facts.tax }),
      });
    });
  }

  note(
    tx: EntityManager,
    { id, draw, prize, place }: WinnerRow,
    officer: Actor,
    act: string,
    facts: Record<string, unknown> = {},
  ): Promise<void> {
    return this.record.note({ tx, draw, officer }, act, { winner: id, prize: `${prize}/${place}`, ...facts });
  }
}
