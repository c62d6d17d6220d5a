import { randomBytes } from 'node:crypto';
import { Vault } from '../../src/platform/crypto/vault.js';
import { Planning } from '../../src/draws/plan.service.js';
import type { Plan } from '../../src/draws/plan.js';
import type { Actor } from '../../src/draws/office.service.js';
import type { TestApp } from './app.js';
import { PASSWORD, signIn, type SignedInAgent, type SignInOptions } from './sign-in.js';

export const SIGNATURE = { password: PASSWORD };

/** A promotion of its own with one period and codes 00001 … */
export interface Promotion {
  readonly id: number;
  readonly slug: string;
  readonly period: string;
  readonly periodId: number;
}

export const PRIZES = [
  { id: 'third', nameVi: 'Giải Ba', nameEn: 'Third prize', quantity: 5, value: 2_000_000 },
  { id: 'second', nameVi: 'Giải Nhì', nameEn: 'Second prize', quantity: 1, value: 10_000_000 },
  { id: 'first', nameVi: 'Giải Nhất', nameEn: 'First prize', quantity: 1, value: 20_000_000 },
  { id: 'special', nameVi: 'Giải Đặc biệt', nameEn: 'Special prize', quantity: 1, value: 55_000_000 },
];
export const DICE = {
  id: 'hall',
  kind: 'witness',
  description: 'Hai mươi lần gieo xúc xắc mười mặt',
  pattern: '^[0-9]{20}$',
} as const;

export function planOf(change: Partial<Plan> = {}): Plan {
  return {
    title: 'Kỳ quay số cuối',
    organizer: 'Ngân hàng thử nghiệm',
    drawsAt: '2023-06-01T02:00:00Z',
    method: 'ticket',
    winsPerHolder: 1,
    witnessesWanted: 2,
    objectionDays: 3,
    prizes: PRIZES,
    sources: [DICE],
    ...change,
  };
}

/** `entries` codes, of people who hold `perHolder` each. */
export async function makePromotion(app: TestApp, entries = 40, perHolder = 2): Promise<Promotion> {
  const slug = `thu-${randomBytes(4).toString('hex')}`;
  const one = async (sql: string, values: unknown[]) =>
    (await app.db.query<{ id: number }[]>(`${sql} returning id`, values))[0]!.id;
  const id = await one(
    `insert into campaign (slug, kind, title_vi, title_en, decision_ref, starts_on, ends_on, units_as_of)
     values ($1, 'promotion', 'Chương trình thử', 'Trial programme', '12/KH-UBND', '2022-08-01', '2023-03-31', '2022-08-01')`,
    [slug],
  );
  await app.db.query(`insert into promotion (id, code_key, created_at) values ($1, $2, now())`, [
    id,
    randomBytes(16),
  ]);
  const periodId = await one(
    `insert into draw_period (campaign_id, slug, ordinal, title_vi, title_en, starts_at, cutoff_at)
     values ($1, 'ky-1', 1, 'Kỳ 1', 'Period 1', '2022-07-31T17:00:00Z', '2023-03-31T17:00:00Z')`,
    [id],
  );
  await fillEntries(app, id, entries, perHolder);
  return { id, slug, period: 'ky-1', periodId };
}

async function fillEntries(app: TestApp, id: number, entries: number, perHolder: number): Promise<void> {
  for (const table of ['payer', 'payment', 'entry'])
    await app.db.query(`create table ${table}_${id} partition of ${table} for values in (${id})`);
  const vault = app.get(Vault);
  const source = await app.db.query<{ id: number }[]>(`select id from payment_source where code = 'portal'`);
  const payers = Math.max(1, Math.ceil(entries / perHolder));
  const people = Array.from({ length: payers }, (_, index) => {
    const identity = `cccd:024${String(id).padStart(4, '0')}${String(index + 1).padStart(5, '0')}`;
    const phone = `+84912345${String(index + 1).padStart(3, '0')}`;
    return {
      mark: vault.fingerprint(identity),
      sealed: vault.seal(`${identity}\t${phone}\tNguyễn Văn Số ${index + 1}`),
    };
  });
  await app.db.query(
    `insert into payer (promotion_id, id, kind, identity_mark, sealed)
     select $1, n, 'person', mark, sealed from unnest($2::bytea[], $3::bytea[]) with ordinality as one (mark, sealed, n)`,
    [id, people.map(({ mark }) => mark), people.map(({ sealed }) => sealed)],
  );
  await app.db.query(
    `insert into payment (promotion_id, id, payer_id, amount, paid_at, batch_id, row_number, source_id, refusals, period, kind,
       status, source_ref, procedure_code, unit_code, channel, method)
     select $1, n, (n - 1) % $3 + 1, 50000, '2022-09-01T03:00:00Z', 1, n, $4, 0, 1, 'payment', 'settled', 'R' || n, '1.000001', '0', 'PORTAL', 'card'
     from generate_series(1, $2::int) n`,
    [id, entries, payers, source[0]!.id],
  );
  await app.db.query(
    `insert into entry (promotion_id, number, payment_id, payer_id, ordinal, period, issued_at, code)
     select $1, n, n, (n - 1) % $3 + 1, 1, 1, '2022-09-01T03:00:00Z', lpad(n::text, 5, '0') from generate_series(1, $2::int) n`,
    [id, entries, payers],
  );
  await app.db.query(
    `insert into tally (promotion_id, day, period, received, eligible, refused, quarantined, duplicate, amount, issued, at)
     values ($1, '2022-09-01', 1, $2::int + 3, $2, 1, 1, 1, 0, $2, now())`,
    [id, entries],
  );
}

export type Officer = SignedInAgent & Actor;

/** Officers of the organiser, the bank and the inspectorate, with rights for everything here. */
export async function makeOfficers(app: TestApp) {
  const make = async (options: SignInOptions): Promise<Officer> => {
    const agent = await signIn(app, options);
    return { ...agent, organisation: `Organisation ${options.organisation}` };
  };
  const suffix = randomBytes(3).toString('hex');
  return {
    organiser: await make({ roles: [{ role: 'organiser' }], organisation: `province-${suffix}` }),
    colleague: await make({ roles: [{ role: 'organiser' }], organisation: `province-${suffix}` }),
    partner: await make({ roles: [{ role: 'partner' }], organisation: `bank-${suffix}` }),
    witness: await make({ roles: [{ role: 'witness' }], organisation: `inspectorate-${suffix}` }),
    auditor: await make({ roles: [{ role: 'auditor' }], organisation: `front-${suffix}` }),
  };
}
export type Officers = Awaited<ReturnType<typeof makeOfficers>>;

export async function planDraw(
  app: TestApp,
  promotion: Promotion,
  officer: Actor,
  change: Partial<Plan> = {},
) {
  return app
    .get(Planning)
    .plan(officer, SIGNATURE, { promotion: promotion.slug, period: promotion.period }, planOf(change));
}
