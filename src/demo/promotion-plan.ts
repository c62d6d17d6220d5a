import type { PromotionPlan } from '../entries/promotion-plan.js';
import { openTerms, type Terms } from '../rules/eligibility/terms.js';
import { CHANNELS } from './payment-row.js';

export const PROMOTION = 'bac-giang-2022';

/**
 * The programme of Bắc Giang and a bank. Its name, its days, its two periods and the eight prizes of the last are those of
 * the real one; its rules, the prizes of the first period and all values but that of the special prize are invented.
 */
export const promotionPlan = (unitId: number): PromotionPlan => ({
  slug: PROMOTION,
  titleVi: 'Thanh toán dịch vụ công - Thuận tiện, dễ dàng - Trúng ngàn quà tặng',
  titleEn: 'Pay for public services: convenient, easy, a thousand gifts to win',
  decisionRef: '01/TL-VD',
  startsOn: '2022-08-01',
  endsOn: '2023-03-31',
  unitId,
  codes: { prefix: '', digits: 5, order: 'shuffled' },
  periods: [
    { titleVi: 'Kỳ quay thưởng 1', titleEn: 'First draw', lastDay: '2022-11-30' },
    { titleVi: 'Kỳ quay thưởng cuối', titleEn: 'Last draw', lastDay: '2023-03-31' },
  ],
  terms: TERMS,
});

export const TERMS: Terms = {
  ...openTerms('2022-08-01', '2023-03-31'),
  minimumAmount: 10_000,
  channels: [CHANNELS.national, CHANNELS.province],
  payerKinds: ['person'],
  caps: { payment: null, day: 1, period: 20, programme: null },
};
