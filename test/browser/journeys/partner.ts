import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import { DataSource } from 'typeorm';
import { PromotionPlans } from '../../../src/entries/promotion-plans.service.js';
import { TermsOffice } from '../../../src/entries/terms.service.js';
import { press, visit } from '../../support/browser.js';
import { DEMO_PASSWORD, type Journeys, LAPTOP, PROJECTOR } from '../../support/journey.js';
import { csv, TERMS } from '../../support/promotion.js';

const ROWS = 200_000;
const FAULTY = 200;
/** Every thousandth amount is in words, and all rows are of the one day whose digest is sent. */
const rows = (faulty: boolean) =>
  Array.from({ length: ROWS }, (_, at) => ({
    ref: `TT-${at}`,
    id: `0240${String(80 + (at % 19))}${String(at % 90_000).padStart(6, '0')}`,
    phone: `09${String(10_000_000 + (at % 90_000))}`,
    amount: faulty && at % (ROWS / FAULTY) === 7 ? 'năm mươi nghìn' : 50_000,
    at: `2024-01-15T${String(8 + (at % 10)).padStart(2, '0')}:15:00+07:00`,
  }));

/** The staff of the bank, with a colleague of the province. */
export function partnerJourney(journeys: Journeys): void {
  it('the bank sends 200,000 rows, leaves, comes back, mends what was wrong and sees the equation balance', async () => {
    await promotionOf2024(journeys);
    const { page, station } = await journeys.person(LAPTOP, 'ngan-hang');
    const desk = '/office/payments/thanh-toan-2024';
    const file = join(journeys.folder, 'giao-dich-15-01-2024.csv');
    writeFileSync(file, csv(rows(true)));
    await page.goto(desk);
    await station('bank-1-desk');
    await page.setInputFiles('form[data-upload] input[type=file]', file);
    await press(page, 'form[data-upload] button');
    await page.waitForSelector('[data-batch]');
    const batch = new URL(page.url()).pathname;
    await page.goto('/office');
    await page.goto(batch);
    await station('bank-2-progress');
    await page.waitForSelector('dl.facts', { timeout: 240_000 });
    const facts = async () =>
      (await page.locator('dl.facts dd').allTextContents()).map((text) => text.trim()).slice(0, 6);
    expect(await facts()).toEqual(['200.000', '199.800', '0', '200', '0', '199.800']);
    await station('bank-3-findings');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('a[href$="/findings.csv"]'),
    ]);
    const findings = readFileSync(await download.path(), 'utf8');
    expect(findings.trim().split('\r\n')).toHaveLength(1 + FAULTY);
    const mended = join(journeys.folder, 'dong-da-sua.csv');
    writeFileSync(mended, findings.replaceAll('năm mươi nghìn', '50000'));
    await dropped(page, 'form:has([name=corrects]) [data-drop]', mended);
    await press(page, 'form:has([name=corrects]) button');
    await page.waitForSelector('dl.facts', { timeout: 120_000 });
    expect(await facts()).toEqual(['200', '200', '0', '0', '0', '200']);
    await page.goto(`${desk}/completeness`);
    const digest = { day: '2024-01-15', count: '199.999', amount: String(ROWS * 50_000) };
    for (const [name, value] of Object.entries(digest)) await page.fill(`[name=${name}]`, value);
    await press(page, 'form[action$="/digests"] button');
    expect(await page.locator('.alert-danger').textContent()).toContain('15/01/2024');
    await station('bank-4-differs');
    for (const [name, value] of Object.entries({ ...digest, count: String(ROWS) }))
      await page.fill(`[name=${name}]`, value);
    await press(page, 'form[action$="/digests"] button');
    expect(await page.locator('.alert-danger').count()).toBe(0);
    await station('bank-5-balances');
  }, 600_000);

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

  it('a winner is called, recognised and given the prize, and the minutes are printed', async () => {
    const { page, station } = await journeys.person(LAPTOP, 'ngan-hang');
    await page.goto('/office/draws/bac-giang-2022/ky-2/winners');
    await station('prize-1-winners');
    await press(page, 'main table tbody tr:last-child a');
    const signed = async (form: string, fields: Record<string, string>) => {
      for (const [name, value] of Object.entries(fields))
        await page.fill(`form[action$="/${form}"] [name=${name}]`, value);
      const password = page.locator(`form[action$="/${form}"] [name=password]`);
      if ((await password.count()) > 0) await password.fill(DEMO_PASSWORD);
      await press(page, `form[action$="/${form}"] button`);
    };
    await signed('contacts', {});
    await station('prize-2-called');
    const id = new URL(page.url()).pathname.split('/').at(-1)!;
    await signed('identity', { number: await journeys.identityOf(Number(id)) });
    await page.check('form[action$="/consent"] [name=name]');
    await signed('consent', {});
    if ((await page.locator('form[action$="/tax"]').count()) > 0) {
      await page.check('form[action$="/tax"] [value=winner]');
      await signed('tax', {});
    }
    await signed('hand-over', { place: 'Hội trường Ngân hàng đồng hành' });
    await station('prize-3-handed-over');
    await press(page, 'a[href$="/papers/hand-over"]');
    await page.emulateMedia({ media: 'print' });
    await station('prize-4-minutes');
    expect(await page.textContent('main')).toContain('55.000.000 đồng (Năm mươi lăm triệu đồng)');
  }, 300_000);
}

/** A promotion of this January, started by the colleague of the province before the bank sends anything. */
async function promotionOf2024({ app }: Journeys): Promise<void> {
  const db = app.get(DataSource);
  const [unit] = await db.query<{ id: number }[]>(
    `select unit_id as id from unit_version where code = '24' and kind = 'province'`,
  );
  const days = { opensOn: '2024-01-01', closesOn: '2024-01-31' };
  await db.transaction(async (tx) => {
    const plan = {
      slug: 'thanh-toan-2024',
      titleVi: 'Thanh toán trực tuyến đầu năm 2024',
      titleEn: 'Paying online, early 2024',
      startsOn: days.opensOn,
      endsOn: days.closesOn,
      unitId: unit!.id,
      codes: { prefix: '', digits: 6, order: 'shuffled' as const },
      periods: [{ titleVi: 'Kỳ quay thưởng tháng 1', titleEn: 'January draw', lastDay: days.closesOn }],
      terms: { ...TERMS, ...days },
    };
    const { id } = await app.get(PromotionPlans).make(tx, plan, null);
    await app.get(TermsOffice).publish(tx, id, { ref: null, decidedOn: null, reason: null }, null);
  });
}

/** Lets a file fall onto a field, as from the desktop. */
async function dropped(page: Page, zone: string, path: string): Promise<void> {
  const file = { name: basename(path), text: readFileSync(path, 'utf8') };
  await page.$eval(
    zone,
    (element, { name, text }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], name, { type: 'text/csv' }));
      for (const type of ['dragenter', 'dragover', 'drop'])
        element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    },
    file,
  );
}
