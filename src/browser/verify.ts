import { parseKey } from '../rules/merkle/note.js';
import { type Cheat, CHEATS } from '../verify/lab.js';
import type { PageAnswer, PageTask, PageView, TrustText } from '../verify/page-view.js';
import { button, element } from './verify-elements.js';
import { mineElement, reportElement, section } from './verify-report.js';
import { text } from './verify-texts.js';

/** The page on which anybody checks a draw: on a server, or saved as one file inside the bundle. */
const place = document.getElementById('verify')!;
const form = element('div');
const outcome = element('div', { 'aria-live': 'polite' });
const tools = element('div');

let worker: Worker | undefined;
let view: PageView | undefined;

/**
 * The worker stands beside the page on a server, inside the page when it was saved. It is fetched with the page, so that
 * the network may be cut before a bundle is chosen.
 */
const inside = document.getElementById('verify-worker')?.textContent;
const program: Promise<Blob> = inside
  ? Promise.resolve(new Blob([inside], { type: 'text/javascript' }))
  : fetch(place.dataset.worker ?? '').then((file) => file.blob());

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
const ask = (task: PageTask) => worker?.postMessage(task);

async function open(files: readonly { name: string; file: Blob }[]): Promise<void> {
  const trust = readTrust();
  if (trust === 'bad' || files.length === 0) return;
  worker?.terminate();
  worker = new Worker(URL.createObjectURL(await program));
  worker.addEventListener('message', ({ data }: MessageEvent<PageAnswer>) => answer(data));
  worker.addEventListener('error', ({ message }) => answer({ kind: 'failed', detail: message }));
  tools.replaceChildren();
  ask({ kind: 'open', files, trust });
}

function answer(data: PageAnswer): void {
  if (data.kind === 'progress') return showProgress(data.stage, data.percent);
  if (data.kind === 'report') return showReport(data.view, data.cheats);
  if (data.kind === 'mine')
    return document.getElementById('verify-mine')?.replaceChildren(mineElement(data.mine));
  const [title, words] =
    data.kind === 'unusable'
      ? [text('verify.unusableTitle'), `${text(`verify.unusable.${data.code}`)} (${data.detail})`]
      : [text('verify.unusableTitle'), text('verify.failed', { detail: data.detail })];
  return warn(title, words);
}

function warn(title: string, words: string): void {
  const heading = element('h2', { class: 'alert-title', tabindex: '-1' }, title);
  outcome.replaceChildren(
    element('div', { class: 'alert alert-warning' }, element('div', {}, heading, element('p', {}, words))),
  );
  heading.focus();
}

function showProgress(stage: string, percent: number): void {
  const shown = outcome.querySelector('progress');
  const words = text(`verify.progress.${stage}`, { n: percent });
  if (shown && outcome.dataset.stage === stage) {
    shown.value = percent;
    shown.previousElementSibling!.textContent = words;
    return;
  }
  outcome.dataset.stage = stage;
  const bar = element('progress', { max: '100', value: String(percent), 'aria-label': words });
  const stop = button(text('verify.progress.stop'), () => {
    worker?.terminate();
    worker = undefined;
    warn(text('verify.unusableTitle'), text('verify.stopped'));
  });
  outcome.replaceChildren(element('div', { class: 'verify-progress' }, element('p', {}, words), bar, stop));
}

function showReport(shown: PageView, cheats: readonly Cheat[]): void {
  delete outcome.dataset.stage;
  view = shown;
  outcome.replaceChildren(reportElement(shown));
  tools.replaceChildren(mineForm(), lab(shown, cheats));
  if (!shown.cheat) outcome.querySelector<HTMLElement>('.alert-title')?.focus();
}

function mineForm(): HTMLElement {
  const input = element('input', {
    class: 'form-control',
    id: 'verify-code',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '32',
  });
  const shown = element('div', { id: 'verify-mine', role: 'status' });
  const made = element(
    'form',
    { class: 'verify-row' },
    element(
      'div',
      { class: 'field' },
      element('label', { class: 'form-label', for: 'verify-code' }, text('verify.mine.label')),
      input,
    ),
    element('button', { class: 'btn' }, text('verify.mine.button')),
  );
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    ask({ kind: 'mine', code: input.value.trim().toUpperCase() });
  });
  return section(text('verify.mine.title'), made, shown);
}

function lab({ cheat, checks }: PageView, cheats: readonly Cheat[]): HTMLElement {
  const names = checks
    .filter(({ count }) => count > 0)
    .map(({ code }) => text(`verify.finding.${code}.title`));
  const verdict =
    names.length > 0 ? text('verify.lab.caught', { names: names.join(' · ') }) : text('verify.lab.missed');
  const acts = CHEATS.filter((each) => cheats.includes(each)).map((each) => {
    const made = button(text(`verify.lab.act.${each}`), () => ask({ kind: 'cheat', cheat: each }), 'btn-sm');
    made.dataset.cheat = each;
    made.setAttribute('aria-pressed', String(each === cheat));
    return made;
  });
  const restore = button(
    text('verify.lab.restore'),
    () => ask({ kind: 'cheat', cheat: undefined }),
    'btn-sm btn-primary',
  );
  restore.dataset.cheat = 'none';
  return section(
    text('verify.lab.title'),
    element('p', {}, text('verify.lab.lead')),
    element('div', { class: 'verify-acts' }, ...acts, cheat !== undefined && restore),
    cheat !== undefined && element('p', { class: 'verify-caught', role: 'status' }, verdict),
  );
}

const picker = (label: string, attributes: Record<string, string | boolean>) => {
  const input = element('input', { type: 'file', class: 'visually-hidden', ...attributes });
  input.addEventListener('change', () => void open(chosen([...(input.files ?? [])])));
  const shown = button(label, () => input.click());
  return element('span', {}, input, shown);
};

/** One zip stays what it is; files of a folder keep their place in it. */
const chosen = (files: readonly File[]) =>
  files.map((file) => ({ name: file.webkitRelativePath || file.name, file }));

function dropZone(): HTMLElement {
  const zone = element(
    'div',
    { class: 'verify-drop' },
    element('p', { class: 'verify-drop-title' }, text('verify.drop.label')),
    element('p', { class: 'form-hint' }, text('verify.drop.hint')),
    element(
      'div',
      { class: 'verify-acts' },
      picker(text('verify.drop.choose'), {
        id: 'verify-file',
        accept: '.zip',
        'aria-label': text('verify.drop.choose'),
      }),
      picker(text('verify.drop.folder'), {
        id: 'verify-folder',
        webkitdirectory: true,
        'aria-label': text('verify.drop.folder'),
      }),
    ),
  );
  zone.querySelectorAll('button')[0]?.classList.add('btn-primary');
  zone.addEventListener('dragover', (event) => event.preventDefault());
  for (const kind of ['dragenter', 'dragleave', 'drop'])
    zone.addEventListener(kind, () => zone.classList.toggle('verify-over', kind === 'dragenter'));
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    void open(chosen([...(event.dataTransfer?.files ?? [])]));
  });
  return zone;
}

function trustForm(): HTMLElement {
  return element(
    'details',
    { class: 'verify-keys' },
    element('summary', {}, text('verify.keys.summary')),
    element(
      'div',
      { class: 'field' },
      element('label', { class: 'form-label', for: 'verify-keys' }, text('verify.keys.label')),
      element('span', { class: 'form-hint', id: 'verify-keys-hint' }, text('verify.keys.hint')),
      element('p', { class: 'field-finding', id: 'verify-keys-bad', role: 'alert' }),
      element('textarea', {
        class: 'form-control',
        id: 'verify-keys',
        rows: '3',
        spellcheck: 'false',
        'aria-describedby': 'verify-keys-hint',
      }),
    ),
    element(
      'div',
      { class: 'field' },
      element('label', { class: 'form-label', for: 'verify-needed' }, text('verify.keys.needed')),
      element('input', {
        class: 'form-control',
        id: 'verify-needed',
        type: 'number',
        min: '0',
        max: '20',
        value: '1',
      }),
    ),
  );
}

function readTrust(): TrustText | 'bad' | undefined {
  const area = form.querySelector<HTMLTextAreaElement>('#verify-keys')!;
  const keys = area.value.split('\n').flatMap((line) => line.trim() || []);
  const bad = keys.find((line) => !parseKey(line));
  form.querySelector('#verify-keys-bad')!.textContent =
    bad === undefined ? '' : text('verify.keys.bad', { line: bad.slice(0, 60) });
  if (bad !== undefined) return 'bad';
  const witnessesNeeded = Number(form.querySelector<HTMLInputElement>('#verify-needed')!.value);
  return keys.length === 0 ? undefined : { keys, witnessesNeeded };
}

function start(): void {
  form.replaceChildren(dropZone(), trustForm());
  place.replaceChildren(form, outcome, tools);
  for (const made of document.querySelectorAll<HTMLElement>('[data-text]'))
    made.textContent = text(made.dataset.text!);
  if (view) showReport(view, CHEATS);
}

/** In the saved page a button changes the language; on a server the layout does. */
document.getElementById('verify-language')?.addEventListener('click', () => {
  document.documentElement.lang = document.documentElement.lang === 'en' ? 'vi' : 'en';
  start();
});
start();
