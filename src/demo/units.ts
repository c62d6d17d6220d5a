import { BAC_GIANG } from './bac-giang.js';
import { BINH_PHUOC } from './binh-phuoc.js';
import { csv } from './csv.js';

/** The provincial departments of the drive. The names are those every province had; the codes are the example's own. */
const DEPARTMENTS = `
70-SCT|Sở Công Thương
70-SGDDT|Sở Giáo dục và Đào tạo
70-SGTVT|Sở Giao thông vận tải
70-SKHDT|Sở Kế hoạch và Đầu tư
70-SKHCN|Sở Khoa học và Công nghệ
70-SLDTBXH|Sở Lao động - Thương binh và Xã hội
70-SNV|Sở Nội vụ
70-SNNPTNT|Sở Nông nghiệp và Phát triển nông thôn
70-STC|Sở Tài chính
70-STNMT|Sở Tài nguyên và Môi trường
70-STTTT|Sở Thông tin và Truyền thông
70-STP|Sở Tư pháp
70-SVHTTDL|Sở Văn hóa, Thể thao và Du lịch
70-SXD|Sở Xây dựng
70-SYT|Sở Y tế
70-BQLKKT|Ban Quản lý Khu kinh tế
70-BDT|Ban Dân tộc
`;

export interface ListedUnit {
  readonly code: string;
  readonly level: 'province' | 'district' | 'commune' | 'department';
  readonly type: string;
  readonly fullName: string;
  readonly parent: string;
  readonly validFrom: string;
  readonly validTo: string;
}

const LEVELS = { 2: 'province', 3: 'district', 5: 'commune' } as const;
const REFORM = '2025-07-01';

function listed(line: string): ListedUnit {
  const [code = '', fullName = '', parent = '70', validFrom = '', validTo = REFORM] = line.split('|');
  const level = LEVELS[code.length as 2 | 3 | 5] ?? 'department';
  const type = /^(Tỉnh|Thành phố|Thị xã|Thị trấn|Huyện|Phường|Xã|Sở|Ban)/.exec(fullName)?.[0] ?? '';
  return {
    code,
    level,
    type: type === 'Thành phố' ? 'Thành phố thuộc tỉnh' : type,
    fullName,
    parent,
    validFrom,
    validTo,
  };
}

/** Every unit the example uses, each with the days it bore that name. */
export const UNITS: readonly ListedUnit[] = [BINH_PHUOC, DEPARTMENTS, BAC_GIANG]
  .flatMap((list) => list.trim().split('\n'))
  .map(listed);

/** Units of the drive, by the names of its first day. */
export const unitsOfDrive = (level: ListedUnit['level']): ListedUnit[] =>
  UNITS.filter((unit) => unit.level === level && unit.validFrom === '' && isInBinhPhuoc(unit));

function isInBinhPhuoc({ code, parent }: ListedUnit): boolean {
  return (
    code === '70' || parent === '70' || UNITS.some((unit) => unit.code === parent && unit.parent === '70')
  );
}

/** The history as `thidua units import` reads it. */
export function unitFile(): string {
  const header = ['code', 'level', 'type', 'full_name', 'parent_code', 'valid_from', 'valid_to'];
  return csv(
    header,
    UNITS.map((unit) => [
      unit.code,
      unit.level,
      unit.type,
      unit.fullName,
      unit.parent,
      unit.validFrom,
      unit.validTo,
    ]),
  );
}
