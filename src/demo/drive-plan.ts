import type { IndicatorPlan, Plan } from '../indicators/indicator-plan.js';
import { BEFORE } from './drive-before.js';
import { FIRST } from './drive-days.js';
import { DRIVE_INDICATORS } from './drive-indicators.js';
import { driveTasks } from './drive-tasks.js';
import { unitsOfDrive } from './units.js';

export const MOVEMENT = 'chuyen-doi-so-2022-2025';
export const DRIVE = '92-ngay-dem';

const MOVEMENT_PHASES = [
  { kind: 'launch', titleVi: 'Phát động', titleEn: 'Launch', startsOn: '2022-05-26', endsOn: '2022-06-07' },
  {
    kind: 'interim-review',
    titleVi: 'Sơ kết',
    titleEn: 'Interim review',
    startsOn: '2023-10-01',
    endsOn: '2023-12-31',
  },
  {
    kind: 'final-review',
    titleVi: 'Tổng kết',
    titleEn: 'Final review',
    startsOn: '2025-10-01',
    endsOn: '2025-12-31',
  },
] as const;

/** The movement that the drive is part of: launched in 2022, reviewed late in 2023, closed late in 2025. It has no figures of its own. */
export const movementPlan = (unitIds: UnitIds): Omit<Plan, 'indicators'> => ({
  slug: MOVEMENT,
  kind: 'movement',
  titleVi: 'Phong trào thi đua chuyển đổi số tỉnh Bình Phước 2022-2025',
  titleEn: 'Digital transformation movement of Bình Phước 2022-2025',
  decisionRef: '162/KH-UBND',
  startsOn: '2022-05-26',
  endsOn: '2025-12-31',
  unitId: unitIds('70'),
  phases: MOVEMENT_PHASES,
});

const GROUPS = [
  {
    code: 'districts',
    level: 'district',
    nameVi: 'Khối huyện, thị xã, thành phố',
    nameEn: 'Districts, towns and cities',
  },
  { code: 'departments', level: 'department', nameVi: 'Khối sở, ban, ngành', nameEn: 'Departments' },
  {
    code: 'communes',
    level: 'commune',
    nameVi: 'Khối xã, phường, thị trấn',
    nameEn: 'Communes, wards and townships',
  },
  { code: 'province', level: 'province', nameVi: 'Toàn tỉnh', nameEn: 'The whole province' },
] as const;

const BANDS = [
  { code: 'excellent', from: 90, nameVi: 'Xuất sắc', nameEn: 'Excellent' },
  { code: 'good', from: 80, nameVi: 'Tốt', nameEn: 'Good' },
  { code: 'fair', from: 70, nameVi: 'Khá', nameEn: 'Fair' },
  { code: 'average', from: 50, nameVi: 'Trung bình', nameEn: 'Average' },
  { code: 'weak', from: 0, nameVi: 'Yếu', nameEn: 'Weak' },
];

const PHASES = [
  { kind: 'launch', titleVi: 'Phát động', titleEn: 'Launch', startsOn: FIRST, endsOn: '2022-06-07' },
  {
    kind: 'interim-review',
    titleVi: 'Sơ kết',
    titleEn: 'Interim review',
    startsOn: '2022-07-02',
    endsOn: '2022-07-08',
  },
  { kind: 'sprint', titleVi: 'Nước rút', titleEn: 'Sprint', startsOn: '2022-08-12', endsOn: '2022-08-31' },
  {
    kind: 'final-review',
    titleVi: 'Tổng kết',
    titleEn: 'Final review',
    startsOn: '2022-09-01',
    endsOn: '2022-09-15',
  },
] as const;

/** The id of the unit with this code on the first day of the drive. */
export type UnitIds = (code: string) => number;

export const drivePlan = (unitIds: UnitIds): Plan => ({
  slug: DRIVE,
  kind: 'drive',
  parentSlug: MOVEMENT,
  titleVi: 'Chiến dịch cao điểm 92 ngày đêm chuyển đổi số tỉnh Bình Phước',
  titleEn: '92-day digital transformation drive of Bình Phước',
  decisionRef: '170/KH-UBND',
  startsOn: FIRST,
  endsOn: '2022-08-31',
  unitId: unitIds('70'),
  reportDueDays: 31,
  lockAfterDays: 45,
  phases: PHASES,
  groups: GROUPS.map(({ level, ...group }) => ({
    ...group,
    units: unitsOfDrive(level).map(({ code }) => unitIds(code)),
  })),
  rules: { tieBreak: ['indicators-at-target', 'progress'], graceDays: 3, bands: BANDS },
  indicators: DRIVE_INDICATORS.map((indicator) => withStart(indicator, unitIds('70'))),
  tasks: driveTasks(unitIds),
});

/** What the province had before the drive, as its report printed it; all others begin at the figure of May 2022. */
function withStart(indicator: IndicatorPlan, unitId: number): IndicatorPlan {
  const start = BEFORE[indicator.code];
  return start ? { ...indicator, starts: [{ unitId, ...start }] } : indicator;
}
