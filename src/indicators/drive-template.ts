import { daysAfter } from './copied-plan.js';
import type { IndicatorPlan, Plan } from './indicator-plan.js';

export interface DriveStart {
  readonly slug: string;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly startsOn: string;
  readonly decisionRef?: string;
  readonly unitId?: number;
  readonly parentSlug?: string;
  readonly unitsAsOf?: string;
  /** Participating units by group code: `districts`, `departments`, `communes`. */
  readonly units?: Readonly<Record<string, readonly number[]>>;
}

/** 92 days, both ends inclusive; targets are due two days after the end (02/9). */
const DAYS = 92;
const DUE_AFTER_END = 2;
const ALL = ['districts', 'departments', 'communes'] as const;

const GROUPS = [
  { code: 'districts', nameVi: 'Khối huyện, thị xã, thành phố', nameEn: 'Districts, towns and cities' },
  { code: 'departments', nameVi: 'Khối sở, ban, ngành', nameEn: 'Departments' },
  { code: 'communes', nameVi: 'Cụm xã, phường, thị trấn', nameEn: 'Communes, wards and townships' },
];

const BANDS = [
  { code: 'excellent', from: 90, nameVi: 'Xuất sắc', nameEn: 'Excellent' },
  { code: 'good', from: 80, nameVi: 'Tốt', nameEn: 'Good' },
  { code: 'fair', from: 70, nameVi: 'Khá', nameEn: 'Fair' },
  { code: 'average', from: 50, nameVi: 'Trung bình', nameEn: 'Average' },
  { code: 'weak', from: 0, nameVi: 'Yếu', nameEn: 'Weak' },
];

type Words = Pick<
  IndicatorPlan,
  | 'code'
  | 'nameVi'
  | 'nameEn'
  | 'numeratorVi'
  | 'numeratorEn'
  | 'denominatorVi'
  | 'denominatorEn'
  | 'measureVi'
  | 'measureEn'
>;
type Rest = Partial<IndicatorPlan> & {
  readonly weight: readonly [districts: string, departments: string, communes: string];
};

const DOSSIERS = { measureVi: 'hồ sơ', measureEn: 'dossiers', kind: 'flow' } as const;

/** The eight indicators. A weight of 0 leaves a group out; per group the weights sum to 100. */
const INDICATORS: readonly (Words & Rest)[] = [
  {
    code: 'dich-vu-phat-sinh',
    nameVi: 'Tỷ lệ dịch vụ công trực tuyến phát sinh hồ sơ',
    nameEn: 'Online services that received dossiers',
    numeratorVi: 'Dịch vụ công trực tuyến có phát sinh hồ sơ trực tuyến',
    numeratorEn: 'Online services with at least one online dossier',
    denominatorVi: 'Dịch vụ công trực tuyến thuộc thẩm quyền',
    denominatorEn: 'Online services under its authority',
    measureVi: 'dịch vụ',
    measureEn: 'services',
    kind: 'distinct',
    target: '80',
    weight: ['15', '20', '10'],
  },
  {
    code: 'ho-so-truc-tuyen',
    nameVi: 'Tỷ lệ hồ sơ tiếp nhận trực tuyến',
    nameEn: 'Dossiers received online',
    numeratorVi: 'Hồ sơ tiếp nhận trực tuyến',
    numeratorEn: 'Dossiers received online',
    denominatorVi: 'Hồ sơ tiếp nhận của dịch vụ công trực tuyến',
    denominatorEn: 'Dossiers received by online services',
    ...DOSSIERS,
    target: '50',
    minimumDenominator: 10,
    weight: ['20', '25', '20'],
  },
  {
    code: 'thanh-toan-truc-tuyen',
    nameVi: 'Tỷ lệ hồ sơ thanh toán trực tuyến',
    nameEn: 'Dossiers paid online',
    numeratorVi: 'Hồ sơ đã thanh toán trực tuyến',
    numeratorEn: 'Dossiers paid online',
    denominatorVi: 'Hồ sơ có nghĩa vụ tài chính',
    denominatorEn: 'Dossiers with a fee to pay',
    ...DOSSIERS,
    target: '30',
    minimumDenominator: 10,
    weight: ['15', '15', '10'],
  },
  {
    code: 'so-hoa-ket-qua',
    nameVi: 'Tỷ lệ số hóa hồ sơ, kết quả giải quyết',
    nameEn: 'Dossiers and results digitised',
    numeratorVi: 'Hồ sơ có thành phần và kết quả được số hóa',
    numeratorEn: 'Dossiers with digitised parts and result',
    denominatorVi: 'Hồ sơ đã giải quyết',
    denominatorEn: 'Dossiers resolved',
    ...DOSSIERS,
    target: '80',
    minimumDenominator: 10,
    weight: ['10', '15', '10'],
  },
  {
    code: 'dung-han',
    nameVi: 'Tỷ lệ hồ sơ giải quyết đúng hạn',
    nameEn: 'Dossiers resolved on time',
    numeratorVi: 'Hồ sơ giải quyết đúng hạn hoặc trước hạn',
    numeratorEn: 'Dossiers resolved on time or early',
    denominatorVi: 'Hồ sơ đã giải quyết',
    denominatorEn: 'Dossiers resolved',
    ...DOSSIERS,
    target: '98',
    minimumDenominator: 10,
    weight: ['10', '15', '15'],
  },
  {
    code: 'to-cong-nghe-so',
    nameVi: 'Tỷ lệ thôn, ấp, khu phố có tổ công nghệ số cộng đồng',
    nameEn: 'Hamlets and quarters with a community digital team',
    numeratorVi: 'Thôn, ấp, khu phố đã thành lập tổ',
    numeratorEn: 'Hamlets and quarters that have a team',
    denominatorVi: 'Tổng số thôn, ấp, khu phố',
    denominatorEn: 'All hamlets and quarters',
    measureVi: 'thôn, ấp, khu phố',
    measureEn: 'hamlets and quarters',
    kind: 'stock',
    target: '100',
    weight: ['10', '0', '15'],
  },
  {
    code: 'tai-khoan-dien-tu',
    nameVi: 'Tỷ lệ người dân trưởng thành có tài khoản dịch vụ công',
    nameEn: 'Adults with a public-service account',
    numeratorVi: 'Người dân trưởng thành có tài khoản',
    numeratorEn: 'Adults who have an account',
    denominatorVi: 'Người dân trưởng thành',
    denominatorEn: 'Adults',
    measureVi: 'người',
    measureEn: 'people',
    kind: 'stock',
    target: '50',
    weight: ['10', '0', '10'],
  },
  {
    code: 'muc-do-hai-long',
    nameVi: 'Tỷ lệ phiếu đánh giá hài lòng',
    nameEn: 'Answers that are satisfied',
    numeratorVi: 'Phiếu đánh giá hài lòng, rất hài lòng',
    numeratorEn: 'Answers satisfied or very satisfied',
    denominatorVi: 'Phiếu đánh giá nhận được',
    denominatorEn: 'Answers received',
    measureVi: 'phiếu',
    measureEn: 'answers',
    kind: 'flow',
    target: '90',
    minimumDenominator: 10,
    weight: ['10', '10', '10'],
  },
];

/** The 92-day drive with its 8 indicators, on the days and units of the reader's own. */
export function driveTemplate({ units = {}, ...start }: DriveStart): Plan {
  const endsOn = daysAfter(start.startsOn, DAYS - 1);
  return {
    ...start,
    kind: 'drive',
    endsOn,
    reportDueDays: 1,
    lockAfterDays: 7,
    approvalSteps: 1,
    phases: phases(start.startsOn, endsOn),
    groups: GROUPS.filter(({ code }) => units[code]?.length !== 0).map((group) => ({
      ...group,
      units: units[group.code] ?? [],
    })),
    rules: {
      totalPoints: 100,
      scoreDecimals: 2,
      tieRule: 'competition',
      minimumApplicable: '60',
      graceDays: 3,
      bands: BANDS,
    },
    indicators: INDICATORS.map((indicator) => indicatorOf(indicator, daysAfter(endsOn, DUE_AFTER_END))),
  };
}

function indicatorOf({ weight, ...words }: Words & Rest, targetDueOn: string): IndicatorPlan {
  const weights = Object.fromEntries(
    ALL.map((code, at) => [code, weight[at] ?? '0']).filter(([, value]) => value !== '0'),
  );
  return {
    form: 'ratio',
    kind: 'flow',
    denominatorMeasureVi: words.measureVi,
    decimals: 2,
    ...words,
    targetDueOn,
    weights,
  };
}

function phases(startsOn: string, endsOn: string) {
  return [
    {
      kind: 'launch' as const,
      titleVi: 'Phát động',
      titleEn: 'Launch',
      startsOn,
      endsOn: daysAfter(startsOn, 6),
    },
    {
      kind: 'interim-review' as const,
      titleVi: 'Sơ kết',
      titleEn: 'Interim review',
      startsOn: daysAfter(startsOn, 30),
      endsOn: daysAfter(startsOn, 34),
    },
    {
      kind: 'sprint' as const,
      titleVi: 'Nước rút 20 ngày',
      titleEn: 'Twenty-day sprint',
      startsOn: daysAfter(endsOn, -19),
      endsOn,
    },
    {
      kind: 'final-review' as const,
      titleVi: 'Tổng kết',
      titleEn: 'Final review',
      startsOn: daysAfter(endsOn, 1),
      endsOn: daysAfter(endsOn, 15),
    },
  ];
}
