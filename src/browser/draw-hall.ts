/**
 * The screen in the hall. It shows what the transcript says and nothing else. The host's screen holds the whole transcript and
 * goes on when the network does not; all others follow what the host lets out.
 */
interface Step {
  prizeVi: string;
  prizeEn: string;
  place: number;
  length: number;
  code: string;
  name?: string;
  locality?: string;
  ticket?: string;
}
interface Transcript {
  state: string;
  seed?: string;
  shown: number;
  total: number;
  paused: boolean;
  steps: Step[];
}

const stage = document.querySelector<HTMLElement>('.hall-stage')!;
const { source, cues, slug, replacement, draw, csrf, locale } = stage.dataset;
const isHost = stage.dataset.host === 'yes';
const part = (name: string) => stage.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
let transcript: Transcript | undefined;
let shown = 0;
let paused = false;
let isReplay = false;
let timer: number | undefined;
let unsent = false;

async function load(): Promise<void> {
  const response = await fetch(source!, { headers: { accept: 'application/json' } });
  transcript = (await response.json()) as Transcript;
  if (!isReplay && !(isHost && unsent)) ({ shown, paused } = transcript);
  render();
}

/** How many digits of each place are out when `count` are out altogether; the place that is open now. */
function place(count: number): { index: number; out: number } {
  let left = count;
  const steps = transcript?.steps ?? [];
  for (const [index, { length }] of steps.entries()) {
    if (left <= length && (left > 0 || index === 0)) return { index, out: left };
    left -= length;
  }
  return { index: Math.max(0, steps.length - 1), out: steps.at(-1)?.length ?? 0 };
}

function render(): void {
  if (!transcript) return;
  const { steps, total, seed } = transcript;
  const isOpen = total > 0 && (shown > 0 || isHost);
  const { index, out } = place(shown);
  const step = steps[index];
  part('before').hidden = isOpen;
  if (step && isOpen) renderStep(step, out);
  part('paused').hidden = !paused;
  part('done').hidden = !(total > 0 && shown >= total);
  part('seed').textContent = seed && shown > 0 ? seed : '';
  renderList(index, out);
  part('controls').hidden = !(isHost || (total > 0 && transcript.state === 'published'));
  part('progress').textContent = `${shown} / ${total}`;
  part('offline').hidden = !unsent;
}

function renderStep(step: Step, out: number): void {
  const name = locale === 'en' ? step.prizeEn : step.prizeVi;
  part('prize').textContent = `${name} ${step.place}`;
  const boxes = Array.from({ length: step.length }, (_, at) => {
    const box = document.createElement('span');
    box.textContent = at < out ? (step.code[at] ?? '') : '·';
    if (at === out - 1) box.className = 'fresh';
    return box;
  });
  part('code').replaceChildren(...boxes);
  part('code').setAttribute('aria-label', step.code.slice(0, out));
  const whole = out === step.length;
  part('winner').textContent = whole ? [step.name, step.locality].filter(Boolean).join(' · ') : '';
  part('ticket').textContent = whole && step.ticket ? `SHA-256: ${step.ticket}` : '';
}

function renderList(index: number, out: number): void {
  const done = (transcript?.steps ?? []).filter(
    (step, at) => at < index || (at === index && out === step.length),
  );
  const lines = done
    .slice(-12)
    .toReversed()
    .map((step) => {
      const line = document.createElement('li');
      const texts = [
        locale === 'en' ? step.prizeEn : step.prizeVi,
        step.code,
        step.name ?? '',
        step.locality ?? '',
      ];
      line.append(
        ...texts.map((text, at) => {
          const piece = document.createElement(at === 1 ? 'strong' : 'span');
          piece.textContent = text;
          return piece;
        }),
      );
      return line;
    });
  part('list').replaceChildren(...lines);
}

let isSending = false;

/** The host tells the others, one word at a time; when nobody hears it, the ceremony goes on and the last word is sent later. */
async function tell(): Promise<void> {
  if (!cues || !isHost || isReplay || isSending) return;
  isSending = true;
  const said = { shown: String(shown), paused: paused ? 'yes' : '' };
  const body = new URLSearchParams({ draw: slug!, replacement: replacement!, ...said });
  const sent = await fetch(cues, { method: 'POST', body, headers: { 'x-csrf-token': csrf! } }).then(
    ({ ok }) => ok,
    () => false,
  );
  isSending = false;
  unsent = !sent;
  part('offline').hidden = sent;
  const isLast = said.shown === String(shown) && said.paused === (paused ? 'yes' : '');
  if (!sent) setTimeout(() => void tell(), 2000);
  else if (!isLast) void tell();
}

function next(): void {
  if (!transcript || shown >= transcript.total) return stop();
  shown++;
  paused = false;
  render();
  void tell();
}
function stop(): void {
  clearInterval(timer);
  timer = undefined;
}
const acts: Record<string, () => void> = {
  next,
  auto: () => {
    if (timer !== undefined) return stop();
    next();
    timer = window.setInterval(next, 1100);
  },
  pause: () => {
    stop();
    paused = !paused;
    render();
    void tell();
  },
  /** On this screen alone: what was let out in the hall stays let out. */
  replay: () => {
    stop();
    isReplay = true;
    shown = 0;
    paused = false;
    render();
  },
  full: () =>
    void (document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen()),
};

for (const button of stage.querySelectorAll<HTMLButtonElement>('[data-do]'))
  button.addEventListener('click', () => acts[button.dataset.do!]!());
document.addEventListener('keydown', ({ key, target }) => {
  const keys: Record<string, string> = {
    ' ': 'next',
    ArrowRight: 'next',
    PageDown: 'next',
    a: 'auto',
    p: 'pause',
    r: 'replay',
    f: 'full',
  };
  if (part('controls').hidden || (key === ' ' && (target as HTMLElement).matches('button'))) return;
  acts[keys[key] ?? '']?.();
});

if (stage.dataset.rehearsal !== 'yes') {
  const events = new EventSource(`/live/draw:${draw}`);
  events.addEventListener('message', ({ data }) => {
    const told = JSON.parse(data as string) as { cue?: number; act?: string };
    if (told.cue === undefined && transcript?.total === 0) location.reload();
    else if (!isHost || told.cue === undefined) void load();
  });
  events.addEventListener('missed', () => void load());
}
for (const clock of stage.querySelectorAll<HTMLElement>('[data-until]')) {
  const until = Date.parse(clock.dataset.until ?? '');
  setInterval(() => {
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    clock.textContent = `${Math.floor(left / 3600)}:${String(Math.floor(left / 60) % 60).padStart(2, '0')}:${String(left % 60).padStart(2, '0')}`;
  }, 500);
}
void load();
