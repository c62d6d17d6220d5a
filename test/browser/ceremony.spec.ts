import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { makeOfficers, makePromotion, type Officers, type Promotion } from '../support/draw.js';
import { startApp, type TestApp } from '../support/app.js';
import { barriers, describeInBrowser, launch, openPage, visit } from '../support/browser.js';
import { DIGITS, statesOf } from '../support/ceremony.js';
import { PASSWORD } from '../support/sign-in.js';

/** Where to leave pictures for people to look at; none are made without it. */
const PICTURES = process.env.PICTURES;
const WIDTHS = [360, 1366, 1920];

async function enter(page: Page, login: string): Promise<void> {
  await page.goto('/officers/login');
  await page.fill('#field-login', login);
  await page.fill('#field-password', PASSWORD);
  await page.click('main button.btn-primary');
  await page.waitForURL((url) => url.pathname !== '/officers/login');
}

async function picture(page: Page, name: string, path?: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  for (const lang of ['vi', 'en'])
    for (const width of lang === 'vi' ? WIDTHS : [1366]) {
      await page.setViewportSize({ width, height: width === 1920 ? 1080 : 800 });
      const url = new URL(path ?? page.url(), page.url());
      url.searchParams.set('lang', lang);
      await page.goto(url.href);
      await page.waitForTimeout(400);
      await page.screenshot({
        path: join(PICTURES, `${name}-${lang}-${width}.png`),
        fullPage: name !== 'hall',
      });
    }
  await page.setViewportSize({ width: 1366, height: 800 });
}

describeInBrowser('the whole ceremony', () => {
  let app: TestApp;
  let browser: Browser;
  let people: Officers;
  let promotion: Promotion;
  let room: string;
  const pages: Record<string, Page> = {};
  const noise: string[] = [];
  beforeAll(async () => {
    app = await startApp();
    people = await makeOfficers(app);
    promotion = await makePromotion(app, 60, 2);
    room = `/office/draws/${promotion.slug}/ky-1`;
    browser = await launch();
    for (const name of ['organiser', 'partner', 'witness'] as const) {
      const opened = await openPage(browser, app.url);
      pages[name] = opened.page;
      opened.page.on('pageerror', (fault) => noise.push(fault.message));
      await enter(opened.page, people[name].login);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await app.close();
  });

  /** Fills in the form of an act as the officer sees it, signs, and waits for the room to say it is done. */
  async function act(
    who: keyof typeof pages,
    name: string,
    fields: Record<string, string> = {},
  ): Promise<void> {
    const page = pages[who]!;
    await visit(page, room);
    const form = page.locator(`#act-${name} form`).first();
    for (const [field, value] of Object.entries(fields)) await form.locator(`[name="${field}"]`).fill(value);
    await form.locator('[name="password"]').fill(PASSWORD);
    await form.locator('button.btn-primary').click();
    await page.waitForSelector('.alert-success');
  }
  const clean = async (page: Page) => expect(await barriers(page)).toEqual([]);

  it('is planned on a form', async () => {
    app.clock.set('2023-05-20T02:00:00Z');
    const page = pages.organiser!;
    await page.goto(`${room}/plan`);
    const values: Record<string, string> = {
      title: 'Kỳ quay số cuối',
      organizer: 'Ngân hàng thử nghiệm',
      place: 'Hội trường tầng 2',
      drawsAt: '2023-06-01T09:00',
      objectionDays: '3',
      prizeVi0: 'Giải Ba',
      prizeEn0: 'Third prize',
      quantity0: '5',
      value0: '2.000.000',
      prizeVi1: 'Giải Nhì',
      prizeEn1: 'Second prize',
      quantity1: '1',
      value1: '10.000.000',
      prizeVi2: 'Giải Đặc biệt',
      prizeEn2: 'Special prize',
      quantity2: '1',
      value2: '55.000.000',
      'dice-description-0': 'Hai mươi lần gieo xúc xắc mười mặt',
      'dice-count-0': '20',
      'dice-low-0': '0',
      'dice-high-0': '9',
      password: PASSWORD,
    };
    for (const [name, value] of Object.entries(values)) await page.fill(`[name="${name}"]`, value);
    await clean(page);
    await picture(page, 'plan');
    await page.goto(`${room}/plan`);
    for (const [name, value] of Object.entries(values)) await page.fill(`[name="${name}"]`, value);
    await page.click('main form button.btn-primary');
    await page.waitForSelector('.alert-success');
    expect(await page.locator('h1').textContent()).toContain('Kỳ quay số cuối');
  });

  it('goes from the rules to the witnessed list, and a citizen objects on the way', async () => {
    await act('organiser', 'publish-rules');
    await act('organiser', 'open-objections');
    const { page: citizen } = await openPage(browser, app.url);
    await citizen.goto(`/draws/${promotion.slug}/ky-1/list?q=00007`);
    await clean(citizen);
    await citizen.fill('#field-code', '00007');
    await citizen.fill('#field-reason', 'Người này là nhân viên ngân hàng');
    await citizen.click('main form .btn-primary');
    await citizen.waitForSelector('.alert-success');
    await picture(citizen, 'list', `/draws/${promotion.slug}/ky-1/list`);
    await citizen.context().close();
    const page = pages.organiser!;
    await visit(page, room);
    const form = page.locator('.objection form');
    await form.locator('[value="rejected"]').check();
    await form.locator('[name="reason"]').fill('Đã đối chiếu danh sách nhân viên');
    await form.locator('[name="password"]').fill(PASSWORD);
    await form.locator('button').click();
    await page.waitForSelector('.alert-success');
    app.clock.set('2023-05-31T02:00:00Z');
    await act('organiser', 'freeze');
    await act('partner', 'cosign');
    await act('witness', 'cosign');
    await clean(pages.witness!);
    await picture(pages.organiser!, 'room-witnessed', room);
  });

  it('takes the dice of two officers, who see a mismatch and type again', async () => {
    app.clock.set('2023-06-01T02:00:00Z');
    await act('organiser', 'record-source', { value: DIGITS });
    await act('witness', 'record-source', { value: DIGITS.replace('3', '9') });
    await pages.organiser!.goto(room);
    await pages.organiser!.waitForSelector('.source .alert-danger');
    await clean(pages.organiser!);
    await picture(pages.organiser!, 'room-mismatch', room);
    await act('organiser', 'record-source', { value: DIGITS });
    await act('witness', 'record-source', { value: DIGITS });
  });

  it('draws, and lets the codes out digit by digit on every screen', async () => {
    const { page: screen } = await openPage(browser, app.url, { viewport: { width: 1920, height: 1080 } });
    await screen.goto(`/draws/${promotion.slug}/ky-1/hall`);
    await act('organiser', 'draw');
    const host = pages.organiser!;
    await host.goto(`/draws/${promotion.slug}/ky-1/hall`);
    await host.waitForSelector('[data-part="controls"]:not([hidden])');
    for (let digit = 0; digit < 5; digit++) await host.click('[data-do="next"]');
    const [first] = await app.db.query<{ code: string }[]>('select code from winner order by id limit 1');
    await screen.waitForFunction(
      (code) => document.querySelector('[data-part="code"]')?.getAttribute('aria-label') === code,
      first!.code,
    );
    expect(await screen.locator('[data-part="controls"]').isHidden()).toBe(true);
    const { body } = await app.visitor().get(`/draws/${promotion.slug}/ky-1/hall/transcript`);
    expect(body.steps.map(({ code }: { code: string }) => code)).toEqual([
      first!.code,
      '',
      '',
      '',
      '',
      '',
      '',
    ]);
    await host.keyboard.press('ArrowRight');
    await host.keyboard.press('p');
    await screen.waitForSelector('[data-part="paused"]:not([hidden])');
    await screen.reload();
    await screen.waitForSelector('[data-part="paused"]:not([hidden])');
    await clean(screen);
    if (PICTURES) {
      await screen.screenshot({ path: join(PICTURES, 'hall-live-1920.png') });
      await picture(screen, 'hall', `/draws/${promotion.slug}/ky-1/hall`);
    }
    await host.context().setOffline(true);
    await host.keyboard.press('ArrowRight');
    await host.waitForSelector('[data-part="offline"]:not([hidden])');
    for (let digit = 0; digit < 40; digit++) await host.keyboard.press('ArrowRight');
    await host.waitForSelector('[data-part="done"]:not([hidden])');
    await host.context().setOffline(false);
    await screen.waitForSelector('[data-part="done"]:not([hidden])', { timeout: 15_000 });
    if (PICTURES) await screen.screenshot({ path: join(PICTURES, 'hall-done-1920.png') });
    await screen.context().close();
  });

  it('rehearses with a watermark and leaves nothing behind', async () => {
    const { page } = await openPage(browser, app.url, { viewport: { width: 1920, height: 1080 } });
    const sent: string[] = [];
    page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
    await page.goto(`/draws/${promotion.slug}/ky-1/rehearsal`);
    await page.waitForSelector('[data-part="controls"]:not([hidden])');
    for (let digit = 0; digit < 6; digit++) await page.click('[data-do="next"]');
    expect(await page.locator('.watermark').isVisible()).toBe(true);
    expect(await page.locator('[data-part="code"]').getAttribute('aria-label')).toMatch(/^THU\d{3}$/);
    if (PICTURES) await page.screenshot({ path: join(PICTURES, 'rehearsal-1920.png') });
    expect(sent).toEqual([]);
    await page.context().close();
  });

  it('is certified by two organisations after an independent computation, and published', async () => {
    await act('organiser', 'recompute');
    await picture(pages.witness!, 'room-drawn', room);
    await act('witness', 'certify');
    await act('partner', 'certify');
    await act('organiser', 'publish');
    expect(await statesOf(app, `${promotion.slug}/ky-1`)).toContain('published');
    const { page } = await openPage(browser, app.url);
    await page.goto(`/draws/${promotion.slug}/ky-1`);
    expect(await page.locator('table.winners tbody tr').count()).toBe(7);
    await clean(page);
    await picture(page, 'draw', `/draws/${promotion.slug}/ky-1`);
    await picture(pages.organiser!, 'room-published', room);
    await page.goto(`/draws/${promotion.slug}/ky-1/fairness`);
    await clean(page);
    await picture(page, 'fairness', `/draws/${promotion.slug}/ky-1/fairness`);
    await page.context().close();
  });

  it('ends with the hand-over of the special prize and its minutes', async () => {
    const page = pages.partner!;
    await page.goto(`${room}/winners`);
    await clean(page);
    await picture(page, 'winners', `${room}/winners`);
    const [special] = await app.db.query<{ id: number; payer: number; code: string }[]>(
      `select w.id, payer_id as payer, w.code from winner w where value = 55000000`,
    );
    const file = `${room}/winners/${special!.id}`;
    const submit = async (path: string, fields: Record<string, string>, check?: string) => {
      await page.goto(file);
      const form = page.locator(`form[action$="/${path}"]`);
      for (const [name, value] of Object.entries(fields)) await form.locator(`[name="${name}"]`).fill(value);
      if (check) await form.locator(`[value="${check}"]`).first().check();
      await form.locator('button').click();
      await page.waitForSelector('.alert-success');
    };
    await submit('contacts', { password: PASSWORD });
    await submit('notices', { password: PASSWORD });
    const number = `024${String(promotion.id).padStart(4, '0')}${String(special!.payer).padStart(5, '0')}`;
    await submit('identity', { number, password: PASSWORD });
    await submit('consent', { password: PASSWORD }, 'yes');
    await submit('tax', { password: PASSWORD }, 'winner');
    await clean(page);
    await picture(page, 'winner', file);
    await submit('hand-over', { place: 'Hội trường tầng 2', password: PASSWORD });
    await page.goto(`${file}/papers/hand-over`);
    expect(await page.locator('.sheet').textContent()).toContain('Bốn triệu năm trăm nghìn đồng');
    await picture(page, 'hand-over', `${file}/papers/hand-over`);
    await page.goto(`${room}/papers/minutes`);
    expect(await page.locator('.sheet').textContent()).toContain('Bảy mươi lăm triệu đồng');
    await picture(page, 'minutes', `${room}/papers/minutes`);
    const pdf = await people.partner.http.get(`${room}/papers/minutes?format=pdf`).buffer(true);
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect((pdf.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
    if (PICTURES) writeFileSync(join(PICTURES, 'minutes.pdf'), pdf.body as Buffer);
    for (const kind of ['registration', 'rules', 'winners', 'report']) {
      await page.goto(`${room}/papers/${kind}`);
      expect(await page.locator('.sheet').textContent()).toContain('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM');
      await picture(page, `paper-${kind}`, `${room}/papers/${kind}`);
    }
    expect(noise).toEqual([]);
  });
});
