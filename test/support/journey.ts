import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { Vault } from '../../src/platform/crypto/vault.js';
import type { TestApp } from './app.js';
import { barriers, launch, openPage, press } from './browser.js';
import { startDemo } from './demo.js';

export const PHONE = { viewport: { width: 360, height: 780 } };
export const LAPTOP = { viewport: { width: 1366, height: 768 } };
export const PROJECTOR = { viewport: { width: 1920, height: 1080 } };

/** The password of every officer of the example. */
export const DEMO_PASSWORD = 'thi-dua-demo-2022';

export interface Person {
  readonly page: Page;
  /** Takes a picture, if any are wanted, and demands that nobody is shut out and nothing failed or leaked on the way. */
  readonly station: (name: string) => Promise<void>;
}

/** The filled example and a browser: what every journey walks through. */
export class Journeys {
  /** Where files of the journeys lie. */
  readonly folder = mkdtempSync(join(tmpdir(), 'thidua-journeys-'));
  /** Where pictures of every station are wanted, to be looked at. */
  private readonly pictures = process.env.SCREENSHOTS;
  app!: TestApp;
  private browser?: Browser;

  async start(): Promise<void> {
    if (this.pictures) mkdirSync(this.pictures, { recursive: true });
    this.app = (await startDemo()).app;
    this.browser = await launch();
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.app?.close();
  }

  /** A person at a screen, signed in when a login is given. */
  async person(options: BrowserContextOptions, login?: string): Promise<Person> {
    const { page, noise } = await openPage(this.browser!, this.app.url, options);
    if (login) await signIn(page, login, DEMO_PASSWORD);
    const station = async (name: string) => {
      if (this.pictures) await page.screenshot({ path: join(this.pictures, `${name}.png`), fullPage: true });
      expect(await barriers(page, false)).toEqual([]);
      expect(noise).toEqual([]);
    };
    return { page, station };
  }

  /** A payment of the example with a code, and the last four digits of who paid. */
  async payment(where: string): Promise<{ reference: string; code: string | null; digits: string }> {
    const [row] = await this.app.db.query<{ reference: string; code: string | null; sealed: Buffer }[]>(
      `select p.source_ref as reference, e.code, y.sealed from payment p
         join payer y on y.promotion_id = p.promotion_id and y.id = p.payer_id
         left join entry e on e.promotion_id = p.promotion_id and e.payment_id = p.id
        where ${where} order by p.id limit 1`,
    );
    const digits = this.app.get(Vault).open(row!.sealed).split('\t')[0]!.slice(-4);
    return { ...row!, digits };
  }

  /** The number on the identity card of a winner, as it stands sealed in the list of payers. */
  async identityOf(winnerId: number): Promise<string> {
    const [row] = await this.app.db.query<{ sealed: Buffer }[]>(
      `select y.sealed from winner w join draw d on d.id = w.draw_id join draw_period p on p.id = d.draw_period_id
         join payer y on y.promotion_id = p.campaign_id and y.id = w.payer_id where w.id = $1`,
      [winnerId],
    );
    const [identity = ''] = this.app.get(Vault).open(row!.sealed).split('\t');
    return identity.slice(identity.indexOf(':') + 1);
  }
}

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.goto('/officers/login');
  await page.fill('#field-login', login);
  await page.fill('#field-password', password);
  await press(page, 'main button.btn-primary');
  expect(new URL(page.url()).pathname).not.toBe('/officers/login');
}
