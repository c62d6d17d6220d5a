import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import yazl from 'yazl';
import { checkerPage } from '../src/verify/bundle-pages.js';
import { nodeHash } from '../src/verify/counting.js';
import { CHEATS } from '../src/verify/lab.js';
import { startApp, type TestApp } from './support/app.js';
import { barriers, describeInBrowser, launch, openPage } from './support/browser.js';
import { exampleFiles } from './support/bundle.js';

const folder = mkdtempSync(join(tmpdir(), 'thidua-page-'));
let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await startApp();
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function zipped(name: string, files: ReadonlyMap<string, string>): Promise<string> {
  const zip = new yazl.ZipFile();
  for (const [file, text] of files) zip.addBuffer(Buffer.from(text), file);
  zip.end();
  const path = join(folder, `${name}.zip`);
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

const SHOTS = process.env.THIDUA_SHOTS;
const shot = async (page: Page, name: string) => {
  if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
};
const verdict = (page: Page) => page.locator('.verify-verdict .alert-title').textContent();
const options = { count: 400, struckWinners: 1, replacements: 1 };

describeInBrowser('the page that checks a draw', () => {
  it.each([
    ['vi', 360],
    ['vi', 1366],
    ['en', 1920],
  ])('accepts a sound bundle and explains a broken one (%s, %i wide)', async (lang, width) => {
    const { page, noise } = await openPage(browser, app.url, { viewport: { width, height: 800 } });
    await page.goto(`/verify?lang=${lang}`);
    await shot(page, `verify-${width}-empty`);
    await page.setInputFiles('#verify-file', await zipped('sound', exampleFiles(options)));
    await page.waitForSelector('.verify-verdict.alert-success');
    expect(await verdict(page)).toContain(lang === 'vi' ? 'Khớp hoàn toàn' : 'Everything agrees');
    expect(await page.locator('[data-check].verify-ok').count()).toBe(23);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(await barriers(page)).toEqual([]);
    await shot(page, `verify-${width}-sound`);
    const broken = exampleFiles(options);
    broken.set('entries.csv', broken.get('entries.csv')!.replace(/\n00007,[^\n]+/, ''));
    await page.setInputFiles('#verify-file', await zipped('broken', broken));
    await page.waitForSelector('.verify-verdict.alert-danger');
    expect(await page.locator('[data-check="root-differs"].verify-bad').count()).toBe(1);
    expect(await barriers(page)).toEqual([]);
    await shot(page, `verify-${width}-broken`);
    expect(noise).toEqual([]);
    await page.context().close();
  });

  it('answers what a code came to', async () => {
    const { page } = await openPage(browser, app.url);
    await page.goto('/verify');
    await page.setInputFiles('#verify-file', await zipped('sound', exampleFiles(options)));
    await page.waitForSelector('.verify-verdict');
    const winner = await page.locator('.verify-code').first().textContent();
    const answer = async (code: string) => {
      await page.fill('#verify-code', code);
      await page.press('#verify-code', 'Enter');
      await page.waitForFunction(
        (text) => document.getElementById('verify-mine')?.textContent?.includes(text),
        code === '99999' ? 'không có' : code,
      );
      return page.locator('#verify-mine').textContent();
    };
    expect(await answer('99999')).toContain('không có trong danh sách đã chốt');
    expect(await answer(winner!)).toContain('Mã này trúng: Giải Ba, vị trí');
    await page.context().close();
  });

  it('says plainly what is no bundle', async () => {
    const { page, noise } = await openPage(browser, app.url);
    await page.goto('/verify');
    const path = join(folder, 'picture.zip');
    writeFileSync(path, 'this is no zip');
    await page.setInputFiles('#verify-file', path);
    await page.waitForSelector('.alert-warning .alert-title');
    expect(await page.locator('.alert-warning').last().textContent()).toContain('Đây không phải tệp zip');
    expect(noise).toEqual([]);
    await page.context().close();
  });

  it('does not freeze while it works, and stops when asked', async () => {
    const { page } = await openPage(browser, app.url);
    await page.goto('/verify');
    const files = exampleFiles({ ...options, count: 60_000, perHolder: 30_000, hash: nodeHash });
    await page.setInputFiles('#verify-file', await zipped('large', files));
    await page.waitForSelector('progress');
    const frames = await page.evaluate(async () => {
      let drawn = 0;
      for (; !document.querySelector('.verify-verdict'); drawn++) await new Promise(requestAnimationFrame);
      return drawn;
    });
    expect(frames).toBeGreaterThan(5);
    await page.waitForSelector('.verify-verdict.alert-success');
    await page.setInputFiles('#verify-file', await zipped('large-again', files));
    await page.getByRole('button', { name: 'Dừng' }).click();
    expect(await page.locator('.alert-warning').last().textContent()).toContain('Đã dừng');
    await page.context().close();
  });
});

describeInBrowser('the page saved inside the bundle', () => {
  const files = exampleFiles(options);
  async function opened(): Promise<{ page: Page; requests: string[] }> {
    const path = join(folder, 'checker.html');
    writeFileSync(path, checkerPage());
    const context = await browser.newContext({ offline: true, viewport: { width: 1366, height: 800 } });
    const requests: string[] = [];
    const page = await context.newPage();
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    return { page, requests };
  }

  it('checks a zip and a folder with the network off, and asks nobody for anything', async () => {
    const { page, requests } = await opened();
    await page.setInputFiles('#verify-file', await zipped('offline', files));
    await page.waitForSelector('.verify-verdict.alert-success');
    for (const [name, text] of files) {
      const path = join(folder, 'unpacked', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    await page.setInputFiles('#verify-folder', join(folder, 'unpacked'));
    await page.waitForSelector('progress, .verify-verdict');
    await page.waitForSelector('.verify-verdict.alert-success');
    expect(requests.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([]);
    await page.click('#verify-language');
    expect(await verdict(page)).toContain('Everything agrees');
    expect(await page.locator('h1').textContent()).toBe('Check a draw yourself');
    expect(await barriers(page)).toEqual([]);
    await shot(page, 'checker-offline');
    await page.context().close();
  });

  it('catches every cheat of the lab, and puts everything back', async () => {
    const { page } = await opened();
    await page.setInputFiles('#verify-file', await zipped('lab', files));
    await page.waitForSelector('.verify-verdict.alert-success');
    for (const cheat of CHEATS) {
      await page.click(`[data-cheat="${cheat}"]`);
      await page.waitForSelector(`[data-cheat="${cheat}"][aria-pressed="true"]`);
      expect([cheat, await page.locator('.verify-caught').textContent()]).toEqual([
        cheat,
        expect.stringContaining('Bị phát hiện bởi') as string,
      ]);
      if (cheat === 'repair-all') {
        await shot(page, 'checker-lab');
        expect(await page.locator('[data-check="checkpoint-signature"].verify-bad').count()).toBe(1);
        expect(await page.locator('[data-check="root-differs"].verify-ok').count()).toBe(1);
      }
    }
    await page.click('[data-cheat="none"]');
    await page.waitForSelector('.verify-verdict.alert-success');
    await page.context().close();
  });

  it('shows what strangers wrote as text, never as markup', async () => {
    const { page } = await opened();
    const hostile = new Map(files);
    hostile.set('strikes.json', '<img src=x onerror="document.title=1">');
    hostile.set('<img src=x onerror=alert(1)>.txt', 'x');
    await page.setInputFiles('#verify-file', await zipped('hostile', hostile));
    await page.waitForSelector('.verify-verdict.alert-danger');
    expect(await page.locator('#verify img').count()).toBe(0);
    expect(await page.title()).toContain('Thi Đua');
    await page.context().close();
  });
});
