import type { Page } from 'playwright-core';
import { press, visit } from '../../support/browser.js';
import { DEMO_PASSWORD, type Journeys, LAPTOP, PROJECTOR } from '../../support/journey.js';

/** The staff of the bank, with a colleague of the province. */
export function partnerJourney(journeys: Journeys): void {
  it('the last draw is thrown, drawn, certified and published by two offices', async () => {
    const room = '/office/draws/bac-giang-2022/ky-2';
    const thrown = '13515431512522652633';
    const organiser = await journeys.person(LAPTOP, 'to-chuc');
    const partner = await journeys.person(LAPTOP, 'ngan-hang');
    const act = async ({ page }: { page: Page }, form: string, value?: string) => {
      await visit(page, room);
      if (value) await page.fill(`form[action$="/${form}"] [name=value]`, value);
      await page.fill(`form[action$="/${form}"] [name=password]`, DEMO_PASSWORD);
      await press(page, `form[action$="/${form}"] button`);
    };
    await organiser.page.goto(room);
    await organiser.station('draw-1-room');
    await act(organiser, 'sources', thrown);
    await act(partner, 'sources', thrown);
    await act(organiser, 'draw');
    await organiser.station('draw-2-drawn');
    await act(organiser, 'recomputation');
    await act(organiser, 'certification');
    await act(partner, 'certification');
    await act(organiser, 'publication');
    await organiser.station('draw-3-published');
    const hall = await journeys.person(PROJECTOR);
    await hall.page.goto('/draws/bac-giang-2022/ky-2/hall');
    await hall.station('draw-4-hall');
    await hall.page.goto('/draws/bac-giang-2022/ky-2');
    expect(await hall.page.locator('table.winners tbody tr').count()).toBe(8);
    await hall.station('draw-5-public');
  }, 300_000);
}
