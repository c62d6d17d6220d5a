import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Signature, Officers } from '../officers/officers.service.js';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { actsOf, drawBySlug, lockDraw, stateFrom } from './draw.queries.js';
import { objectionsCloseAt } from './facts.queries.js';
import { holderOfCode } from './list.queries.js';
import { type Actor, Office, refuse } from './office.service.js';
import { DrawRecord } from './record.service.js';

export interface NewObjection {
  readonly code: string;
  readonly reason: string;
  /** How to reach a citizen who files it; kept sealed. */
  readonly contact?: string;
}

/** The masked list is open to everybody for some days before it is closed; whoever sees something wrong says so. */
@Injectable()
export class ObjectionDoor {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly vault: Vault,
    private readonly record: DrawRecord,
  ) {}

  /** By a citizen (null) or an officer, while the window is open. @returns its number. */
  async file(slug: string, officer: Actor | null, { code, reason, contact }: NewObjection): Promise<number> {
    if (reason.trim().length < 5) refuse('reason', undefined, undefined, 'reason');
    return this.db.transaction(async (tx) => {
      const draw = await drawBySlug(tx, slug);
      const acts = await actsOf(tx, draw.id);
      const closes = objectionsCloseAt(acts, draw);
      if (stateFrom(acts, 0) !== 'objections-open' || !closes || this.clock.now() >= closes)
        throw new ConflictException('draws.refusals.objectionsClosed');
      const holder = await holderOfCode(tx, draw.campaignId, code);
      if (!holder || holder.voided) refuse('code-not-listed', undefined, code, 'code');
      const sealed = contact?.trim() ? this.vault.seal(contact.trim()) : null;
      const [row] = await tx.query<{ id: number }[]>(
        `insert into objection (draw_id, code, reason, sealed, filed_at, filed_by) values ($1, $2, $3, $4, $5, $6) returning id`,
        [draw.id, code, reason.trim().slice(0, 2000), sealed, this.clock.now(), officer?.id ?? null],
      );
      await this.record.note({ tx, draw, officer }, 'objection-filed', { objection: row!.id, code });
      return row!.id;
    });
  }
}

/** Opening the window, and deciding what came in. */
@Injectable()
export class Objections {
  constructor(
    private readonly db: DataSource,
    private readonly office: Office,
    private readonly officers: Officers,
    private readonly record: DrawRecord,
  ) {}

  open(slug: string, officer: Actor, signature: Signature): Promise<boolean> {
    return this.office.act({ slug, act: 'open-objections', officer, signature }, async ({ draw }) => ({
      complete: true,
      facts: { days: draw.objectionDays },
    }));
  }

  /** Upheld: whoever holds the code is kept off the list of this draw, with all codes. */
  async decide(
    officer: Actor,
    signature: Signature,
    decided: { id: number; decision: 'upheld' | 'rejected'; reason: string },
  ): Promise<void> {
    const { id, decision, reason } = decided;
    if (reason.trim().length < 5) refuse('reason', undefined, undefined, 'reason');
    await this.db.transaction(async (tx) => {
      const [objection] = await tx.query<{ code: string; slug: string }[]>(
        'select o.code, d.slug from objection o join draw d on d.id = o.draw_id where o.id = $1',
        [id],
      );
      if (!objection) throw new NotFoundException();
      const draw = await lockDraw(tx, objection.slug);
      await this.officers.demand(
        officer,
        ['organiser'],
        { campaignId: draw.campaignId, unitId: draw.unitId },
        tx,
      );
      await this.officers.signAgain(tx, officer, signature);
      if (stateFrom(await actsOf(tx, draw.id), 0) !== 'objections-open')
        throw new ConflictException('draws.refusals.objectionsClosed');
      const before = await tx.query<unknown[]>('select 1 from objection_decision where objection_id = $1', [
        id,
      ]);
      if (before.length > 0) return;
      await tx.query(
        'insert into objection_decision (objection_id, decision, reason, at, officer_id) values ($1, $2, $3, $4, $5)',
        [id, decision, reason.trim(), this.office.now(), officer.id],
      );
      if (decision === 'upheld')
        await tx.query(
          `insert into bar (draw_period_id, promotion_id, payer_id, reason, barred_at, barred_by)
           select $1, $2, payer_id, 'excluded', $4, $5 from entry where promotion_id = $2 and code = $3 on conflict do nothing`,
          [draw.periodId, draw.campaignId, objection.code, this.office.now(), officer.id],
        );
      await this.record.note({ tx, draw, officer }, 'objection-decided', { objection: id, decision });
    });
  }
}
