import { join } from 'node:path';
import { press } from '../../support/browser.js';
import { type Journeys, PROJECTOR } from '../../support/journey.js';

/** A leader in front of a projector. */
export function leaderJourney(journeys: Journeys): void {
  it('a leader reads the board on a projector, down to why a unit has its points', async () => {
    const { page, station } = await journeys.person(PROJECTOR);
    await page.goto('/campaigns/92-ngay-dem');
    await station('leader-1-board');
    await press(page, '.tabs li:nth-child(2) a');
    await station('leader-2-other-group');
    await press(page, '.tabs li:nth-child(1) a');
    await press(page, 'table.board tbody th a');
    await station('leader-3-unit');
    await press(page, 'main a[href*="/score"]');
    await station('leader-4-why');
    await press(page, '.explain-part a[href*="readings="] >> nth=0');
    expect(await page.locator('section[aria-labelledby=readings] tbody tr').count()).toBeGreaterThan(10);
    await station('leader-5-facts');
    await page.goto('/campaigns/92-ngay-dem/units/' + /units\/(\d+)/.exec(page.url())![1]);
    await press(page, 'table.board tbody th a');
    await station('leader-6-way-and-forecast');
    await page.goto('/campaigns/92-ngay-dem/map');
    await station('leader-7-map');
    await page.goto('/campaigns/92-ngay-dem?day=61');
    await press(page, '.board-more a[href*="/report"]');
    expect(await page.textContent('h1')).toBe('Báo cáo sơ kết');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.site-header, .btn:visible').first().isVisible()).toBe(false);
    const paper = await page.pdf({ path: join(journeys.folder, 'leader-8-report.pdf'), format: 'A4' });
    expect(paper.length).toBeGreaterThan(20_000);
    await page.emulateMedia({ media: 'screen' });
    await station('leader-8-report');
    await page.goto('/campaigns/92-ngay-dem/replay');
    await station('leader-9-replay');
  }, 300_000);
}
