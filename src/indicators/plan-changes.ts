import type { IndicatorVersion } from './indicators.queries.js';

/** One thing that an amendment changes: of which indicator, what, from what, to what. */
export interface PlanChange {
  readonly nameVi: string;
  readonly nameEn: string;
  readonly what: Changed;
  /** The group whose weight it is. */
  readonly group: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

const CHANGED = [
  'added',
  'removed',
  'name',
  'weight',
  'target',
  'operator',
  'due',
  'baseline',
  'baselineCounts',
  'own',
  'path',
  'curve',
  'minimum',
  'onNotApplicable',
  'onNoCases',
  'onFewCases',
  'onMissing',
  'counting',
] as const;
export type Changed = (typeof CHANGED)[number];

type Say = (one: IndicatorVersion) => unknown;
const SAYS: readonly [Changed, Say][] = [
  ['name', ({ nameVi, nameEn }) => `${nameVi} / ${nameEn}`],
  ['target', ({ target }) => target],
  ['operator', ({ targetOperator }) => targetOperator],
  ['due', ({ targetDueOn }) => targetDueOn],
  ['baseline', ({ baseline }) => baseline],
  [
    'baselineCounts',
    ({ baselineNumerator, baselineDenominator }) => `${baselineNumerator}/${baselineDenominator}`,
  ],
  [
    'own',
    ({ starts }) =>
      starts?.map(({ unitId, baseline, target }) => `${unitId}: ${baseline} → ${target}`).join('; '),
  ],
  [
    'path',
    ({ targetPath, milestones }) =>
      [targetPath, ...(milestones ?? []).map(({ dueOn, value }) => `${dueOn}: ${value}`)].join('; '),
  ],
  [
    'curve',
    ({ curve, curveSteps, bonusCap }) =>
      [curve, bonusCap, ...(curveSteps ?? []).map(({ from, points }) => `${from}: ${points}`)].join('; '),
  ],
  ['minimum', ({ minimumDenominator }) => minimumDenominator],
  ['onNotApplicable', ({ onNotApplicable }) => onNotApplicable],
  ['onNoCases', ({ onNoCases }) => onNoCases],
  ['onFewCases', ({ onFewCases }) => onFewCases],
  ['onMissing', ({ onMissing }) => onMissing],
  [
    'counting',
    ({ form, kind, direction, cadence, numeratorVi, denominatorVi }) =>
      [form, kind, direction, cadence, numeratorVi, denominatorVi].join('; '),
  ],
];

/** What a draft changes of the rules in force, indicator by indicator. */
export function planChanges(
  inForce: readonly IndicatorVersion[],
  draft: readonly IndicatorVersion[],
): PlanChange[] {
  const codes = [...new Set([...inForce, ...draft].map(({ code }) => code))];
  return codes.flatMap((code) => {
    const before = inForce.find((one) => one.code === code);
    const after = draft.find((one) => one.code === code);
    const named = after ?? before;
    if (!named) return [];
    const { nameVi, nameEn } = named;
    const line = (what: Changed, from: unknown, to: unknown, group: string | null = null): PlanChange[] =>
      same(from, to) ? [] : [{ nameVi, nameEn, what, group, from: text(from), to: text(to) }];
    if (!before || !after) return line(before ? 'removed' : 'added', before && '', after && '');
    const groups = [...new Set([...Object.keys(before.weights), ...Object.keys(after.weights)])];
    return [
      ...groups.flatMap((group) => line('weight', before.weights[group], after.weights[group], group)),
      ...SAYS.flatMap(([what, say]) => line(what, say(before), say(after))),
    ];
  });
}

const text = (value: unknown) => (value === undefined || value === null ? null : String(value as string));
const same = (a: unknown, b: unknown) => text(a) === text(b);
