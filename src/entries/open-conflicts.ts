import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { identityOf } from '../payments/reading/payer-key.js';
import type { Profile } from '../payments/reading/profile.js';
import { readCells } from '../payments/reading/read-cells.js';
import { Vault } from '../platform/crypto/vault.js';
import type { AsideRow } from './issue/set-aside.js';

const PAGE = 50;

/** What one of the two words says, field by field; the payer masked but for the end of the number. */
interface Word {
  readonly amount: number;
  readonly payer: string;
  readonly paid_at: Date;
  readonly status: string;
  readonly reverses: string | null;
}

/** Contradictions that wait for a person, with both words read by the same rules. */
@Injectable()
export class OpenConflicts {
  constructor(
    private readonly db: DataSource,
    private readonly vault: Vault,
  ) {}

  /** The oldest first, and how many there are in all. */
  async of(promotionId: number): Promise<{ conflicts: unknown[]; waiting: number }> {
    const rows = await this.db.query<ConflictRow[]>(
      `select k.id, k.row_number, k.differs, k.sealed, b.file_name, b.id as batch_id, f.body as profile, p.source_ref, p.amount::float8 as amount,
         p.paid_at, p.status, p.reverses_ref as reverses, y.sealed as payer, count(*) over ()::int as waiting
       from payment_conflict k join import_batch b on b.id = k.batch_id join import_profile f on f.code = b.profile
       join payment p on p.promotion_id = $1 and p.id = k.payment_id join payer y on y.promotion_id = $1 and y.id = p.payer_id
       where k.promotion_id = $1 and k.decision is null order by k.id limit ${PAGE}`,
      [promotionId],
    );
    return { conflicts: rows.map((row) => this.shown(row)), waiting: rows[0]?.waiting ?? 0 };
  }

  private shown({ sealed, payer, profile, ...row }: ConflictRow) {
    const { cells } = JSON.parse(this.vault.open(sealed)) as AsideRow;
    const read = readCells(cells, profile);
    const [identity = ''] = this.vault.open(payer).split('\t');
    const first: Word = { ...row, payer: masked(identity) };
    const second: Word = {
      amount: read.amount,
      payer: masked(identityOf(read.payerKey)),
      paid_at: new Date(read.paidAt * 1000),
      status: read.status,
      reverses: read.reverses,
    };
    const { differs } = row;
    const fields = (['amount', 'payer', 'paid_at', 'status', 'reverses'] as const)
      .filter((field) => field !== 'reverses' || first.reverses !== null || second.reverses !== null)
      .map((field) => ({
        field,
        first: first[field],
        second: second[field],
        differs: differs.includes(field),
      }));
    return { ...row, fields };
  }
}

interface ConflictRow extends Omit<Word, 'payer'> {
  readonly payer: Buffer;
  readonly id: number;
  readonly row_number: number;
  readonly batch_id: number;
  readonly differs: string[];
  readonly sealed: Buffer;
  readonly file_name: string;
  readonly source_ref: string;
  readonly profile: Profile;
  readonly waiting: number;
}

const masked = (identity: string) => `…${identity.slice(-4)}`;
