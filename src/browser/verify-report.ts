import type { Mine, PageView, ShownResult } from '../verify/page-view.js';
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
    `${sound ? '✓' : '✗'} ${text(sound ? 'sound' : 'unsound')}`,
  );
  const words = sound ? text('soundText') : text('unsoundText', { n: total });
  const time = `${text('facts.time')}: ${text('facts.seconds', { n: Math.round(milliseconds / 100) / 10 })}`;
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
        count === 0 ? `✓ ${text('checks.ok')}` : `✗ ${text('checks.bad')}`,
      ),
      element('span', {}, text(`finding.${code}.title`)),
    ),
  );
  return section(text('checks.title'), element('ul', { class: 'verify-checks' }, ...rows));
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
      element('h3', {}, `${text(`finding.${code}.title`)}: ${text('checks.bad').toLowerCase()}`),
      element('p', {}, text(`finding.${code}.meaning`)),
      ...shown.map(({ where, published, computed }) =>
        pairs([
          [text('findings.where'), where],
          [text('findings.published'), hash(published)],
          [text('findings.computed'), hash(computed)],
        ]),
      ),
      more > 0 && element('p', {}, text('findings.more', { n: more })),
      element('p', { class: 'verify-small' }, element('code', {}, code)),
    );
  });
  return section(text('findings.title'), ...blocks);
}

function facts({ rules, facts: known }: PageView): HTMLElement {
  const names = known.witnesses.join(', ') || text('facts.nobody');
  return section(
    text('facts.draw'),
    pairs([
      [text('facts.draw'), rules ? `${rules.title} (${rules.draw})` : '–'],
      [text('facts.organizer'), rules?.organizer ?? '–'],
      [text('facts.method'), rules ? text(`method.${rules.method}`) : '–'],
      [text('facts.size'), written(known.size)],
      [text('facts.root'), hash(known.root)],
      [text('facts.rulesHash'), hash(known.rulesHash)],
      [text('facts.seed'), hash(known.seed)],
      [text('facts.witnesses'), text('facts.of', { names, n: known.witnessesNeeded })],
      [text('facts.keys'), text(`facts.keysFrom.${known.keysFrom}`)],
      [text('facts.files'), text(known.filesListed ? 'facts.filesYes' : 'facts.filesNo')],
    ]),
  );
}

function winners({ results, rules }: PageView): HTMLElement[] {
  const prizeName = (id: string) => rules?.prizes.find((prize) => prize.id === id)?.name ?? id;
  return results.map((result, at) =>
    section(
      at === 0 ? text('winners.title') : text('winners.replacement', { n: at }),
      winnersTable(result, prizeName),
      result.more > 0 && element('p', {}, text('winners.more', { n: result.more })),
    ),
  );
}

function winnersTable({ winners: rows }: ShownResult, prizeName: (id: string) => string): HTMLElement {
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
  const head = heads.map((name) => element('th', { scope: 'col' }, text(`winners.${name}`)));
  const table = element(
    'table',
    { class: 'table' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
  return element(
    'div',
    { class: 'verify-wide', tabindex: '0', role: 'region', 'aria-label': text('winners.title') },
    table,
  );
}

/** What one code came to. */
export function mineElement({ code, listed, number, cutoff, prize, position }: Mine): HTMLElement {
  if (!listed) return element('p', {}, text('mine.absent'));
  if (number === undefined) {
    const state = prize ? text('mine.stateWon', { prize }) : text('mine.stateLost');
    return element('p', {}, text('mine.shuffled', { state }));
  }
  const verdict = prize
    ? text('mine.won', { prize, position: position ?? 0 })
    : text('mine.lost', { cutoff: cutoff ?? '–' });
  return element(
    'div',
    {},
    element('p', { class: 'verify-hash' }, text('mine.number', { code, number })),
    element('p', { class: 'verify-hash' }, verdict),
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
