import { Injectable } from '@nestjs/common';
import type { Signature } from '../officers/officers.service.js';
import { listOf } from './frozen.queries.js';
import { type Acting, type Actor, Office, refuse } from './office.service.js';

/** Entries found ineligible between the freeze and the first source: nothing leaves the list, but they cannot win. */
@Injectable()
export class Strikes {
  constructor(private readonly office: Office) {}

  /** The first of two officers says which code and why. */
  propose(
    slug: string,
    officer: Actor,
    signature: Signature,
    { code, reason }: { code: string; reason: string },
  ) {
    return this.office.act({ slug, act: 'strike', officer, signature }, async ({ tx, draw, now }) => {
      if (reason.trim().length < 5) refuse('reason', undefined, reason, 'reason');
      if ((await listOf(tx, draw.id)).find(code) === undefined)
        refuse('code-not-listed', undefined, code, 'code');
      const known = await tx.query<unknown[]>(
        'select 1 from strike where draw_id = $1 and code = $2 and replacement = 0',
        [draw.id, code],
      );
      if (known.length > 0) refuse('struck-before', undefined, code, 'code');
      await tx.query(
        'insert into strike (draw_id, code, reason, proposed_at, proposed_by) values ($1, $2, $3, $4, $5)',
        [draw.id, code, reason.trim(), now, officer.id],
      );
      return { complete: false, facts: { code, proposed: true } };
    });
  }

  /** The second belongs to another organisation. */
  decide(
    slug: string,
    officer: Actor,
    signature: Signature,
    { code, decision }: { code: string; decision: 'confirmed' | 'rejected' },
  ) {
    const act = decision === 'rejected' ? 'drop-strike' : 'strike';
    return this.office.act({ slug, act, officer, signature }, async (acting) => {
      const strike = await openStrike(acting, code);
      if (decision === 'confirmed' && strike.organisationId === officer.organisationId)
        refuse('two-organisations', undefined, undefined, 'code');
      await acting.tx.query(
        'insert into strike_decision (strike_id, decision, at, officer_id) values ($1, $2, $3, $4)',
        [strike.id, decision, acting.now, officer.id],
      );
      return { complete: false, facts: { code, decision } };
    });
  }
}

async function openStrike({ tx, draw }: Acting, code: string) {
  const [row] = await tx.query<{ id: number; organisationId: number }[]>(
    `select s.id, o.organisation_id as "organisationId" from strike s join officer o on o.id = s.proposed_by
     where s.draw_id = $1 and s.code = $2 and s.replacement = 0
       and not exists (select from strike_decision d where d.strike_id = s.id)`,
    [draw.id, code],
  );
  return row ?? refuse('no-open-strike', undefined, code, 'code');
}
