import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { fillDemo } from '../../src/demo/fill.js';
import { Vault } from '../../src/platform/crypto/vault.js';
import { startApp, type TestApp } from '../support/app.js';
import { barriers, describeInBrowser, launch, openPage } from '../support/browser.js';

/** Pictures of every station, to be looked at: SCREENSHOTS names the folder. */
const PICTURES = process.env.SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'thidua-pictures-'));
const PHONE = { viewport: { width: 360, height: 780 } };
const LAPTOP = { viewport: { width: 1366, height: 768 } };
const PROJECTOR = { viewport: { width: 1920, height: 1080 } };

describeInBrowser('journeys', () => {
  let app: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    app = await startApp();
    await fillDemo(app.nest, new AbortController().signal, () => undefined);
    browser = await launch();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  /** A person at a screen; nothing on the way may fail, leak or shut anybody out. */
  async function person(options: BrowserContextOptions, login?: string) {
    const { page, noise } = await openPage(browser, app.url, options);
    if (login) await signIn(page, login);
    const station = async (name: string) => {
      await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
      expect(await barriers(page)).toEqual([]);
      expect(noise).toEqual([]);
    };
    return { page, station };
  }

  async function signIn(page: Page, login: string): Promise<void> {
    const [account] = await app.db.query<{ password: string }[]>(
      'select d.password from demo_account d join officer o on o.id = d.officer_id where o.login = $1',
      [login],
    );
    await page.goto('/officers/login');
    await page.fill('#field-login', login);
    await page.fill('#field-password', account!.password);
    await page.click('main button.btn-primary');
    await page.waitForURL((url) => url.pathname !== '/officers/login');
  }

  /** A payment of the example with a code, and the last four digits of who paid. */
  async function payment(where: string) {
    const [row] = await app.db.query<{ reference: string; code: string | null; sealed: Buffer }[]>(
      `select p.source_ref as reference, e.code, y.sealed from payment p
         join payer y on y.promotion_id = p.promotion_id and y.id = p.payer_id
         left join entry e on e.promotion_id = p.promotion_id and e.payment_id = p.id
        where ${where} order by p.id limit 1`,
    );
    const digits = app.get(Vault).open(row!.sealed).split('\t')[0]!.slice(-4);
    return { ...row!, digits };
  }

  it('a citizen finds the promotion, the own code, and checks the whole draw on a telephone', async () => {
    const { page, station } = await person(PHONE);
    await page.goto('/');
    await station('citizen-1-home');
    await page.click('a.card-link[href^="/promotions/"]');
    await station('citizen-2-promotion');
    await page.click('main a[href$="/codes"]');
    await page.fill('[name=subject]', '00000');
    await page.fill('[name=digits]', '0000');
    await page.click('main form button.btn-primary');
    expect(await page.inputValue('[name=subject]')).toBe('00000');
    await station('citizen-3-not-found');
    const { code, digits } = await payment('e.voided_at is null and e.period = 1');
    await page.fill('[name=subject]', code!);
    await page.fill('[name=digits]', digits);
    await page.click('main form button.btn-primary');
    expect(await page.locator('.code-big').allTextContents()).toContain(code);
    await page.click('main details summary >> nth=0');
    await station('citizen-4-code-and-receipt');
    const refused = await payment('p.refusals > 0 and e.code is null');
    await page.fill('[name=subject]', refused.reference);
    await page.fill('[name=digits]', refused.digits);
    await page.click('main form button.btn-primary');
    await station('citizen-5-why-none');
    await page.goto('/draws/bac-giang-2022/ky-1');
    await station('citizen-6-draw');
    const bundle = await fetch(`${app.url}/draws/bac-giang-2022/ky-1/bundle.zip`);
    const file = join(PICTURES, 'bundle.zip');
    writeFileSync(file, Buffer.from(await bundle.arrayBuffer()));
    await page.goto('/verify');
    await page.context().setOffline(true);
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.waitForSelector('.verdict, [data-verdict], .finding, .alert-success', { timeout: 60_000 });
    await page.context().setOffline(false);
    await station('citizen-7-verified');
    await page.goto('/draws/bac-giang-2022/ky-1?lang=en');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await station('citizen-8-english');
  }, 300_000);

  it('a leader reads the board on a projector, down to why a unit has its points', async () => {
    const { page, station } = await person(PROJECTOR);
    await page.goto('/campaigns/92-ngay-dem');
    await station('leader-1-board');
    await page.click('.tabs li:nth-child(2) a');
    await station('leader-2-other-group');
    await page.click('.tabs li:nth-child(1) a');
    await page.click('table.board tbody th a');
    await station('leader-3-unit');
    await page.click('main a[href*="/score"]');
    await station('leader-4-why');
    await page.goto('/campaigns/92-ngay-dem/replay');
    await station('leader-5-replay');
  }, 300_000);

  it('an organiser makes a drive from the template, notes its decision, publishes and amends', async () => {
    const { page, station } = await person(LAPTOP, 'dieu-hanh');
    await station('organiser-1-desk');
    await page.goto('/office/campaigns/new');
    await page.fill('[name=titleVi]', 'Chiến dịch cao điểm 92 ngày đêm năm 2023');
    await page.fill('[name=titleEn]', '92-day drive of 2023');
    await page.fill('[name=startsOn]', '2023-06-01');
    await page.fill('[name=unit]', '70');
    await page.click('main form button.btn-primary');
    await page.waitForURL(/\/office\/campaigns\/[^/]+$/);
    await station('organiser-2-plan');
    expect(await page.locator('form[action$="/publication"] button').isDisabled()).toBe(true);
    await page.fill('[name=decisionRef]', '112/KH-UBND');
    await page.click('form[action$="/decision"] button');
    await page.click('form[action$="/publication"] button');
    await station('organiser-3-published');
    expect(await page.locator('form[action$="/publication"]').count()).toBe(0);
    await page.click('form[action$="/amendment"] button');
    await page.fill('[name=decisionRef]', '205/QĐ-UBND');
    await page.fill('[name=decidedOn]', '2023-07-01');
    await page.fill('[name=reason]', 'Điều chỉnh theo kết quả sơ kết');
    await page.click('form[action$="/publication"] button');
    await station('organiser-4-amended');
  }, 300_000);

  it('the last draw is thrown, drawn, certified and published by two offices', async () => {
    const room = '/office/draws/bac-giang-2022/ky-2';
    const thrown = '13515431512522652633';
    const organiser = await person(LAPTOP, 'to-chuc');
    const partner = await person(LAPTOP, 'ngan-hang');
    const act = async ({ page }: { page: Page }, form: string, value?: string) => {
      await page.goto(room);
      if (value) await page.fill(`form[action$="/${form}"] [name=value]`, value);
      await page.fill(`form[action$="/${form}"] [name=password]`, 'thi-dua-demo-2022');
      await page.click(`form[action$="/${form}"] button`);
      await page.waitForLoadState();
    };
    await organiser.page.goto(room);
    await organiser.station('draw-1-room');
    await act(organiser, 'sources', thrown);
    await act(partner, 'sources', thrown);
    await act(organiser, 'draw');
    await organiser.station('draw-2-drawn');
    await act(organiser, 'recomputation');
    await act(organiser, 'certification');
    await act(partner, 'certification');
    await act(organiser, 'publication');
    await organiser.station('draw-3-published');
    const hall = await person(PROJECTOR);
    await hall.page.goto('/draws/bac-giang-2022/ky-2/hall');
    await hall.station('draw-4-hall');
    await hall.page.goto('/draws/bac-giang-2022/ky-2');
    expect(await hall.page.locator('table.winners tbody tr').count()).toBe(8);
    await hall.station('draw-5-public');
  }, 300_000);

  it('an auditor filters the journal, checks the chain and opens an act', async () => {
    const { page, station } = await person(LAPTOP, 'thanh-tra');
    await page.goto('/journal');
    await page.fill('[name=subject]', 'draw');
    await page.click('form[role=search] button');
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(3);
    await station('auditor-1-filtered');
    await page.click('form[action="/journal/verifications"] button');
    await page.waitForLoadState();
    await station('auditor-2-chain');
    await page.goto('/journal/1');
    await station('auditor-3-act');
    await page.goto('/campaigns/92-ngay-dem/compare');
    await station('auditor-4-compare');
  }, 300_000);

  it('somebody without the right, and a lost address, are told so in words', async () => {
    const { page, station } = await person(PHONE, 'bu-dang');
    await page.goto('/officers');
    expect(await page.textContent('h1')).toContain('chưa có quyền');
    await station('errors-1-no-right');
    await page.goto('/khong-co-trang-nay');
    expect(await page.textContent('h1')).toContain('Không tìm thấy');
    await station('errors-2-not-found');
  }, 120_000);
});
