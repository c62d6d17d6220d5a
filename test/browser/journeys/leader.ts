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
    await page.goto('/campaigns/92-ngay-dem/replay');
    await station('leader-5-replay');
  }, 300_000);
}
