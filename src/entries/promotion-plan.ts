import type { CampaignPlan } from '../campaigns/campaign-plan.js';
import { type CodeFormat, formatFaults } from '../rules/eligibility/code.js';
import type { Terms } from '../rules/eligibility/terms.js';
import type { Finding } from '../platform/http/input-error.js';

/** A promotion before its first day: its frame, how its codes are written, when its lists close, what earns a code. */
export interface PromotionPlan extends Omit<CampaignPlan, 'kind' | 'phases' | 'groups'> {
  readonly codes: Pick<CodeFormat, 'prefix' | 'digits' | 'order'>;
  /** In order of time; each begins where the one before ends, the first with the promotion. */
  readonly periods: readonly PeriodPlan[];
  /** The first version of the terms; a draft until somebody publishes it. */
  readonly terms: Terms;
}

export interface PeriodPlan {
  readonly titleVi: string;
  readonly titleEn: string;
  /** Last day whose payments stand on the list, `2022-11-30`. */
  readonly lastDay: string;
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** The last moment of a day in Viet Nam is the first of the next. */
const endOf = (day: string) => new Date(Date.parse(`${day}T00:00:00+07:00`) + 86_400_000);

export interface Span {
  readonly startsAt: Date;
  readonly cutoffAt: Date;
}

/** From the first moment of the first day, period after period without a gap. */
export function spansOf({ startsOn, periods }: Pick<PromotionPlan, 'startsOn' | 'periods'>): Span[] {
  const first = new Date(`${startsOn}T00:00:00+07:00`);
  return periods.map(({ lastDay }, at) => ({
    startsAt: at === 0 ? first : endOf(periods[at - 1]!.lastDay),
    cutoffAt: endOf(lastDay),
  }));
}

/** What is wrong with the periods: none, unnamed, out of order, or payments of the last days that no draw would take. */
export function periodFaults({ startsOn, endsOn, periods }: PromotionPlan): Finding[] {
  const findings: Finding[] = [];
  const fault = (field: string, code: string, got: string, expected: string) =>
    findings.push({ field, code: `entries.findings.period.${code}`, got, expected });
  if (periods.length === 0) fault('lastDay0', 'missing', '', endsOn);
  for (const [at, { titleVi, titleEn, lastDay }] of periods.entries()) {
    const after = at === 0 ? startsOn : periods[at - 1]!.lastDay;
    if (!titleVi) fault(`periodVi${at}`, 'title', '', 'Kỳ quay thưởng 1');
    if (!titleEn) fault(`periodEn${at}`, 'title', '', 'First draw');
    if (!DAY.test(lastDay)) fault(`lastDay${at}`, 'day', lastDay, endsOn);
    else if (lastDay < after || (at > 0 && lastDay === after)) fault(`lastDay${at}`, 'order', lastDay, after);
  }
  const last = periods.at(-1);
  if (last && DAY.test(last.lastDay) && last.lastDay !== endsOn)
    fault(`lastDay${periods.length - 1}`, 'end', last.lastDay, endsOn);
  return findings;
}

/** What is wrong with the way codes are to be written. */
export const codeFaults = (codes: PromotionPlan['codes']): Finding[] =>
  formatFaults(codes).map((name) => ({
    field: name === 'prefix' ? 'codePrefix' : 'codeDigits',
    code: `entries.findings.code.${name}`,
    got: Number.isNaN(codes[name]) ? '' : codes[name],
    expected: name === 'prefix' ? 'BG' : 5,
  }));
