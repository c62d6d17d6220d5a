import { dayOfNumber } from '../rules/calendar/day.js';
import { explainScore, type Explanation } from '../rules/scoring/explanation.js';
import { withTarget, type Row } from '../rules/scoring/standings.js';
import { cellKey } from './contest.js';
import type { Cut } from './cut.js';

/** One line as the template writes it: the sentence's key, its figures, its lines below. */
export interface ExplainedPart extends Explanation {
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly numerator: { readonly vi: string; readonly en: string };
  readonly denominator: { readonly vi: string | null; readonly en: string | null };
  readonly share: boolean;
  readonly legalBasis: string | null;
  readonly dueOn: string | null;
  readonly exemption: { readonly reason: string; readonly on: string | null } | null;
}

/** The tree under a score, with the words of each indicator and the clause it stands on. */
export function explained(cut: Cut, row: Row): { score: Explanation; parts: ExplainedPart[] } {
  const { contest } = cut;
  const targets = Object.fromEntries(
    contest.indicators.flatMap(({ code }) => {
      const own = contest.targets.get(cellKey(row.unit, code));
      return own ? [[code, own]] : [];
    }),
  );
  const plan = {
    ...contest.plan,
    indicators: contest.plan.indicators.map((rule) => withTarget(rule, targets[rule.code])),
  };
  const score = explainScore(plan, row);
  const parts = score.parts.flatMap((part) => {
    const indicator = contest.indicators.find(({ code }) => code === part.terms['indicator']);
    if (!indicator) return [];
    return [
      {
        ...part,
        code: indicator.code,
        nameVi: indicator.nameVi,
        nameEn: indicator.nameEn,
        numerator: { vi: indicator.numeratorVi, en: indicator.numeratorEn },
        denominator: { vi: indicator.denominatorVi, en: indicator.denominatorEn },
        share: indicator.rule.measure === 'share',
        legalBasis: indicator.legalBasis,
        dueOn: indicator.rule.target && dayOfNumber(indicator.rule.target.dueOn),
        exemption: contest.exemptions.get(cellKey(row.unit, indicator.code)) ?? null,
      },
    ];
  });
  return { score, parts };
}
