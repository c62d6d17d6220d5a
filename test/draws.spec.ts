import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSync } from 'otplib';
import { Bundles } from '../src/draws/bundle.service.js';
import { saltOf } from '../src/draws/freeze.service.js';
import { Drawing } from '../src/draws/result.service.js';
import { Clock } from '../src/platform/clock.js';
import { Vault } from '../src/platform/crypto/vault.js';
import { holderOf } from '../src/rules/draw/digest.js';
import { EntryList } from '../src/rules/draw/entries.js';
import { roundAfter } from '../src/verify/beacon.js';
import { chainsText } from '../src/verify/chain-info.js';
import { verifyFiles } from '../src/verify/verify.js';
import { type TestApp, startApp } from './support/app.js';
import { bundleFiles } from './support/bundle.js';
import { bringTo, DIGITS, resultHashOf, rootOf, statesOf } from './support/ceremony.js';
import { ownChain, relay } from './support/chain.js';
import { makeOfficers, makePromotion, type Officer, type Officers, SIGNATURE } from './support/draw.js';
import { pythonFindings } from './support/python.js';
import { PASSWORD } from './support/sign-in.js';

describe('a draw', () => {
  let app: TestApp;
  let people: Officers;
  beforeAll(async () => {
    app = await startApp();
    people = await makeOfficers(app);
  });
  afterAll(() => app.close());

  it('leads from the plan to a published bundle that verifies', async () => {
    const promotion = await makePromotion(app);
    const slug = await bringTo(app, people, promotion, 'published');
    expect((await statesOf(app, slug)).at(-1)).toBe('published');
    const files = await app.get(Bundles).files(slug);
    expect([...files.keys()].sort()).toEqual(
      expect.arrayContaining([
        'checkpoint.txt',
        'completeness.json',
        'entries.csv',
        'files.txt',
        'keys.txt',
        'result.json',
      ]),
    );
    const report = await verifyFiles(bundleFiles(files));
    expect(report.findings).toEqual([]);
    expect(report.results[0]?.winners).toHaveLength(8);
    const list = EntryList.of(files.get('entries.csv')!);
    expect(list.size).toBe(40);
    const vault = app.get(Vault);
    const held = await app.db.query<{ code: string; payer_id: number; sealed: Buffer; secret: Buffer }[]>(
      `select e.code, e.payer_id::int as payer_id, y.sealed, s.sealed as secret from entry e
       join payer y on (y.promotion_id, y.id) = (e.promotion_id, e.payer_id)
       join draw d on d.slug = $2 join draw_secret s on s.draw_id = d.id
       where e.promotion_id = $1 and e.voided_at is null order by e.code`,
      [promotion.id, slug],
    );
    const standIns = held.map(({ payer_id, sealed, secret }) =>
      holderOf(
        saltOf(Buffer.from(vault.open(secret), 'base64'), payer_id),
        vault.open(sealed).split('\t')[0]!,
      ),
    );
    expect(held.map((_, at) => list.holder(at))).toEqual(standIns);
  });

  it('is run by three officers through the pages', async () => {
    const promotion = await makePromotion(app);
    const { organiser, partner, witness } = people;
    const slug = await bringTo(app, people, promotion, 'planned');
    const room = `/office/draws/${promotion.slug}/ky-1`;
    const post = async (officer: Officer, path: string, fields: Record<string, unknown> = {}) => {
      const { text } = await officer
        .form(`${room}/${path}`, { draw: slug, password: PASSWORD, ...fields })
        .expect(303);
      expect(text).toBe('');
      return (await officer.get(room).expect(200)).text;
    };
    await app.db.query(
      `insert into bar (draw_period_id, promotion_id, payer_id, reason, barred_at) values ($1, $2, 1, 'excluded', now())`,
      [promotion.periodId, promotion.id],
    );
    await app.db.query(
      `update role_grant set granted_by = $2, granted_at = '2023-01-01' where officer_id = any($1)`,
      [[organiser.id, witness.id], partner.id],
    );
    app.clock.set('2023-05-20T02:00:00Z');
    await post(organiser, 'rules');
    await post(organiser, 'objections');
    app.clock.set('2023-05-31T02:00:00Z');
    await post(organiser, 'freeze');
    const root = await rootOf(app, slug);
    await post(partner, 'cosignatures', { root });
    await post(witness, 'cosignatures', { root });
    await post(organiser, 'sources', { source: 'hall', value: DIGITS });
    expect((await partner.get(room)).text).not.toContain(DIGITS);
    await post(partner, 'sources', { source: 'hall', value: DIGITS });
    await post(organiser, 'draw');
    const anybody = app.visitor();
    expect((await anybody.get(`/draws/${promotion.slug}/ky-1`).expect(200)).text).not.toContain(
      'Nguyễn Văn S***',
    );
    await post(organiser, 'recomputation');
    const resultHash = await resultHashOf(app, slug);
    await post(organiser, 'certification', { resultHash });
    await post(witness, 'certification', { resultHash });
    await post(organiser, 'publication');
    const page = await anybody.get(`/draws/${promotion.slug}/ky-1?lang=en`).expect(200);
    expect(page.text).toContain('Nguyễn Văn Số 1***');
    expect(page.text).toContain(resultHash);
    const fair = (await anybody.get(`/draws/${promotion.slug}/ky-1/fairness?lang=vi`).expect(200)).text;
    expect(fair).toContain('8 giải được rút từ 38 mã');
    expect(fair.match(/<td class="num">38<\/td><td class="num">8,00<\/td>/g)).toHaveLength(4);
    expect(fair).toContain('01/9/2022');
    expect(fair).toContain('Cổng dịch vụ công');
    expect((await organiser.get(`${room}?lang=vi`)).text).toContain(
      `đều do Officer ${partner.login} cấp quyền`,
    );
    expect((await organiser.get(`${room}/papers/minutes`)).text).toContain(
      `Officer ${partner.login} cấp quyền`,
    );
    const before = await statesOf(app, slug);
    for (const path of ['rules', 'objections', 'freeze', 'draw', 'publication']) await post(organiser, path);
    await post(organiser, 'certification', { resultHash: '0'.repeat(64) });
    await post(organiser, 'sources', { source: 'hall', value: DIGITS });
    expect(await statesOf(app, slug)).toEqual(before);
    expect((await verifyFiles(bundleFiles(await app.get(Bundles).files(slug)))).findings).toEqual([]);
    expect(await pythonFindings(app, slug)).toEqual([]);
    const zip = await anybody.get(`/draws/${promotion.slug}/ky-1/bundle.zip`).expect(200);
    expect(zip.headers['content-type']).toBe('application/zip');
    await anybody.get(`/draws/${promotion.slug}/ky-1/files/result.json`).expect(200);
  });

  it('fetches its beacon round by itself when it is due, also after a restart, over a chain of the settings', async () => {
    const chain = ownChain();
    const folder = mkdtempSync(join(tmpdir(), 'thidua-chains-'));
    const DRAND_CHAINS = join(folder, 'chains.json');
    writeFileSync(DRAND_CHAINS, chainsText([chain]));
    const round = roundAfter(chain, Date.parse('2023-06-01T02:00:00Z') / 1000);
    const again = { databaseUrl: app.databaseUrl, dataDir: app.dataDir };
    const first = await startApp({ ...again, env: { DRAND_CHAINS } });
    const sources = [{ id: 'beacon', kind: 'drand', chain: chain.hash, round } as const];
    const slug = await bringTo(first, people, await makePromotion(first), 'witnessed', { sources });
    await first.close();
    const relays = [
      await relay(() => undefined),
      await relay((n) => chain.sign(n + 1)),
      await relay(chain.sign),
    ];
    const second = await startApp({
      ...again,
      env: { DRAND_CHAINS, DRAND_RELAYS: relays.map(({ url }) => url).join(',') },
      work: (nest) => (nest.get(Clock).now = () => new Date('2023-06-01T02:01:00Z')),
    });
    await until(async () => (await statesOf(second, slug)).includes('sources-complete'));
    await second.get(Drawing).draw(slug, people.organiser, SIGNATURE);
    for (const { server } of relays) server.close();
    await second.close();
    const files = await app.get(Bundles).files(slug, true);
    expect(files.get('sources.json')!.toString()).toContain(
      `"recordedBy":["${new URL(relays[2]!.url).host}"]`,
    );
    expect((await verifyFiles(bundleFiles(files), { chains: [] })).findings).toEqual([]);
    expect(await pythonFindings(app, slug, true)).toEqual([]);
    const forged = new Map<string, string | Uint8Array>([
      ...files,
      ['chains.json', files.get('chains.json')!.toString().replace('"period":30', '"period":3')],
    ]);
    const { findings } = await verifyFiles(bundleFiles(forged));
    expect(findings.map(({ code, where }) => `${code} ${where}`)).toContain('beacon-invalid chains.json');
  });

  it('takes a plan with several dice, rounds and sealed secrets from the form, and shows it again as it was', async () => {
    const promotion = await makePromotion(app, 4);
    const { organiser, partner } = people;
    const form = `/office/draws/${promotion.slug}/ky-1/plan`;
    const fields = {
      title: 'Nhiều nguồn',
      organizer: 'Ngân hàng thử nghiệm',
      drawsAt: '2023-09-01T09:00',
      method: 'ticket',
      winsPerHolder: '1',
      witnessesWanted: '2',
      objectionDays: '0',
      prizeVi0: 'Giải Ba',
      quantity0: '1',
      value0: '2.000.000',
      'dice-description-0': 'Mười hai xúc xắc đỏ',
      'dice-count-0': '12',
      'dice-low-0': '1',
      'dice-high-0': '6',
      'dice-description-1': 'Ba quả bóng',
      'dice-pattern-1': '^[A-F]{3}$',
      'beacon-at-0': '2023-09-01T09:00',
      'beacon-round-1': '500000',
      'seal-organisation-0': String(partner.organisationId),
      'seal-commitment-0': 'AB'.repeat(32),
      'seal-commitment-1': 'cd'.repeat(32),
      password: PASSWORD,
    };
    await organiser.form(form, { ...fields, 'dice-low-0': '7' }).expect(422);
    await organiser.form(form, fields).expect(303);
    const rows = await app.db.query<{ source: string }[]>(
      `select concat_ws(' ', code, kind, pattern, round, organisation_id, left(commitment, 4)) as source from draw_source s
       join draw d on d.id = s.draw_id where d.slug = $1 order by s.ordinal`,
      [`${promotion.slug}/ky-1`],
    );
    expect(rows.map(({ source }) => source)).toEqual([
      'hall witness ^[1-6]{12}$',
      'hall-2 witness ^[A-F]{3}$',
      'beacon drand 243412',
      'beacon-2 drand 500000',
      `sealed commitment ${partner.organisationId} abab`,
      'sealed-2 commitment cdcd',
    ]);
    const page = (await organiser.get(form).expect(200)).text;
    for (const [name, value] of [
      ['dice-count-0', '12'],
      ['dice-high-0', '6'],
      ['dice-pattern-1', '^[A-F]{3}$'],
      ['beacon-round-0', '243412'],
      ['seal-id-1', 'sealed-2'],
    ])
      expect(new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(page)?.[1]).toBe(value);
    expect(page).toContain(`thidua draw seal ${promotion.slug}/ky-1 sealed`);
  });

  it('does not start on a file of chains that cannot be used', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'thidua-chains-'));
    mkdirSync(join(folder, 'settings'));
    const { hash, ...rest } = JSON.parse(chainsText([ownChain()]).slice(1, -1)) as { hash: string };
    writeFileSync(
      join(folder, 'settings/drand-chains.json'),
      JSON.stringify([{ ...rest, hash: hash.replace(/^./, 'x') }]),
    );
    await expect(startApp({ databaseUrl: app.databaseUrl, dataDir: folder })).rejects.toThrow(
      /drand-chains\.json cannot be used[^]*\[0\]\.hash: wanted 64 lower-case hex digits/,
    );
  });

  it('asks an officer who has set up the code of the telephone for that code on every act', async () => {
    const own = await makeOfficers(app);
    const slug = await bringTo(app, own, await makePromotion(app), 'planned');
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const epoch = Date.parse('2023-05-20T02:00:00Z') / 1000;
    await app.db.query('update officer set totp_secret = $2, totp_since = now() where id = $1', [
      own.organiser.id,
      app.get(Vault).seal(secret),
    ]);
    const room = `/office/draws/${slug}`;
    expect((await own.organiser.get(room)).text).toContain('name="code"');
    const sign = (path: string, code?: string) =>
      own.organiser.form(`${room}/${path}`, { draw: slug, password: PASSWORD, ...(code && { code }) });
    await sign('rules').expect(422);
    await sign('rules', '000000').expect(422);
    expect(await statesOf(app, slug)).toEqual([]);
    await sign('rules', generateSync({ secret, epoch })).expect(303);
    await sign('objections', generateSync({ secret, epoch })).expect(422);
    expect(await statesOf(app, slug)).toEqual(['rules-published']);
    app.clock.set('2023-05-20T02:01:00Z');
    await sign('objections', generateSync({ secret, epoch: epoch + 60 })).expect(303);
    expect((await own.organiser.get(`${room}/plan`)).text).toContain('name="code"');
  });
});

/** Resolves once it holds; fails after a while. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('it did not come about');
}
