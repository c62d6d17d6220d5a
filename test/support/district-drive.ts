import { driveTemplate } from '../../src/indicators/drive-template.js';
import { Plans } from '../../src/indicators/plans.service.js';
import type { TestApp } from './app.js';
import { report, type Figure } from './standings.js';

const SLUG = 'cao-diem-cap-huyen';
const FIRST = '2022-06-01';
/** Usual figures of a district's day, per indicator: what is counted, of how many. */
const USUAL = {
  'dich-vu-phat-sinh': [21, 60],
  'ho-so-truc-tuyen': [40, 100],
  'thanh-toan-truc-tuyen': [12, 50],
  'so-hoa-ket-qua': [45, 80],
  'dung-han': [70, 80],
  'to-cong-nghe-so': [30, 90],
  'tai-khoan-dien-tu': [9000, 40_000],
  'muc-do-hai-long': [16, 20],
} as const;

/** A drive of the example's districts on its thirteenth morning: eleven days are in, the twelfth is due. */
export async function districtDrive(app: TestApp): Promise<string> {
  app.clock.set('2022-06-01T00:30:00Z');
  const units = await app.db.query<{ id: number; code: string }[]>(
    `select unit_id as id, code from units_on($1) where kind = 'district' and parent_id = (select unit_id from units_on($1) where code = '70') order by code`,
    [FIRST],
  );
  const plan = driveTemplate({
    slug: SLUG,
    titleVi: 'Đợt cao điểm của các huyện',
    titleEn: 'Drive of the districts',
    startsOn: FIRST,
    decisionRef: '171/KH-UBND',
    units: { districts: units.map(({ id }) => id), departments: [], communes: [] },
  });
  const campaignId = await app.db.transaction(async (tx) => {
    const { id } = await app.get(Plans).create(tx, plan, null);
    await app.get(Plans).publish(tx, SLUG, null);
    return id;
  });
  app.clock.set('2022-06-13T00:30:00Z');
  const figures = units.flatMap(({ code }, at) =>
    Object.entries(USUAL).flatMap(([indicator, [n, d]]) =>
      Array.from({ length: 11 }, (_, day): Figure => {
        const on = `2022-06-${String(day + 1).padStart(2, '0')}`;
        return [code, indicator, on, n + ((at * 7 + day) % 5), d];
      }),
    ),
  );
  await report(app, { slug: SLUG, campaignId, unit: {} }, figures);
  return SLUG;
}
