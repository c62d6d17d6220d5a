import type { INestApplicationContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DemoAccounts } from '../officers/demo-accounts.service.js';
import { type NewOrganisation, Organisations } from '../officers/organisations.service.js';
import type { Role } from '../platform/http/access.js';
import { at } from './at.js';
import { unitIds } from './units-step.js';

/** Everybody's, and told on the sign-in page. */
export const PASSWORD = 'thi-dua-demo-2022';

const ORGANISATIONS: readonly NewOrganisation[] = [
  { code: 'van-phong-binh-phuoc', name: 'Văn phòng UBND tỉnh Bình Phước (ví dụ)', kind: 'administration' },
  { code: 'ubnd-bu-dang', name: 'UBND huyện Bù Đăng (ví dụ)', kind: 'administration' },
  {
    code: 'ttphcc-bac-giang',
    name: 'Trung tâm Phục vụ hành chính công tỉnh Bắc Giang (ví dụ)',
    kind: 'administration',
  },
  { code: 'ngan-hang', name: 'Ngân hàng đồng hành (ví dụ)', kind: 'bank' },
  { code: 'hoi-nguoi-tieu-dung', name: 'Hội Bảo vệ người tiêu dùng (ví dụ)', kind: 'association' },
  { code: 'thanh-tra', name: 'Thanh tra tỉnh Bắc Giang (ví dụ)', kind: 'oversight' },
];

interface DemoOfficer {
  readonly login: string;
  readonly name: string;
  readonly organisation: string;
  readonly role: Role;
  /** Code of the unit at whose head the right begins; none: everywhere. */
  readonly unit?: string;
}

/** Invented people, at least one for every role. */
export const OFFICERS: readonly DemoOfficer[] = [
  { login: 'quan-tri', name: 'Lý Gia Quân', organisation: 'van-phong-binh-phuoc', role: 'administrator' },
  {
    login: 'dieu-hanh',
    name: 'Đỗ Minh Hà',
    organisation: 'van-phong-binh-phuoc',
    role: 'organiser',
    unit: '70',
  },
  { login: 'bu-dang', name: 'Tạ Thu Oanh', organisation: 'ubnd-bu-dang', role: 'reporter', unit: '696' },
  { login: 'to-chuc', name: 'Giáp Hải Yến', organisation: 'ttphcc-bac-giang', role: 'organiser', unit: '24' },
  { login: 'ngan-hang', name: 'Khổng Đức Vinh', organisation: 'ngan-hang', role: 'partner', unit: '24' },
  {
    login: 'nhan-chung',
    name: 'Chu Thanh Tâm',
    organisation: 'hoi-nguoi-tieu-dung',
    role: 'witness',
    unit: '24',
  },
  { login: 'thanh-tra', name: 'Dương Bảo Khánh', organisation: 'thanh-tra', role: 'auditor' },
];

export async function addOfficers(app: INestApplicationContext, tx: EntityManager): Promise<void> {
  const organisations = app.get(Organisations, { strict: false });
  const accounts = app.get(DemoAccounts, { strict: false });
  const idOf = await unitIds(tx);
  await at(app, '2022-05-23T01:00:00Z', async () => {
    const ids = new Map<string, number>();
    for (const organisation of ORGANISATIONS)
      ids.set(organisation.code, await organisations.ensure(tx, organisation));
    for (const { login, name, organisation, role, unit } of OFFICERS) {
      const officer = { login, name, organisationId: ids.get(organisation) ?? 0, password: PASSWORD };
      await accounts.add(tx, officer, [{ role, unitId: unit ? idOf(unit) : null }]);
    }
  });
}
