import { Injectable } from '@nestjs/common';
import { rankOf } from '../rules/calendar/draw-office.js';
import type { Signature } from '../officers/officers.service.js';
import { documentOf } from './draw.queries.js';
import { type Acting, type Actor, Office, refuse } from './office.service.js';
import { Recomputation } from './recomputation.service.js';

interface Subject {
  readonly slug: string;
  readonly replacement?: number;
}

/** What follows the draw: computed once more, compared by two organisations, published. Or void. */
@Injectable()
export class Closing {
  constructor(
    private readonly office: Office,
    private readonly recomputation: Recomputation,
  ) {}

  /** The result once more by other means; what they found is kept, whether they agree or not. */
  async recompute({ slug, replacement = 0 }: Subject, officer: Actor, signature: Signature): Promise<void> {
    const { means, findings } = await this.recomputation.run(slug);
    await this.office.act(
      { slug, replacement, act: 'recompute', officer, signature },
      async ({ tx, draw, facts, now }) => {
        if (facts.recomputation !== 'agrees')
          await tx.query(
            `insert into recomputation (draw_id, replacement, by_means, findings, agrees, at, officer_id)
             values ($1, $2, $3, $4, $5, $6, $7)`,
            [draw.id, replacement, means, JSON.stringify(findings), findings.length === 0, now, officer.id],
          );
        return { complete: false, facts: { means, findings: findings.map(({ code }) => code) } };
      },
    );
  }

  /** `resultHash` is what this officer compared. The second organisation completes it. */
  certify({ slug, replacement = 0 }: Subject, officer: Actor, signature: Signature, resultHash: string) {
    return this.office.act({ slug, replacement, act: 'certify', officer, signature }, async (acting) => {
      const { tx, draw, facts, now } = acting;
      const result = await documentOf(tx, draw.id, 'result', replacement);
      if (result!.hash !== resultHash) refuse('other-result', result!.hash, resultHash, 'resultHash');
      await tx.query(
        `insert into certification (draw_id, replacement, officer_id, organisation_id, result_hash, at)
         values ($1, $2, $3, $4, decode($5, 'hex'), $6)`,
        [draw.id, replacement, officer.id, officer.organisationId, resultHash, now],
      );
      return { complete: facts.certified.length + 1 >= 2, facts: { resultHash } };
    });
  }

  publish({ slug, replacement = 0 }: Subject, officer: Actor, signature: Signature): Promise<boolean> {
    return this.office.act({ slug, replacement, act: 'publish', officer, signature }, async () => ({
      complete: true,
    }));
  }

  /**
   * Before the freeze one officer can end a plan. Afterwards an officer of another organisation must agree: the first call
   * proposes, the second completes. Nothing that was computed disappears.
   */
  void(slug: string, officer: Actor, signature: Signature, reason: string): Promise<boolean> {
    return this.office.act({ slug, act: 'void', officer, signature }, async (acting) => {
      const { tx, draw, facts, now } = acting;
      if (reason.trim().length < 5) refuse('reason', undefined, undefined, 'reason');
      if (rankOf(facts.state) < rankOf('frozen')) return { complete: true, reason: reason.trim() };
      const proposed = await otherProposal(acting);
      if (proposed) return { complete: true, reason: proposed, facts: { agreed: officer.organisationId } };
      await tx.query('insert into void_proposal (draw_id, reason, at, officer_id) values ($1, $2, $3, $4)', [
        draw.id,
        reason.trim(),
        now,
        officer.id,
      ]);
      return { complete: false, facts: { proposed: true } };
    });
  }
}

async function otherProposal({ tx, draw, officer }: Acting): Promise<string | undefined> {
  const [row] = await tx.query<{ reason: string }[]>(
    `select v.reason from void_proposal v join officer o on o.id = v.officer_id
     where v.draw_id = $1 and o.organisation_id <> $2 order by v.id desc limit 1`,
    [draw.id, officer.organisationId],
  );
  return row?.reason;
}
