import { Injectable } from '@nestjs/common';
import type { DrawResult } from '../rules/draw/documents.js';
import { Vault } from '../platform/crypto/vault.js';
import { prizesOf } from './draw.queries.js';
import { maskedName } from './mask.js';
import type { Acting } from './office.service.js';

/** Who stands behind the winning codes: kept in the transaction of the draw, for the pages and the hand-over. */
@Injectable()
export class WinnerRows {
  constructor(private readonly vault: Vault) {}

  async keep({ tx, draw, replacement }: Acting, { winners }: Pick<DrawResult, 'winners'>): Promise<void> {
    const values = new Map((await prizesOf(tx, draw.id)).map(({ code, value }) => [code, value]));
    const holders = await tx.query<{ code: string; payerId: number; sealed: Buffer; locality: string }[]>(
      `select e.code, e.payer_id::float8 as "payerId", p.sealed, coalesce(v.full_name || coalesce(', ' || u.full_name, ''), '') as locality
       from unnest($2::text[]) w (code) join entry e on e.promotion_id = $1 and e.code = w.code
       join payer p on p.promotion_id = $1 and p.id = e.payer_id
       join payment m on m.promotion_id = $1 and m.id = e.payment_id
       left join lateral (select * from unit_version where code = m.unit_code
         and daterange(valid_from, valid_to) @> (m.paid_at at time zone 'Asia/Ho_Chi_Minh')::date limit 1) v on true
       left join lateral (select full_name from unit_version where unit_id = v.parent_id
         order by valid_from desc nulls last limit 1) u on true`,
      [draw.campaignId, winners.map(({ code }) => code)],
    );
    const byCode = new Map(holders.map((holder) => [holder.code, holder]));
    const rows = winners.map(({ prize, place, code, holder, position }, at) => {
      const known = byCode.get(code)!;
      const [, , name = ''] = this.vault.open(known.sealed).split('\t');
      return {
        ordinal: at + 1,
        prize,
        place,
        code,
        holder,
        position,
        value: values.get(prize),
        payer_id: known.payerId,
        masked_name: maskedName(name),
        locality: known.locality,
      };
    });
    await tx.query(
      `insert into winner (draw_id, replacement, ordinal, prize, place, code, holder, position, value, payer_id, masked_name, locality)
       select $1, $2, ordinal, prize, place, code, decode(holder, 'hex'), position, value, payer_id, masked_name, locality
       from jsonb_to_recordset($3) as w (ordinal int, prize text, place int, code text, holder text, position int, value bigint,
         payer_id bigint, masked_name text, locality text)`,
      [draw.id, replacement, JSON.stringify(rows)],
    );
  }
}
