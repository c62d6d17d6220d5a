import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeFormat } from '../../src/rules/eligibility/code.js';
import { openTerms, type Terms } from '../../src/rules/eligibility/terms.js';
import { Intake } from '../../src/entries/intake.service.js';
import { Promotions } from '../../src/entries/promotions.service.js';
import { Batches } from '../../src/payments/batches.service.js';
import type { TestApp } from './app.js';

export const TERMS: Terms = {
  ...openTerms('2022-08-01', '2023-03-31'),
  minimumAmount: 10_000,
  carryOver: true,
};

export interface MadePromotion {
  readonly id: number;
  readonly slug: string;
  readonly periods: { id: number; ordinal: number; slug: string }[];
}

/** A promotion of two periods with published terms, of its own for each test. */
export async function makePromotion(
  app: TestApp,
  options: { terms?: Partial<Terms>; format?: Partial<CodeFormat> } = {},
): Promise<MadePromotion> {
  const slug = `khuyen-mai-${randomBytes(4).toString('hex')}`;
  return app.db.transaction(async (tx) => {
    const [campaign] = await tx.query<{ id: number }[]>(
      `insert into campaign (slug, kind, title_vi, title_en, starts_on, ends_on, units_as_of)
       values ($1, 'promotion', 'Thanh toán trúng thưởng', 'Pay and win', '2022-08-01', '2023-03-31', '2022-08-01') returning id`,
      [slug],
    );
    const id = campaign!.id;
    const periods = await tx.query<MadePromotion['periods']>(
      `insert into draw_period (campaign_id, slug, ordinal, title_vi, title_en, starts_at, cutoff_at) values
       ($1, 'ky-1', 1, 'Kỳ 1', 'Period 1', '2022-08-01T00:00+07', '2022-12-01T00:00+07'),
       ($1, 'ky-2', 2, 'Kỳ 2', 'Period 2', '2022-12-01T00:00+07', '2023-04-01T00:00+07') returning id, ordinal, slug`,
      [id],
    );
    await app.get(Promotions).open(tx, id, { prefix: '', digits: 5, order: 'sequential', ...options.format });
    await tx.query(
      `insert into terms (promotion_id, version, body, created_at, published_at) values ($1, 1, $2, now(), now())`,
      [id, JSON.stringify({ ...TERMS, ...options.terms })],
    );
    return { id, slug, periods };
  });
}

export const HEADER =
  'source_ref,dossier_code,procedure_code,unit_code,national_id,tax_code,full_name,phone,amount,paid_at,channel,method,bank_ref,status,reverses';

export interface TestRow {
  ref: string;
  id?: string;
  tax?: string;
  name?: string;
  phone?: string;
  amount?: number | string;
  at?: string;
  channel?: string;
  status?: string;
  reverses?: string;
}

/** One line of the portal feed; only what a test cares for must be said. */
export function line(row: TestRow): string {
  const {
    ref,
    id = row.tax ? '' : '024091000001',
    tax = '',
    name = 'Nguyễn Văn Thử',
    phone = '0912345678',
  } = row;
  const {
    amount = 50_000,
    at = '2022-09-15T10:00:00+07:00',
    channel = 'VNPAY',
    status = '',
    reverses = '',
  } = row;
  return [
    ref,
    'H01',
    '1.000100',
    '07201',
    id,
    tax,
    name,
    phone,
    amount,
    at,
    channel,
    'qr',
    '',
    status,
    reverses,
  ].join(',');
}

export const csv = (rows: (TestRow | string)[]): string =>
  [HEADER, ...rows.map((row) => (typeof row === 'string' ? row : line(row)))].join('\n') + '\n';

export interface Batch {
  id: number;
  state: string;
  fault: { code: string; facts?: Record<string, unknown> } | null;
  received: number;
  eligible: number;
  refused: number;
  quarantined: number;
  duplicate: number;
  conflicting: number;
  passed_over: number;
  entries: number;
  amount: string;
}

/** Sends a file through the same way as the command and returns its batch. */
export async function importText(
  app: TestApp,
  promotion: MadePromotion,
  content: string | Buffer,
  profile = 'portal',
): Promise<Batch> {
  const path = join(app.dataDir, `${randomBytes(6).toString('hex')}.csv`);
  writeFileSync(path, content);
  const batches = app.get(Batches);
  const file = await batches.receiveFile(path);
  const id = await app.db.transaction((tx) =>
    batches.register(tx, file, { promotionId: promotion.id, profile, via: 'command', officerId: null }),
  );
  await app.get(Intake).run(id);
  return batchOf(app, id);
}

export async function batchOf(app: TestApp, id: number): Promise<Batch> {
  const [batch] = await app.db.query<Batch[]>('select * from import_batch where id = $1', [id]);
  return batch!;
}

/** Every (reference, code) that stands, in the order of references. */
export async function standing(app: TestApp, promotion: MadePromotion): Promise<string[]> {
  const rows = await app.db.query<{ source_ref: string; code: string }[]>(
    `select p.source_ref, e.code from entry e join payment p on p.promotion_id = e.promotion_id and p.id = e.payment_id
     where e.promotion_id = $1 and e.voided_at is null order by p.source_ref, e.ordinal`,
    [promotion.id],
  );
  return rows.map((row) => `${row.source_ref} ${row.code}`);
}
