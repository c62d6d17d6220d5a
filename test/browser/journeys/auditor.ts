import { press } from '../../support/browser.js';
import { type Journeys, LAPTOP } from '../../support/journey.js';

/** An auditor of the state. */
export function auditorJourney(journeys: Journeys): void {
  it('an auditor filters the journal, checks the chain and opens an act', async () => {
    const { page, station } = await journeys.person(LAPTOP, 'thanh-tra');
    await page.goto('/journal');
    await page.fill('[name=subject]', 'draw');
    await press(page, 'form[role=search] button');
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(3);
    await station('auditor-1-filtered');
    await press(page, 'form[action="/journal/verifications"] button');
    await station('auditor-2-chain');
    await page.goto('/journal/1');
    await station('auditor-3-act');
    await page.goto('/campaigns/92-ngay-dem/compare');
    await station('auditor-4-compare');
  }, 300_000);
}
