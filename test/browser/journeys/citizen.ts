import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { press } from '../../support/browser.js';
import { type Journeys, PHONE } from '../../support/journey.js';

/** A citizen with a small telephone. */
export function citizenJourney(journeys: Journeys): void {
  it('a citizen finds the promotion, the own code, and checks the whole draw on a telephone', async () => {
    const { page, station } = await journeys.person(PHONE);
    await page.goto('/');
    await station('citizen-1-home');
    await press(page, 'a.card-link[href^="/promotions/"]');
    await station('citizen-2-promotion');
    await press(page, 'main a[href$="/codes"]');
    await page.fill('[name=subject]', '00000');
    await page.fill('[name=digits]', '0000');
    await press(page, 'main form button.btn-primary');
    expect(await page.inputValue('[name=subject]')).toBe('00000');
    await station('citizen-3-not-found');
    const { code, digits } = await journeys.payment('e.voided_at is null and e.period = 1');
    await page.fill('[name=subject]', code!);
    await page.fill('[name=digits]', digits);
    await press(page, 'main form button.btn-primary');
    expect(await page.locator('.code-big').allTextContents()).toContain(code);
    await page.click('main details summary >> nth=0');
    await station('citizen-4-code-and-receipt');
    const refused = await journeys.payment('p.refusals > 0 and e.code is null');
    await page.fill('[name=subject]', refused.reference);
    await page.fill('[name=digits]', refused.digits);
    await press(page, 'main form button.btn-primary');
    await station('citizen-5-why-none');
    await page.goto('/draws/bac-giang-2022/ky-1');
    await station('citizen-6-draw');
    const bundle = await fetch(`${journeys.app.url}/draws/bac-giang-2022/ky-1/bundle.zip`);
    const file = join(journeys.folder, 'bundle.zip');
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

  it('somebody without the right, and a lost address, are told so in words', async () => {
    const { page, station } = await journeys.person(PHONE, 'bu-dang');
    await page.goto('/officers');
    expect(await page.textContent('h1')).toContain('chưa có quyền');
    await station('errors-1-no-right');
    await page.goto('/khong-co-trang-nay');
    expect(await page.textContent('h1')).toContain('Không tìm thấy');
    await station('errors-2-not-found');
  }, 120_000);
}
