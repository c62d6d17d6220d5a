import type { Participant } from '../campaigns/campaigns.queries.js';
import type { Finding } from '../platform/http/input-error.js';
import type { IndicatorPlan, IndicatorStart } from './indicator-plan.js';
import { decimal } from './plan-edits.service.js';

/** What a form keeps in lines of text, one thing a line, so that a column of a spreadsheet can be pasted. */
export interface Lines {
  readonly milestones: string;
  readonly starts: string;
  readonly curveSteps: string;
}

export interface ReadLines {
  readonly plan: Pick<IndicatorPlan, 'milestones' | 'starts' | 'curveSteps'>;
  readonly findings: readonly Finding[];
}

const FIGURE = /^-?\d{1,12}([.,]\d{1,6})?$/;
const EXAMPLE = { milestones: '01/7/2022; 60', starts: '688; 12,5; 80', curveSteps: '80; 100' };

/** `01/7/2022; 60` is a milestone, `688; 12,5; 80` a unit's own baseline and target, `80; 100` a step of the curve. */
export function readLines(lines: Lines, participants: readonly Participant[]): ReadLines {
  const findings: Finding[] = [];
  const each = <T>(field: keyof Lines, read: (cells: string[]) => T | undefined): T[] =>
    lines[field]
      .split('\n')
      .map((line) => line.trim())
      .flatMap((line, at) => {
        if (line === '') return [];
        const found = read(line.split(/[;\t]/).map((cell) => cell.trim()));
        if (found === undefined)
          findings.push({
            field,
            row: at + 1,
            code: 'indicators.findings.line',
            got: line,
            expected: EXAMPLE[field],
          });
        return found === undefined ? [] : [found];
      });
  const plan = {
    milestones: each('milestones', ([day = '', value = '']) => {
      const dueOn = dayOf(day);
      return dueOn && FIGURE.test(value) ? { dueOn, value: decimal(value) } : undefined;
    }),
    starts: each('starts', (cells) => startOf(cells, participants)),
    curveSteps: each('curveSteps', ([from = '', points = '']) =>
      FIGURE.test(from) && FIGURE.test(points)
        ? { from: Number(decimal(from)), points: Number(decimal(points)) }
        : undefined,
    ),
  };
  return { plan, findings };
}

function startOf(
  [code = '', baseline = '', target = '']: string[],
  participants: readonly Participant[],
): IndicatorStart | undefined {
  const unit = participants.find((one) => one.code === code || one.fullName === code);
  const right = [baseline, target].every((figure) => figure === '' || FIGURE.test(figure));
  if (!unit || !right || (baseline === '' && target === '')) return undefined;
  const figure = (text: string) => (text === '' ? undefined : decimal(text));
  return { unitId: unit.unitId, baseline: figure(baseline), target: figure(target) };
}

function dayOf(text: string): string | undefined {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const iso = year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text;
  return /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(iso) ? iso : undefined;
}

/** The lines of a plan, as its form shows them. A start by counts keeps its counts: it is not shown here. */
export function linesOf(
  { milestones = [], starts = [], curveSteps = [] }: Partial<IndicatorPlan>,
  participants: readonly Participant[],
  write: { readonly day: (on: string) => string; readonly number: (figure: string) => string },
): Lines {
  const code = (id: number) => participants.find(({ unitId }) => unitId === id)?.code ?? String(id);
  return {
    milestones: milestones
      .map(({ dueOn, value }) => `${write.day(dueOn)}; ${write.number(value)}`)
      .join('\n'),
    starts: starts
      .filter(({ numerator }) => numerator === undefined || numerator === null)
      .map(({ unitId, baseline, target }) =>
        [code(unitId), baseline ? write.number(baseline) : '', target ? write.number(target) : ''].join('; '),
      )
      .join('\n'),
    curveSteps: curveSteps
      .map(({ from, points }) => `${write.number(String(from))}; ${write.number(String(points))}`)
      .join('\n'),
  };
}
