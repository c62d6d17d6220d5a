import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const found = [process.env.CHROMIUM, ...PLACES].find((path) => path && existsSync(path));
const QUIET = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'].map(
  (what) => `--disable-${what}`,
);

if (!found && process.env.CI === 'true')
  throw new Error('No Chromium: install one, or name it in CHROMIUM. Browser tests are not skipped here.');

/** Tests in a real browser; skipped, and named as such, where there is none. */
export const describeInBrowser: typeof describe.skip = found ? describe : describe.skip;

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: found,
    args: ['--no-sandbox', '--lang=vi', '--no-first-run', ...QUIET],
  });
}

/** A page that notes what must not happen: console noise, faults in scripts, requests to anywhere else. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; noise: string[] }> {
  const context = await browser.newContext({ baseURL: origin, locale: 'vi-VN', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(180_000);
  const noise: string[] = [];
  page.on('console', (message) => {
    const expected = /status of (401|403|404|422)/.test(message.text());
    if (['error', 'warning'].includes(message.type()) && !expected)
      noise.push(`${message.text()} (${page.url()})`);
  });
  page.on('pageerror', (fault) => noise.push(`${fault.message} (${page.url()})`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) noise.push(`foreign request ${url}`);
  });
  return { page, noise };
}

/** Presses what leads to another page, or sends a form, and waits until the answer is there. */
export async function press(page: Page, selector: string): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

/** Opens a page. A live page may be reloading itself at that moment, because somebody else acted: then after that. */
export async function visit(page: Page, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      await page.goto(path);
      return;
    } catch (fault) {
      if (attempt === 5 || !String(fault).includes('interrupted by another navigation')) throw fault;
      await page.waitForLoadState();
    }
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Brings axe-core along to every page that will be opened, for who will read many. */
export async function withRules(page: Page): Promise<void> {
  await page.addInitScript({ path: AXE });
}

/** What axe-core finds against WCAG 2.2 AA, one line for each fault. Contrast takes longest, and is one for all who see a page. */
export async function barriers(page: Page, contrast = true): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate(
    async ({ rules, contrast: enabled }) => {
      const { axe } = globalThis as unknown as {
        axe: { run: (where: Document, how: object) => Promise<Axe> };
      };
      type Axe = { violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[] };
      // A table that scrolls is a region with the name of its section: two landmarks, one name, by intention.
      const how = {
        runOnly: { type: 'tag', values: rules },
        rules: { 'landmark-unique': { enabled: false }, 'color-contrast': { enabled } },
        resultTypes: ['violations'],
      };
      const { violations } = await axe.run(document, how);
      return violations.flatMap(({ id, nodes }) =>
        nodes
          .slice(0, 4)
          .map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary ?? ''}`),
      );
    },
    { rules: RULES, contrast },
  );
}
