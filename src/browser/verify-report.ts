import type { Mine, PageView, ShownResult } from '../verify/page-view.js';
import { detailText, whereText } from '../verify/detail.js';
import { element, hash } from './verify-elements.js';
import { text, written } from './verify-texts.js';

/** The verdict, the facts, each check, what differs, the recomputed winners. */
export function reportElement(view: PageView): HTMLElement {
  return element(
    'div',
    { class: 'verify-report' },
    verdict(view),
    checks(view),
    findings(view),
    facts(view),
    ...winners(view),
  );
}

function verdict({ sound, total, facts: { milliseconds } }: PageView): HTMLElement {
  const title = element(
    'h2',
    { class: 'alert-title', tabindex: '-1' },
    `${sound ? '✓' : '✗'} ${text(sound ? 'verify.sound' : 'verify.unsound')}`,
  );
  const words = sound ? text('verify.soundText') : text('verify.unsoundText', { n: total });
  const time = `${text('verify.facts.time')}: ${text('verify.facts.seconds', { n: Math.round(milliseconds / 100) / 10 })}`;
  return element(
    'div',
    { class: `alert verify-verdict ${sound ? 'alert-success' : 'alert-danger'}`, role: 'status' },
    element('div', {}, title, element('p', {}, words), element('p', { class: 'verify-small' }, time)),
  );
}

function checks(view: PageView): HTMLElement {
  const rows = view.checks.map(({ code, count }) =>
    element(
      'li',
      { class: count === 0 ? 'verify-ok' : 'verify-bad', 'data-check': code },
      element(
        'span',
        { class: `status ${count === 0 ? 'status-good' : 'status-late'}` },
        count === 0 ? `✓ ${text('verify.checks.ok')}` : `✗ ${text('verify.checks.bad')}`,
      ),
      element('span', {}, text(`verify.finding.${code}.title`)),
    ),
  );
  return section(text('verify.checks.title'), element('ul', { class: 'verify-checks' }, ...rows));
}

function findings(view: PageView): HTMLElement | undefined {
  const codes = view.checks.filter(({ count }) => count > 0);
  if (codes.length === 0) return undefined;
  const blocks = codes.map(({ code, count }) => {
    const shown = view.findings.filter((finding) => finding.code === code);
    const more = count - shown.length;
    return element(
      'article',
      { class: 'verify-finding' },
      element(
        'h3',
        {},
        `${text(`verify.finding.${code}.title`)}: ${text('verify.checks.bad').toLowerCase()}`,
      ),
      element('p', {}, text(`verify.finding.${code}.meaning`)),
      ...shown.map(({ where, published, computed }) =>
        pairs([
          [text('verify.findings.where'), whereText(where, text)],
          [text('verify.findings.published'), hash(detailText(published, text))],
          [text('verify.findings.computed'), hash(detailText(computed, text))],
        ]),
      ),
      more > 0 && element('p', {}, text('verify.findings.more', { n: more })),
      element('p', { class: 'verify-small' }, element('code', {}, code)),
    );
  });
  return section(text('verify.findings.title'), ...blocks);
}

function facts({ rules, facts: known }: PageView): HTMLElement {
  const names = known.witnesses.join(', ') || text('verify.facts.nobody');
  return section(
    text('verify.facts.draw'),
    pairs([
      [text('verify.facts.draw'), rules ? `${rules.title} (${rules.draw})` : '–'],
      [text('verify.facts.organizer'), rules?.organizer ?? '–'],
      [text('verify.facts.method'), rules ? text(`verify.method.${rules.method}`) : '–'],
      [text('verify.facts.size'), written(known.size)],
      [text('verify.facts.root'), hash(known.root)],
      [text('verify.facts.rulesHash'), hash(known.rulesHash)],
      [text('verify.facts.seed'), hash(known.seed)],
      [text('verify.facts.witnesses'), text('verify.facts.of', { names, n: known.witnessesNeeded })],
      [text('verify.facts.keys'), text(`verify.facts.keysFrom.${known.keysFrom}`)],
      [
        text('verify.facts.files'),
        text(known.filesListed ? 'verify.facts.filesYes' : 'verify.facts.filesNo'),
      ],
    ]),
  );
}

function winners({ results, rules }: PageView): HTMLElement[] {
  const prizeName = (id: string) => rules?.prizes.find((prize) => prize.id === id)?.name ?? id;
  const title = (at: number) =>
    at === 0 ? text('verify.winners.title') : text('verify.winners.replacement', { n: at });
  return results.map((result, at) =>
    section(
      title(at),
      winnersTable(result, prizeName, title(at)),
      result.more > 0 && element('p', {}, text('verify.winners.more', { n: result.more })),
    ),
  );
}

function winnersTable(
  { winners: rows }: ShownResult,
  prizeName: (id: string) => string,
  title: string,
): HTMLElement {
  const numbered = rows.some(({ number }) => number !== undefined);
  const heads = ['prize', 'place', 'code', 'position', ...(numbered ? ['number'] : [])];
  const cells = (row: ShownResult['winners'][number]) => [
    prizeName(row.prize),
    written(row.place),
    element('strong', { class: 'verify-code' }, row.code),
    written(row.position),
    ...(numbered
      ? [element('code', { class: 'verify-number', title: row.number }, `${row.number?.slice(0, 16)}…`)]
      : []),
  ];
  const body = rows.map((row) => element('tr', {}, ...cells(row).map((cell) => element('td', {}, cell))));
  const head = heads.map((name) => element('th', { scope: 'col' }, text(`verify.winners.${name}`)));
  const table = element(
    'table',
    { class: 'table' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
  return element('div', { class: 'verify-wide', tabindex: '0', role: 'region', 'aria-label': title }, table);
}

/** What one code came to. */
export function mineElement({ code, listed, number, cutoff, prize, position }: Mine): HTMLElement {
  if (!listed) return element('p', {}, text('verify.mine.absent'));
  if (number === undefined) {
    const state = prize ? text('verify.mine.stateWon', { prize }) : text('verify.mine.stateLost');
    return element('p', {}, text('verify.mine.shuffled', { state }));
  }
  const words = prize
    ? text('verify.mine.won', { prize, position: position ?? 0 })
    : text('verify.mine.lost', { cutoff: cutoff ?? '–' });
  return element(
    'div',
    {},
    element('p', { class: 'verify-hash' }, text('verify.mine.number', { code, number })),
    element('p', { class: 'verify-hash' }, words),
  );
}

function pairs(rows: readonly (readonly [string, string | Node])[]): HTMLElement {
  return element(
    'dl',
    { class: 'verify-facts' },
    ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}

export function section(title: string, ...children: (Node | string | undefined | false)[]): HTMLElement {
  return element(
    'section',
    { class: 'card' },
    element('div', { class: 'card-body' }, element('h2', { class: 'card-title' }, title), ...children),
  );
}
