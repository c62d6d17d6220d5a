import { press } from '../../support/browser.js';
import { districtDrive } from '../../support/district-drive.js';
import { type Journeys, LAPTOP } from '../../support/journey.js';

/** An officer of a district who reports. */
export function districtJourney(journeys: Journeys): void {
  afterEach(() => journeys.app.clock.free());

  it('a district officer types the day, corrects it, and reads the next day what came back', async () => {
    const { app } = journeys;
    const grid = `/office/readings/${await districtDrive(app)}`;
    const { page, station } = await journeys.person(LAPTOP, 'bu-dang');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    expect(await page.textContent('.today')).toContain('Ngày 12/6/2022: còn 8 chỉ tiêu');
    await station('district-1-today');
    await press(page, '.today .btn-primary >> nth=0');
    const cell = (row: number, part: 'n' | 'd') =>
      page.locator(`tr[data-row] >> nth=${row} >> [data-part=${part}]`);
    const part = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.part);
    while ((await part()) !== 'n') await page.keyboard.press('Tab');
    for (const text of ['23', '420', '13', '47', '99', '31', '9.010', '17']) {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    }
    for (let up = 0; up < 7; up++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Tab');
    for (const text of ['60', '100', '50', '80']) {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    }
    await page.evaluate(() => navigator.clipboard.writeText('72\t80\n310\t900\n9.020\t40.000\n16\t20\n'));
    await cell(4, 'n').focus();
    await page.keyboard.press('Control+V');
    expect(await cell(7, 'd').inputValue()).toBe('20');
    const warnings = page.locator('tr[data-remark=yes] .grid-note');
    expect(await warnings.allTextContents()).toEqual([
      'Tử số lớn hơn mẫu số.',
      expect.stringMatching(/^Khác thường so với những ngày gần đây/),
    ]);
    await page.waitForFunction(() => document.querySelector('[data-saved]')?.textContent === 'Đã lưu nháp.');
    await station('district-2-warnings');
    await page.reload();
    expect(await cell(1, 'n').inputValue()).toBe('420');
    await cell(1, 'n').fill('42');
    await cell(5, 'n').fill('31');
    await cell(5, 'd').fill('90');
    expect(await warnings.count()).toBe(0);
    await press(page, 'button[value=submit]');
    expect(await page.textContent('.alert-success')).toContain('Đã gửi 8 số liệu');
    await page.goto('/office');
    expect(await page.locator('.today >> nth=0 >> .today-place').textContent()).toMatch(/Hạng \d+ trên 11/);
    expect(await page.locator('.today >> nth=0 >> ol.today-list li').count()).toBe(3);
    await station('district-3-own-place');

    const organiser = await journeys.person(LAPTOP, 'dieu-hanh');
    await organiser.page.goto(`${grid}/approval`);
    for (const row of await organiser.page.locator('tbody [name=reading]').all()) await row.uncheck();
    await organiser.page.locator('tbody [name=reading] >> nth=0').check();
    await organiser.page.fill('[name=reason]', 'Tính cả hồ sơ nhận ở bưu điện');
    await press(organiser.page, 'button[value=return]');
    await organiser.station('district-4-returned');

    app.clock.set('2022-06-14T00:30:00Z');
    const next = await journeys.person(LAPTOP, 'bu-dang');
    expect(await next.page.textContent('.today')).toContain('Lý do: Tính cả hồ sơ nhận ở bưu điện');
    await next.station('district-5-next-day');
    await press(next.page, '.today >> nth=0 >> .today-list a >> nth=0');
    expect(await next.page.textContent('.grid-returned')).toContain('Tính cả hồ sơ nhận ở bưu điện');
    await next.station('district-6-correct');
  }, 300_000);
}
