import type { EntityManager } from 'typeorm';

/** The bulk tables of a promotion: `payment_12` and so on, indexed after the first load and then attached. */
const INDEXES = {
  payer: [
    'unique index payer_ID_id on payer_ID (id)',
    'unique index payer_ID_mark on payer_ID (identity_mark)',
  ],
  payment: [
    'unique index payment_ID_id on payment_ID (id)',
    'unique index payment_ID_reference on payment_ID (source_ref, source_id, revision)',
    'index payment_ID_payer on payment_ID (payer_id)',
    `index payment_ID_reversal on payment_ID (reverses_ref) where kind = 'reversal'`,
  ],
  entry: [
    'unique index entry_ID_number on entry_ID (number)',
    'unique index entry_ID_code on entry_ID (code)',
    'unique index entry_ID_payment on entry_ID (payment_id, ordinal) where voided_at is null',
    'index entry_ID_payer on entry_ID (payer_id)',
  ],
} as const;

export type BulkTable = keyof typeof INDEXES;

/** Makes the bare tables of a promotion's first batch, seen by nobody until they are attached. */
export async function makeBare(tx: EntityManager, promotionId: number): Promise<void> {
  for (const table of Object.keys(INDEXES)) {
    await tx.query(`create table ${table}_${promotionId} (like ${table} including defaults including constraints,
      check (promotion_id = ${promotionId}))`);
  }
}

/** Indexes the loaded tables and hangs them under their parents. */
export async function indexAndAttach(tx: EntityManager, promotionId: number): Promise<void> {
  for (const [table, indexes] of Object.entries(INDEXES)) {
    for (const index of indexes) await tx.query(`create ${index.replaceAll('ID', String(promotionId))}`);
    await tx.query(
      `alter table ${table} attach partition ${table}_${promotionId} for values in (${promotionId})`,
    );
  }
}
