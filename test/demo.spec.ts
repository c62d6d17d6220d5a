import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DRIVE } from '../src/demo/drive-plan.js';
import { OFFICERS, PASSWORD } from '../src/demo/officers.js';
import { paymentFiles } from '../src/demo/payment-files.js';
import { STEPS } from '../src/demo/steps.js';
import { percentOf, printed } from '../src/rules/scoring/decimal.js';
import { trendOf } from '../src/rules/scoring/trend.js';
import { cellKey } from '../src/standings/contest.js';
import { Cuts } from '../src/standings/cuts.service.js';
import type { StandingsDocument } from '../src/standings/standings-document.js';
import { loadBundle } from '../src/verify/load.js';
import { NODE, openBundle } from '../src/verify/open-bundle.js';
import { verifyFiles } from '../src/verify/verify.js';
import type { Finding } from '../src/rules/draw/finding.js';
import { runCli } from './support/cli.js';
import { type Demo, INVENTORY, inventory, startDemo } from './support/demo.js';
import { postLogin, tokenIn } from './support/sign-in.js';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
}, 300_000);
afterAll(() => demo?.app.close());

it('is made by one command that says how far it is', async () => {
  expect(demo.filling).toMatchObject({ code: 0, err: '' });
  expect(await inventory(demo.env.DATABASE_URL)).toEqual(INVENTORY);
  for (const [at, { title }] of STEPS.entries())
    expect(demo.filling.out).toContain(`${at + 1}/${STEPS.length} ${title} (`);
  expect(demo.filling.out).toContain('The example province is ready.');
});

/** What the interim report of the real drive printed: indicator, days, decimals, text. */
const REPORT = [
  ['dich-vu-cap-tinh', '2022-06-01', '2022-06-16', 1, '94,5%'],
  ['dich-vu-cap-tinh', '2022-06-16', '2022-06-22', 2, '95,57%'],
  ['dich-vu-cap-tinh', '2022-06-22', '2022-07-01', 1, '98,1%'],
  ['dich-vu-cap-huyen', '2022-06-01', '2022-06-16', 2, '82,66%'],
  ['dich-vu-cap-huyen', '2022-06-16', '2022-06-22', 2, '83,78%'],
  ['dich-vu-cap-huyen', '2022-06-22', '2022-07-01', 1, '83,5%'],
  ['ho-so-truc-tuyen', '2022-06-01', '2022-06-22', 2, '91,69%'],
  ['ho-so-truc-tuyen', '2022-06-22', '2022-07-01', 2, '96,59%'],
] as const;

describe('the drive', () => {
  const figure = async (indicator: string, from: string, to: string, decimals: number) => {
    const path = `/api/v1/campaigns/${DRIVE}/figures?unit=70&indicator=${indicator}`;
    const { body } = await demo.app
      .visitor()
      .get(`${path}&from=${from}&to=${to}&decimals=${decimals}`)
      .expect(200);
    return body as { text: string; rate: string; numerator: number; denominator: number; why: string | null };
  };
  const before = async (indicator: string, decimals: number) => {
    const { contest } = await demo.app.get(Cuts).current(DRIVE);
    const unit = [...contest.units.values()].find(({ code }) => code === '70');
    const start = contest.baselines.get(cellKey(unit?.id ?? 0, indicator));
    return percentOf(start ?? { numerator: 0, denominator: 0 }, decimals) ?? '';
  };

  it.each(REPORT)('prints %s of %s to %s with %i decimals as %s', async (...row) => {
    const [indicator, from, to, decimals, text] = row;
    expect((await figure(indicator, from, to, decimals)).text).toBe(text);
  });

  it.each([
    ['dich-vu-cap-tinh', 1, '91,0'],
    ['dich-vu-cap-huyen', 2, '59,58'],
    ['ho-so-truc-tuyen', 2, '82,89'],
  ] as const)(
    'begins %s where the report begins, with %i decimals at %s%%',
    async (indicator, decimals, text) => expect(printed(await before(indicator, decimals))).toBe(text),
  );

  it('moves as the report says, in points of the figures as printed', async () => {
    const moves = async (indicator: string) => {
      const rows = REPORT.filter(([code]) => code === indicator);
      let last = await before(indicator, indicator === 'dich-vu-cap-tinh' ? 1 : 2);
      const trends: string[] = [];
      for (const [, from, to, decimals] of rows) {
        const { rate } = await figure(indicator, from, to, decimals);
        const { points, direction } = trendOf(last, rate);
        trends.push(`${direction} ${points}`);
        last = rate;
      }
      return trends;
    };
    expect(await moves('dich-vu-cap-tinh')).toEqual(['up 3.5', 'up 1.07', 'up 2.53']);
    expect(await moves('dich-vu-cap-huyen')).toEqual(['up 23.08', 'up 1.12', 'down -0.28']);
    expect(await moves('ho-so-truc-tuyen')).toEqual(['up 8.80', 'up 4.90']);
  });

  it('never adds what is counted anew for each window, and says so', async () => {
    const odd = await figure('dich-vu-cap-tinh', '2022-06-03', '2022-06-20', 2);
    expect(odd).toMatchObject({ text: null, why: 'not-additive' });
  });

  it('adds the dossiers of overlapping windows each from the days', async () => {
    const [whole, first, second] = await Promise.all([
      figure('ho-so-truc-tuyen', '2022-06-01', '2022-06-22', 2),
      figure('ho-so-truc-tuyen', '2022-06-01', '2022-06-16', 2),
      figure('ho-so-truc-tuyen', '2022-06-16', '2022-06-22', 2),
    ]);
    const shared = await figure('ho-so-truc-tuyen', '2022-06-16', '2022-06-16', 2);
    expect(first.denominator + second.denominator - shared.denominator).toBe(whole.denominator);
    expect(first.numerator + second.numerator - shared.numerator).toBe(whole.numerator);
  });

  it('ranks 11 districts, 17 departments and 111 communes, and exempts who has no fees', async () => {
    const { text } = await demo.app.visitor().get(`/api/v1/campaigns/${DRIVE}/standings`).expect(200);
    const { groups, asOf } = JSON.parse(text) as StandingsDocument;
    expect(asOf).toBe('2022-08-31');
    expect(groups.map(({ code, units }) => [code, units.length])).toEqual([
      ['districts', 11],
      ['departments', 17],
      ['communes', 111],
      ['province', 1],
    ]);
    const units = groups.flatMap((group) => group.units);
    expect(units.filter(({ place }) => place === null).map(({ code }) => code)).toEqual([]);
    expect(new Set(units.map(({ score }) => score)).size).toBeGreaterThan(100);
    const free = units.find(({ code }) => code === '70-SNV');
    const paid = free?.cells.find(({ indicator }) => indicator === 'thanh-toan-truc-tuyen');
    expect(paid).toMatchObject({ state: 'not-applicable', policy: 'exempt' });
    const missing = units.flatMap(({ cells }) => cells.filter(({ state }) => state === 'missing'));
    expect(missing).toEqual([]);
  });

  it.each(['70', '696', '70-SNV', '25405'])(
    'shows the board and the unit %s in both languages',
    async (code) => {
      const [unit] = await demo.app.db.query<{ id: number }[]>(
        `select unit_id as id from units_on('2022-06-01') where code = $1`,
        [code],
      );
      for (const path of [`/campaigns/${DRIVE}`, `/campaigns/${DRIVE}/units/${unit?.id}`])
        for (const lang of ['vi', 'en']) await demo.app.visitor().get(`${path}?lang=${lang}`).expect(200);
    },
  );
});

describe('the promotion', () => {
  it('accounts for every row of every file', async () => {
    const batches = await demo.app.db.query<Record<string, string | number>[]>(
      `select file_name, state, received, quarantined, duplicate, conflicting, eligible, refused, entries
         from import_batch order by file_name`,
    );
    const files = paymentFiles();
    expect(batches).toEqual(
      files.map(({ name, rows, malformed, conflicts, duplicates }) =>
        expect.objectContaining({
          file_name: name,
          state: 'done',
          received: rows,
          quarantined: malformed + conflicts,
          conflicting: conflicts,
          duplicate: duplicates,
        }),
      ),
    );
    for (const { received, eligible, refused, quarantined, duplicate } of batches)
      expect(received).toBe(Number(eligible) + Number(refused) + Number(quarantined) + Number(duplicate));
  });

  it('issues five digits, each code once, and voids what was taken back', async () => {
    const [codes] = await demo.app.db.query<{ all: number; distinct: number; bad: number; voided: number }[]>(
      `select count(*)::int as all, count(distinct code)::int as distinct,
              count(*) filter (where code !~ '^[0-9]{5}$')::int as bad,
              count(*) filter (where voided_at is not null)::int as voided from entry`,
    );
    expect(codes?.all).toBeGreaterThan(15_000);
    expect(codes).toMatchObject({ distinct: codes?.all, bad: 0 });
    expect(codes?.voided).toBeGreaterThan(0);
  });

  it('has eight prizes in its last draw, the special one of 55 million', async () => {
    const prizes = await demo.app.db.query<{ quantity: number; value: number }[]>(
      `select p.quantity, p.value::float8 as value from prize p join draw d on d.id = p.draw_id
        where d.slug = 'bac-giang-2022/ky-2' order by p.ordinal`,
    );
    expect(prizes.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(8);
    expect(prizes.at(-1)).toEqual({ quantity: 1, value: 55_000_000 });
  });

  it('refuses payments for every reason that a citizen can meet', async () => {
    const [masks] = await demo.app.db.query<{ reasons: number }[]>(
      'select bit_or(refusals) as reasons from payment',
    );
    const names = ['reversal', 'reversed', 'not-settled', 'before-window', 'after-window', 'below-minimum'];
    const { reasonsIn } = await import('../src/rules/eligibility/refusal.js');
    expect(reasonsIn(masks?.reasons ?? 0)).toEqual(
      expect.arrayContaining([...names, 'channel', 'payer-kind', 'cap-day']),
    );
  });
});

describe('who opens it', () => {
  it('finds the drive and the promotion on the first page', async () => {
    const { text } = await demo.app.visitor().get('/').expect(200);
    expect(text).toContain('Chiến dịch cao điểm 92 ngày đêm');
    expect(text).toContain('Thanh toán dịch vụ công - Thuận tiện, dễ dàng - Trúng ngàn quà tặng');
  });

  it('is told every demo account where one signs in, and each of them opens', async () => {
    const { text } = await demo.app.visitor().get('/officers/login').expect(200);
    for (const { login } of OFFICERS) {
      expect(text).toContain(login);
      await postLogin(demo.app.visitor(), login, PASSWORD);
    }
  }, 60_000);

  it('runs the last draw in the control room: two throw the dice, two certify, then it is published', async () => {
    const room = '/office/draws/bac-giang-2022/ky-2';
    const draw = 'bac-giang-2022/ky-2';
    const seat = async (login: string) => {
      const http = demo.app.visitor();
      await postLogin(http, login, PASSWORD);
      return async (act: string, fields: Record<string, string> = {}) => {
        const _csrf = tokenIn((await http.get(room).expect(200)).text);
        const form = { _csrf, draw, password: PASSWORD, ...fields };
        const { status, text } = await http.post(`${room}/${act}`).type('form').send(form);
        const refused = status === 303 ? '' : text.replace(/<[^>]+>|\s+/g, ' ');
        expect([act, status, refused]).toEqual([act, 303, '']);
      };
    };
    const [organiser, witness, bank] = [
      await seat('to-chuc'),
      await seat('nhan-chung'),
      await seat('ngan-hang'),
    ];
    const dice = { source: 'xuc-xac', value: '36142536142536142536' };
    await organiser('sources', dice);
    await witness('sources', dice);
    await organiser('draw');
    await witness('recomputation');
    const [result] = await demo.app.db.query<{ hash: string }[]>(
      `select encode(t.hash, 'hex') as hash from draw_document t join draw d on d.id = t.draw_id where d.slug = $1 and t.kind = 'result'`,
      [draw],
    );
    await organiser('certification', { resultHash: result?.hash ?? '' });
    await bank('certification', { resultHash: result?.hash ?? '' });
    await organiser('publication');
    const { text } = await demo.app.visitor().get('/draws/bac-giang-2022/ky-2').expect(200);
    const winners = await demo.app.db.query<{ code: string }[]>(
      'select code from winner w join draw d on d.id = w.draw_id where d.slug = $1',
      [draw],
    );
    expect(winners).toHaveLength(8);
    for (const { code } of winners) expect(text).toContain(code);
  }, 120_000);
});

describe('the bundle of the first draw', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'thidua-bundle-')), 'ky-1');

  beforeAll(async () => {
    const { code, err } = await runCli(['draw', 'export', 'bac-giang-2022/ky-1', folder], demo.env);
    expect({ code, err: err.replace(/.*\r/g, '').trim() }).toMatchObject({ code: 0 });
  }, 60_000);

  const findingsOf = async (path: string): Promise<readonly Finding[]> => {
    const archive = await openBundle(path);
    const report = await verifyFiles(await loadBundle(archive, NODE).finally(() => archive.close()));
    return report.findings;
  };
  /** The bundle with one character of one file changed. */
  const bent = (file: string, at: number): string => {
    const copy = mkdtempSync(join(tmpdir(), 'thidua-bent-'));
    cpSync(folder, copy, { recursive: true });
    const bytes = readFileSync(join(folder, file));
    bytes[at] = flipped(bytes[at] ?? 0);
    writeFileSync(join(copy, file), bytes);
    return copy;
  };

  it('is sound', async () => {
    expect(await findingsOf(folder)).toEqual([]);
    expect((await runCli(['verify', folder], demo.env)).code).toBe(0);
  }, 60_000);

  /** Every file, in it a character that carries weight, and what a change of it must be called. */
  const BUNDLE = [
    ['README.txt', /Hạt giống|hạt giống/, 'file-differs'],
    ['check_draw.py', /import/, 'file-differs'],
    ['checker.html', /(?<=<title>)./, 'file-differs'],
    ['checkpoint.txt', /(?<=\n\d+\n)\S/, 'checkpoint-signature'],
    ['completeness.json', /(?<="received":)\d/, 'completeness'],
    ['entries.csv', /(?<=,)[0-9a-f]{64}/, 'root-differs'],
    ['files.txt', /(?<=\n)[0-9a-f]{64} rules\.json/, 'file-differs'],
    ['keys.txt', /(?<=\+[0-9a-f]{8}\+)\S/, 'checkpoint-signature'],
    ['minutes.html', /(?<=>)\p{L}/u, 'file-differs'],
    ['result.json', /(?<="code":")\d/, 'winner-differs'],
    ['rules.json', /(?<="value":)\d/, 'checkpoint-rules-differ'],
    ['sources.json', /(?<="value":")\d/, 'seed-differs'],
    ['strikes.json', /\[/, 'strike-unjustified'],
  ] as const;

  it.each(BUNDLE)('with one character of %s changed at %s is told by %s', async (file, place, code) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const at = Buffer.byteLength(text.slice(0, text.search(place)));
    expect(text).toMatch(place);
    const findings = await findingsOf(bent(file, at));
    expect(findings.map((finding) => finding.code)).toContain(code);
    expect(findings.map(({ where }) => where).join(' ')).toContain(file);
    if (file === 'README.txt') expect((await runCli(['verify', bent(file, at)], demo.env)).code).toBe(1);
  });

  it('has no file and no place in it that could be changed unseen', async () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    expect(files).toEqual(BUNDLE.map(([file]) => file));
    const unseen: string[] = [];
    for (const file of files) {
      const { length } = readFileSync(join(folder, file));
      for (const share of [0, 0.21, 0.5, 0.83, 1]) {
        const at = Math.floor(share * (length - 1));
        const findings = await findingsOf(bent(file, at));
        if (!findings.some(({ where }) => where.includes(file))) unseen.push(`${file} at ${at}`);
      }
    }
    expect(unseen).toEqual([]);
  }, 120_000);
});

function flipped(byte: number): number {
  if (byte >= 48 && byte <= 57) return 48 + ((byte - 47) % 10);
  if (byte >= 97 && byte <= 122) return 97 + ((byte - 96) % 26);
  if (byte >= 65 && byte <= 90) return 65 + ((byte - 64) % 26);
  return byte ^ 1;
}
