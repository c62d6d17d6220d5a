import { openTerms } from '../rules/eligibility/terms.js';
import { posted } from '../platform/http/form.js';
import { slugOf } from '../campaigns/slug.js';
import type { PromotionPlan } from './promotion-plan.js';

/** Lines of periods on the form. */
export const PERIOD_LINES = 6;

/** What stands in the form at first: one period, codes of five digits in an order nobody can foresee. */
export const BEGINNING: Record<string, string> = {
  codeDigits: '5',
  codeOrder: 'shuffled',
  periodVi0: 'Kỳ quay thưởng 1',
  periodEn0: 'First draw',
};

/** A plan out of a posted form. Its terms let every settled payment of its days in, to be narrowed before they are published. */
export function promotionFrom(body: unknown): PromotionPlan {
  const text = (name: string) => posted(body, name);
  const startsOn = text('startsOn');
  const endsOn = text('endsOn');
  const lines = Array.from({ length: PERIOD_LINES }, (_, at) => ({
    titleVi: text(`periodVi${at}`),
    titleEn: text(`periodEn${at}`),
    lastDay: text(`lastDay${at}`),
  }));
  const used = lines.findLastIndex(({ titleVi, titleEn, lastDay }) => titleVi || titleEn || lastDay);
  return {
    slug: slugOf(text('titleVi')),
    titleVi: text('titleVi'),
    titleEn: text('titleEn'),
    decisionRef: text('decisionRef') || undefined,
    startsOn,
    endsOn,
    codes: {
      prefix: text('codePrefix').toUpperCase(),
      digits: /^\d+$/.test(text('codeDigits')) ? Number(text('codeDigits')) : Number.NaN,
      order: text('codeOrder') === 'sequential' ? 'sequential' : 'shuffled',
    },
    periods: lines.slice(0, used + 1),
    terms: openTerms(startsOn, endsOn),
  };
}
