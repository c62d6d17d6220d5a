import { readFileSync } from 'node:fs';
import { press } from '../../support/browser.js';
import { type Journeys, LAPTOP } from '../../support/journey.js';

/** An auditor of the state. */
export function auditorJourney(journeys: Journeys): void {
  it('an auditor filters the journal, checks the chain, opens an act, exports it and compares two publications', async () => {
    const { page, station } = await journeys.person(LAPTOP, 'thanh-tra');
    await page.goto('/journal');
    await page.fill('[name=subject]', 'draw');
    await press(page, 'form[role=search] button');
    const shown = await page.locator('tbody tr').count();
    expect(shown).toBeGreaterThan(3);
    await station('auditor-1-filtered');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('a[href^="/journal/export.csv"]'),
    ]);
    const exported = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(exported.length).toBeGreaterThan(shown);
    await press(page, 'form[action="/journal/verifications"] button');
    await station('auditor-2-chain');
    await page.goto('/journal?subject=draw');
    await press(page, 'tbody tr:first-child a');
    await station('auditor-3-act');
    await page.goto('/campaigns/92-ngay-dem/compare');
    await page.selectOption('#from', { index: 0 });
    await page.selectOption('#to', { index: 1 });
    await press(page, 'form.inline-form button.btn-primary');
    expect(await page.locator('table.board tbody tr').count()).toBe(11);
    await station('auditor-4-compare');
  }, 300_000);
}
