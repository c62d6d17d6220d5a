import { press } from '../../support/browser.js';
import { type Journeys, LAPTOP } from '../../support/journey.js';

/** An organiser of the province. */
export function organiserJourney(journeys: Journeys): void {
  it('an organiser makes a drive from the template, notes its decision, publishes and amends', async () => {
    const { page, station } = await journeys.person(LAPTOP, 'dieu-hanh');
    await station('organiser-1-desk');
    await page.goto('/office/campaigns/new');
    await page.fill('[name=titleVi]', 'Chiến dịch cao điểm 92 ngày đêm năm 2023');
    await page.fill('[name=titleEn]', '92-day drive of 2023');
    await page.fill('[name=startsOn]', '2023-06-01');
    await page.fill('[name=unit]', '70');
    await press(page, 'main form button.btn-primary');
    await page.waitForURL(/\/office\/campaigns\/[^/]+$/);
    await station('organiser-2-plan');
    expect(await page.locator('form[action$="/publication"] button').isDisabled()).toBe(true);
    await page.fill('[name=decisionRef]', '112/KH-UBND');
    await press(page, 'form[action$="/decision"] button');
    await press(page, 'form[action$="/publication"] button');
    await station('organiser-3-published');
    expect(await page.locator('form[action$="/publication"]').count()).toBe(0);
    const amend = async (slug: string, target: string) => {
      await page.goto(`/office/campaigns/${slug}`);
      await press(page, 'form[action$="/amendment"] button');
      await page.fill('[name="t.thanh-toan-truc-tuyen"]', target);
      await press(page, 'form[action$="/weights"] .btn-primary');
      await page.fill('[name=decisionRef]', '205/QĐ-UBND');
      await page.fill('[name=decidedOn]', '2023-07-01');
      await page.fill('[name=reason]', 'Điều chỉnh theo kết quả sơ kết');
      await press(page, 'form[action$="/amendment/decision"] button');
      expect(await page.textContent('main')).toContain('205/QĐ-UBND');
    };
    await amend('92-ngay-dem', '70');
    expect(await page.textContent('main')).toMatch(/\d+ trên 11 đơn vị thay đổi điểm hoặc hạng/);
    await station('organiser-4-what-it-moves');
    await page.goto('/office/campaigns/92-ngay-dem');
    await press(page, 'form[action$="/amendment/removal"] button');
    await amend('chien-dich-cao-diem-92-ngay-dem-nam-2023', '60');
    await press(page, 'form[action$="/publication"] button');
    await station('organiser-5-amended');
  }, 300_000);
}
