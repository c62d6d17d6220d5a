import type { Plan, PlannedPrize } from '../draws/plan.js';

/** The eight prizes of the last draw. Only the special prize's value is known; the others are invented, and so is the first draw. */
const PRIZES: readonly PlannedPrize[] = [
  { id: 'third', nameVi: 'Giải Ba', nameEn: 'Third prize', quantity: 5, value: 2_000_000 },
  { id: 'second', nameVi: 'Giải Nhì', nameEn: 'Second prize', quantity: 1, value: 5_000_000 },
  { id: 'first', nameVi: 'Giải Nhất', nameEn: 'First prize', quantity: 1, value: 10_000_000 },
  {
    id: 'special',
    nameVi: 'Giải Đặc biệt (xe máy)',
    nameEn: 'Special prize (a motorbike)',
    quantity: 1,
    value: 55_000_000,
  },
];

/** Twenty dice, thrown before the audience: more than fifty bits that nobody knows beforehand. */
export const DICE = { id: 'xuc-xac', pattern: '^[1-6]{20}$' };

const COMMON = {
  organizer: 'Trung tâm Phục vụ hành chính công tỉnh Bắc Giang và Ngân hàng đồng hành (ví dụ)',
  registrationRef: null,
  method: 'ticket',
  winsPerHolder: 1,
  witnessesWanted: 2,
  objectionDays: 3,
  sources: [
    {
      id: DICE.id,
      kind: 'witness',
      description: 'Hai mươi viên xúc xắc do đại biểu gieo trước hội trường, đọc từ trái sang phải',
      pattern: DICE.pattern,
    },
  ],
} as const;

export const FIRST_DRAW: Plan = {
  ...COMMON,
  title: 'Quay thưởng kỳ 1: Thanh toán dịch vụ công, trúng ngàn quà tặng',
  place: 'Hội trường Trung tâm Phục vụ hành chính công tỉnh (ví dụ)',
  drawsAt: '2022-12-15T02:00:00Z',
  prizes: PRIZES.filter(({ id }) => id !== 'special'),
};

export const LAST_DRAW: Plan = {
  ...COMMON,
  title: 'Quay thưởng kỳ cuối: Thanh toán dịch vụ công, trúng ngàn quà tặng',
  place: 'Hội trường Trung tâm Phục vụ hành chính công tỉnh (ví dụ)',
  drawsAt: '2023-06-01T02:00:00Z',
  prizes: PRIZES,
};
