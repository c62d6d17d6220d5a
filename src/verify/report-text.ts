import type { Report } from '../rules/draw/judge/judge.js';
import type { Messages } from '../platform/http/messages.js';
import type { Locale } from '../platform/http/format.js';
import { detailText, whereText } from './detail.js';

/** The report in words, for the terminal. */
export function reportText(report: Report, messages: Messages, locale: Locale): string {
  const say = (key: string, variables = {}) => messages.text(key, locale, variables);
  const total = [...report.counts.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...facts(report, say),
    '',
    total === 0 ? say('verify.command.sound') : say('verify.command.unsound', { n: total }),
    ...findings(report, say),
    '',
    `${say('verify.limits.title')}:`,
    ...['payment', 'people', 'dice', 'keys', 'partner'].map(
      (limit) => `  - ${say(`verify.limits.${limit}`)}`,
    ),
    '',
  ].join('\n');
}

type Say = (key: string, variables?: Record<string, unknown>) => string;

function facts({ rules, freeze, trust, ...report }: Report, say: Say): string[] {
  const names = freeze.witnesses.join(', ') || say('verify.facts.nobody');
  const rows: [string, string][] = [
    ['draw', rules ? `${rules.draw} · ${rules.title}` : '–'],
    ['organizer', rules?.organizer ?? '–'],
    ['method', rules ? say(`verify.method.${rules.method}`) : '–'],
    ['size', String(report.size)],
    ['root', report.root],
    ['rulesHash', report.rulesHash ?? '–'],
    ['seed', report.results[0]?.seed ?? '–'],
    ['witnesses', say('verify.facts.of', { names, n: trust.witnessesNeeded })],
    ['keys', say(`verify.facts.keysFrom.${report.keysFrom}`)],
    ['files', say(report.filesListed ? 'verify.facts.filesYes' : 'verify.facts.filesNo')],
  ];
  const winners = report.results.flatMap(({ winners: each }, at) =>
    each
      .slice(0, 20)
      .map(({ prize, place, code }) => `  ${at === 0 ? '' : `(${at}) `}${prize} ${place}: ${code}`),
  );
  return [
    ...rows.map(([name, value]) => `${say(`verify.facts.${name}`)}: ${value}`),
    `${say('verify.winners.title')}:`,
    ...winners,
  ];
}

function findings({ findings: found, counts }: Report, say: Say): string[] {
  const shown = new Map<string, number>();
  const lines = found.flatMap(({ code, where, published, computed }) => {
    const before = shown.get(code) ?? 0;
    shown.set(code, before + 1);
    if (before >= 5) return [];
    const meaning = before === 0 ? ['', `✗ ${code}: ${say(`verify.finding.${code}.meaning`)}`] : [];
    return [
      ...meaning,
      `  ${say('verify.findings.where')}: ${oneLine(whereText(where, say))}`,
      `    ${say('verify.findings.published')}: ${oneLine(detailText(published, say))}`,
      `    ${say('verify.findings.computed')}: ${oneLine(detailText(computed, say))}`,
    ];
  });
  const more = [...counts].filter(([, count]) => count > 5);
  return [
    ...lines,
    ...more.map(([code, count]) => `  ${code}: ${say('verify.findings.more', { n: count - 5 })}`),
  ];
}

/** What a stranger's file says may hold anything: control characters stay out of the terminal. */
const oneLine = (text: string) =>
  [...text].map((letter) => (letter < ' ' || (letter >= '\x7f' && letter < '\xa0') ? '·' : letter)).join('');
