import { generateSync } from 'otplib';
import { press } from '../../support/browser.js';
import { type Journeys, LAPTOP, type Person, signIn } from '../../support/journey.js';

const ME = { name: 'Mai Thu Cúc', login: 'thu-cuc', password: 'đồng lúa chín vàng cuối hạ' };

/** An organiser of the province, from the first link to a campaign and a promotion that run. */
export function organiserJourney(journeys: Journeys): void {
  let me: Person;
  let secret: string;

  it('an organiser comes in by a link, chooses a password and a second factor, and signs in with both', async () => {
    const admin = await journeys.person(LAPTOP, 'quan-tri');
    await admin.page.goto('/officers/invitations');
    await admin.page.fill('[name=name]', ME.name);
    await admin.page.selectOption('[name=organisation]', 'van-phong-binh-phuoc');
    await admin.page.selectOption('[name=role]', 'organiser');
    await admin.page.fill('[name=unit]', '70');
    await press(admin.page, 'form[action="/officers/invitations"] button.btn-primary');
    await admin.station('organiser-1-invited');
    const link = (await admin.page.textContent('.one-time-link code'))!.trim();

    me = await journeys.person(LAPTOP);
    await me.page.goto(new URL(link).pathname);
    await me.page.fill('[name=name]', ME.name);
    await me.page.fill('[name=login]', ME.login);
    await me.page.fill('[name=newPassword]', 'ngắn');
    await me.page.fill('[name=repeat]', 'khác');
    await press(me.page, 'main form button.btn-primary');
    expect(await me.page.inputValue('[name=login]')).toBe(ME.login);
    await me.station('organiser-2-password-refused');
    await me.page.fill('[name=newPassword]', ME.password);
    await me.page.fill('[name=repeat]', ME.password);
    await press(me.page, 'main form button.btn-primary');
    await me.page.fill('#field-login', ME.login);
    await me.page.fill('#field-password', ME.password);
    await press(me.page, 'main button.btn-primary');
    await me.station('organiser-3-account');

    await press(me.page, 'main a[href="/officers/account/second-factor"]');
    await me.station('organiser-4-second-factor');
    secret = (await me.page.textContent('.how-to code'))!.replace(/\s/g, '');
    await me.page.fill('[name=password]', ME.password);
    await me.page.fill('[name=code]', generateSync({ secret }));
    await press(me.page, 'main form button.btn-primary');
    await me.station('organiser-5-recovery-codes');
    const [recovery] = await me.page.locator('.recovery-codes code').allTextContents();
    await me.page.click('header details summary');
    await press(me.page, 'form[action="/officers/logout"] button');
    await signIn(me.page, ME.login, ME.password);
    expect(new URL(me.page.url()).pathname).toBe('/officers/login/code');
    await me.page.fill('[name=code]', recovery!);
    await press(me.page, 'main form button.btn-primary');
    await me.page.goto('/office');
    await me.station('organiser-6-desk');
  }, 300_000);

  it('an organiser makes a drive from the template, mends what the checklist names, publishes and amends', async () => {
    const { page, station } = me;
    await page.goto('/office/campaigns/new');
    await page.fill('[name=titleVi]', 'Chiến dịch cao điểm 92 ngày đêm năm 2023');
    await page.fill('[name=titleEn]', '92-day drive of 2023');
    await page.fill('[name=startsOn]', '2023-06-01');
    await page.fill('[name=unit]', '70');
    await page.uncheck('[name=kinds][value=department]');
    await station('drive-1-template');
    await press(page, 'main form button.btn-primary');
    const plan = new URL(page.url()).pathname;
    expect(plan).toMatch(/^\/office\/campaigns\/[^/]+$/);
    const members = await page
      .locator('main details:has(.unit-list)')
      .evaluateAll((groups) => groups.map((group) => group.querySelectorAll('li').length));
    expect(members).toEqual([11, 111]);

    await page.fill('[name="w.dung-han.districts"]', '12,5');
    await page.fill('[name="t.dung-han"]', '96');
    await press(page, 'form[action$="/weights"] button.btn-primary');
    const publish = page.locator('form[action$="/publication"] button');
    expect(await publish.isDisabled()).toBe(true);
    expect(await page.textContent('main')).toContain('102,5');
    await station('drive-2-weights-do-not-sum');
    await page.fill('[name="w.muc-do-hai-long.districts"]', '7,5');
    await press(page, 'form[action$="/weights"] button.btn-primary');
    await page.fill('form[action$="/decision"] [name=decisionRef]', '112/KH-UBND');
    await press(page, 'form[action$="/decision"] button');
    await station('drive-3-checklist');
    await press(page, 'main a[href$="/simulation"]');
    expect(await page.locator('table.board tbody tr').count()).toBe(11);
    await station('drive-4-simulator');
    await page.goto(plan);
    await press(page, 'form[action$="/publication"] button');
    expect(await page.locator('form[action$="/publication"]').count()).toBe(0);
    await station('drive-5-published');

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
    await station('drive-6-what-it-moves');
    await page.goto('/office/campaigns/92-ngay-dem');
    await press(page, 'form[action$="/amendment/removal"] button');
    await amend('chien-dich-cao-diem-92-ngay-dem-nam-2023', '60');
    await press(page, 'form[action$="/publication"] button');
    await station('drive-7-amended');
  }, 300_000);

  it('an organiser starts a promotion, narrows its terms, sets its prizes and invites a reporter', async () => {
    const { page, station } = me;
    await page.goto('/office/payments');
    await press(page, 'a[href="/office/promotions/new"]');
    const wanted = {
      titleVi: 'Không dùng tiền mặt, trúng quà năm 2024',
      titleEn: 'Cashless and lucky 2024',
      unit: '70',
      startsOn: '2024-01-01',
      endsOn: '2024-06-30',
      periodVi0: 'Kỳ quay thưởng thứ nhất',
      periodEn0: 'First draw',
      lastDay0: '2024-03-31',
      codeDigits: '13',
    };
    for (const [name, value] of Object.entries(wanted)) await page.fill(`[name="${name}"]`, value);
    await press(page, 'main form button.btn-primary');
    expect(await page.inputValue('[name=titleVi]')).toBe(wanted.titleVi);
    await station('promotion-1-refused');
    await page.fill('[name=codeDigits]', '6');
    await page.fill('[name=periodVi1]', 'Kỳ quay thưởng cuối');
    await page.fill('[name=periodEn1]', 'Last draw');
    await page.fill('[name=lastDay1]', '2024-06-30');
    await press(page, 'main form button.btn-primary');
    await station('promotion-2-terms');
    await page.fill('[name=minimumAmount]', '50.000');
    await page.fill('[name=capDay]', '2');
    await press(page, 'form[data-terms] button.btn-primary');
    await press(page, 'form[action$="/terms/publication"] button');
    await station('promotion-3-published');

    await page.goto('/office/draws/khong-dung-tien-mat-trung-qua-nam-2024/ky-1/plan');
    const draw = {
      title: 'Kỳ quay thưởng thứ nhất năm 2024',
      organizer: 'Văn phòng UBND tỉnh Bình Phước (ví dụ)',
      drawsAt: '2024-04-12T09:00',
      prizeVi0: 'Giải Nhất',
      prizeEn0: 'First prize',
      quantity0: '1',
      value0: '20.000.000',
      'dice-description-0': 'Hai mươi lần gieo xúc xắc mười mặt',
      password: ME.password,
      // The step after the present one: never used before, and within what clocks may differ.
      code: generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 }),
    };
    for (const [name, value] of Object.entries(draw)) await page.fill(`[name="${name}"]`, value);
    await station('promotion-4-draw-plan');
    await press(page, 'main form button.btn-primary');
    await station('promotion-5-draw-room');

    await page.goto('/officers/invitations');
    await page.fill('[name=name]', 'Lục Thanh Bình');
    await page.selectOption('[name=organisation]', 'ubnd-bu-dang');
    await page.fill('[name=unit]', '696');
    await press(page, 'form[action="/officers/invitations"] button.btn-primary');
    expect(await page.locator('.one-time-link code').count()).toBe(1);
    await station('promotion-6-reporter-invited');
  }, 300_000);

  it('an organiser sees how many of the payments there are would qualify under other terms', async () => {
    const { page, station } = await journeys.person(LAPTOP, 'to-chuc');
    await page.goto('/office/payments/bac-giang-2022/terms');
    const before = await page.textContent('[data-preview]');
    await page.fill('[name=minimumAmount]', '500.000');
    await page.waitForFunction(
      (old) => document.querySelector('[data-preview]')!.textContent !== old,
      before,
    );
    await station('promotion-7-preview');
  }, 120_000);
}
