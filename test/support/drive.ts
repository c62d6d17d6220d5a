import type { Plan } from '../../src/indicators/indicator-plan.js';
import { driveTemplate } from '../../src/indicators/drive-template.js';
import { Plans } from '../../src/indicators/plans.service.js';
import { UnitImporter } from '../../src/units/unit-import.js';
import type { TestApp } from './app.js';

const HEADER = 'code,level,type,full_name,parent_code';
/** Two districts with three communes each, and two departments. */
const UNITS = [
  '70,province,Tỉnh,Tỉnh Bình Phước,',
  '688,district,Thị xã,Thị xã Phước Long,70',
  '689,district,Thành phố thuộc tỉnh,Thành phố Đồng Xoài,70',
  '25216,commune,Phường,Phường Thác Mơ,688',
  '25217,commune,Phường,Phường Long Thủy,688',
  '25219,commune,Xã,Xã Tân Tiến,688',
  '25195,commune,Phường,Phường Tân Phú,689',
  '25198,commune,Phường,Phường Tân Đồng,689',
  '25201,commune,Xã,Xã Tân Tiến,689',
  'S01,department,Sở,Sở Nội vụ,70',
  'S02,department,Sở,Sở Tài chính,70',
];

export interface TestDrive {
  readonly slug: string;
  readonly campaignId: number;
  /** Unit ids by code. */
  readonly unit: Readonly<Record<string, number>>;
}

export async function makeUnits(app: TestApp): Promise<Record<string, number>> {
  const file = Buffer.from([HEADER, ...UNITS].join('\n'));
  await app.get(UnitImporter).import({ file, validFrom: '2022-01-01', commit: true, officer: null });
  const rows = await app.db.query<{ code: string; id: number }[]>(
    'select code, unit_id as id from unit_version',
  );
  return Object.fromEntries(rows.map(({ code, id }) => [code, id]));
}

/** A published 92-day drive on a small province; `change` bends the plan before it is made. */
export async function makeDrive(
  app: TestApp,
  change: (plan: Plan) => Plan = (plan) => plan,
  publish = true,
): Promise<TestDrive> {
  const unit = await makeUnits(app);
  const slug = `dot-${Math.random().toString(36).slice(2, 8)}`;
  const ids = (...codes: string[]) => codes.map((code) => unit[code] ?? 0);
  const plan = driveTemplate({
    slug,
    titleVi: 'Chiến dịch cao điểm 92 ngày đêm',
    titleEn: '92-day drive',
    startsOn: '2022-06-01',
    decisionRef: '170/KH-UBND',
    unitId: unit['70'],
    units: {
      districts: ids('688', '689'),
      departments: ids('S01', 'S02'),
      communes: ids('25216', '25217', '25219', '25195', '25198', '25201'),
    },
  });
  const campaignId = await app.db.transaction(async (tx) => {
    const { id } = await app.get(Plans).create(tx, change(plan), null);
    if (publish) await app.get(Plans).publish(tx, slug, null);
    return id;
  });
  return { slug, campaignId, unit };
}
