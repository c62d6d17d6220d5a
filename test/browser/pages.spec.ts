import type { Browser, Page, Response } from 'playwright-core';
import { ROLES, type Role } from '../../src/platform/http/access.js';
import type { TestApp } from '../support/app.js';
import { barriers, describeInBrowser, launch, openPage, press, withRules } from '../support/browser.js';
import { startDemo } from '../support/demo.js';
import { frameFaults, lookAt, misreadings } from '../support/reading.js';
import { readingRoutes, routeOf } from '../support/routes.js';

/** Not pages: programs read them, or they are files to keep. */
const MACHINERY =
  /^\/(api|live|healthz|readyz|metrics|assets)(\/|$)|\.(xml|txt|csv|xlsx|json|zip|svg|png)$|\/(bundle|export|file)$/;

/** Made by the build or by the description of the interface, not by a controller. */
const BUILT = /^\/(assets\/|api\/openapi\.(json|yaml)$)/;

interface Walk {
  faults: string[];
  seen: Set<string>;
}

/** Follows links from page to page, one page of each route, and reads each with the eyes of everybody. */
async function walk(
  page: Page,
  routes: string[],
  locale: 'vi' | 'en',
  known = new Set<string>(),
  contrasted?: Set<string>,
): Promise<Walk> {
  const pages = routes.filter((route) => !MACHINERY.test(route));
  const queue = pages.filter((route) => !/[:*]/.test(route));
  const seen = new Set<string>();
  const faults: string[] = [];
  let refused = false;
  if (locale === 'vi') await withRules(page);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const route = routeOf(path.split('?')[0]!, pages);
    if (!route || seen.has(route) || known.has(route)) continue;
    seen.add(route);
    const answer = await opened(page, `${path}${path.includes('?') ? '&' : '?'}lang=${locale}`);
    if (!answer?.headers()['content-type']?.startsWith('text/html')) continue;
    const looked = await lookAt(page);
    const found = [
      ...(answer.status() >= 500 ? [`status ${answer.status()}`] : []),
      ...frameFaults(looked, path),
      ...misreadings(looked, locale),
      // The same page in another language shuts nobody else out, nor does the same refusal a second time.
      ...(locale === 'vi' && !(refused && answer.status() === 403)
        ? await barriers(page, !contrasted?.has(route))
        : []),
    ];
    refused ||= answer.status() === 403;
    if (answer.ok()) contrasted?.add(route);
    faults.push(...found.map((fault) => `${path}: ${fault}`));
    const lost = new Set(looked.links.filter((link) => !routeOf(link, routes) && !BUILT.test(link)));
    faults.push(...[...lost].map((link) => `${path}: leads nowhere: ${link}`));
    queue.push(...looked.links);
  }
  return { faults, seen };
}

/** Nothing when the address is a file to keep. */
async function opened(page: Page, path: string): Promise<Response | null> {
  return page.goto(path).catch((fault: Error) => {
    if (fault.message.includes('Download is starting')) return null;
    throw fault;
  });
}

interface Account {
  login: string;
  password: string;
}

async function enter(page: Page, { login, password }: Account): Promise<void> {
  await page.goto('/officers/login');
  await page.fill('#field-login', login);
  await page.fill('#field-password', password);
  await page.click('main button.btn-primary');
  await page.waitForURL((url) => url.pathname !== '/officers/login');
}

/** Who tries the example with this role. */
async function tryer(app: TestApp, role: Role): Promise<Account> {
  const [account] = await app.db.query<Account[]>(
    `select o.login, d.password from demo_account d join officer o on o.id = d.officer_id
      where exists (select from role_grant g where g.officer_id = o.id and g.role = $1) order by o.id desc limit 1`,
    [role],
  );
  return account!;
}

describeInBrowser('every page', () => {
  let app: TestApp;
  let browser: Browser;
  let routes: string[];
  /** Routes that anybody may read: officers need not read them again. */
  let open = new Set<string>();
  /** Routes that an officer read with an eye on contrast: the next one need not measure it again. */
  const contrasted = new Set<string>();
  beforeAll(async () => {
    ({ app } = await startDemo());
    browser = await launch();
    routes = readingRoutes(app);
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it.each(['vi', 'en'] as const)(
    'reads well to a visitor (%s)',
    async (locale) => {
      const { page, noise } = await openPage(browser, app.url);
      const { faults } = await walk(page, routes, locale);
      expect([...faults, ...noise]).toEqual([]);
    },
    600_000,
  );

  it('reads well in the dark, on a telephone, and nothing runs off the side', async () => {
    const viewport = { width: 360, height: 780 };
    const { page, noise } = await openPage(browser, app.url, { colorScheme: 'dark', viewport });
    const { faults, seen } = await walk(page, routes, 'vi');
    open = new Set([...seen].filter((route) => route !== '/' && !/^\/(office|officers|journal)/.test(route)));
    expect([...faults, ...noise]).toEqual([]);
    expect(seen.size).toBeGreaterThan(4);
  }, 600_000);

  it.each(ROLES)(
    'reads well to the %s',
    async (role) => {
      const { page, noise } = await openPage(browser, app.url);
      await enter(page, await tryer(app, role));
      const { faults } = await walk(page, routes, 'vi', open, contrasted);
      expect([...faults, ...noise]).toEqual([]);
    },
    600_000,
  );

  it.each([
    '/',
    '/campaigns/92-ngay-dem',
    '/promotions/bac-giang-2022',
    '/draws/bac-giang-2022/ky-1',
    '/verify',
  ])(
    'weighs little at the first visit: %s',
    async (path) => {
      const { page } = await openPage(browser, app.url);
      const session = await page.context().newCDPSession(page);
      await session.send('Network.enable');
      let weight = 0;
      session.on('Network.loadingFinished', ({ encodedDataLength }) => (weight += encodedDataLength));
      await page.goto(path);
      await page.evaluate(() => document.fonts.ready);
      expect(weight).toBeGreaterThan(10_000);
      expect(weight).toBeLessThan(200 * 1024);
      await page.context().close();
    },
    60_000,
  );

  it('keeps what does not change, and allows no script of its own making', async () => {
    const front = await app.visitor().get('/');
    const style = /<link rel="stylesheet" href="([^"]+)"/.exec(front.text)![1]!;
    const { headers } = await app.visitor().get(style).expect(200);
    expect(headers['cache-control']).toContain('immutable');
    expect(front.headers['content-security-policy']).not.toContain('unsafe');
  });

  it('lets an officer sign in, work and sign out where scripts do not run', async () => {
    const { page } = await openPage(browser, app.url, { javaScriptEnabled: false });
    await enter(page, await tryer(app, 'organiser'));
    await page.goto('/office/payments/bac-giang-2022/terms');
    await page.fill('[name=minimumAmount]', '1.5');
    await press(page, 'form[data-terms] button.btn-primary');
    expect(await page.inputValue('[name=minimumAmount]')).toBe('1.5');
    expect(await page.locator('.findings-summary').count()).toBe(1);
    await page.click('header details summary');
    await press(page, 'form[action="/officers/logout"] button');
    await page.goto('/office');
    expect(new URL(page.url()).pathname).toBe('/officers/login');
  }, 120_000);
});
