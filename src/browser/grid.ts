/** The day's grid: arrows and Enter move, a block is pasted from a spreadsheet, faults show beside the cell, drafts keep themselves. */
const form = document.querySelector<HTMLFormElement>('[data-grid]');
const words = document.querySelector<HTMLElement>('[data-words]')?.dataset ?? {};
const english = document.documentElement.lang === 'en';
const rows = [...(form?.querySelectorAll<HTMLTableRowElement>('tr[data-row]') ?? [])];
const cells = rows.map((row) => [...row.querySelectorAll<HTMLInputElement>('input[data-part]')]);

/** The figure as written here: 25.392 in Vietnamese, 25,392 in English; undefined when it is no number. */
function figureOf(text: string): number | undefined {
  const bare = text.replace(/\s/g, '');
  const shape = english ? /^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/ : /^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/;
  if (!shape.test(bare)) return undefined;
  return Number(english ? bare.replaceAll(',', '') : bare.replaceAll('.', '').replace(',', '.'));
}

const filled = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

function judge(row: HTMLTableRowElement): void {
  const part = (name: string) => row.querySelector<HTMLInputElement>(`input[data-part="${name}"]`);
  const [n, d] = [part('n'), part('d')];
  const note = row.querySelector<HTMLElement>('.grid-note');
  const typed = [n, d, part('v')].filter(
    (input) => input !== null && input.value.trim() !== '',
  ) as HTMLInputElement[];
  const figures = typed.map((input) => figureOf(input.value));
  const [top, bottom] = [figureOf(n?.value ?? ''), figureOf(d?.value ?? '')];
  const rate = row.querySelector<HTMLOutputElement>('[data-rate]');
  if (rate)
    rate.textContent =
      top !== undefined && bottom ? percent(top, bottom, Number(rate.dataset.decimals ?? 2)) : '–';
  if (!note) return;
  const odd = typed.find((input, at) => !within(input.dataset.expected, figures[at]));
  const said = figures.includes(undefined)
    ? words.number
    : figures.some((figure) => (figure ?? 0) < 0)
      ? words.negative
      : top !== undefined && bottom !== undefined && top > bottom
        ? words.above
        : odd && filled(words.jump ?? '', { range: rangeText(odd.dataset.expected ?? '') });
  note.textContent = said ?? '';
  row.dataset.remark = said ? 'yes' : 'no';
}

const plain = new Intl.NumberFormat(english ? 'en' : 'vi');
const rangeText = (range: string) =>
  range
    .split('-')
    .map((figure) => plain.format(Number(figure)))
    .join(' … ');

function within(range: string | undefined, figure: number | undefined): boolean {
  const [from, to] = (range ?? '').split('-').map(Number);
  return !range || figure === undefined || (figure >= (from ?? 0) && figure <= (to ?? Infinity));
}

/** A preview only; what is printed and ranked is computed exactly by the server. */
function percent(top: number, bottom: number, decimals: number): string {
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return `${new Intl.NumberFormat(english ? 'en' : 'vi', options).format((100 * top) / bottom)}%`;
}

function place(input: EventTarget | null): [number, number] | undefined {
  for (const [at, row] of cells.entries()) {
    const column = row.indexOf(input as HTMLInputElement);
    if (column >= 0) return [at, column];
  }
  return undefined;
}

function go(row: number, column: number): void {
  const target = cells[row]?.[Math.min(column, (cells[row]?.length ?? 1) - 1)];
  target?.focus();
  target?.select();
}

function move(event: KeyboardEvent): void {
  const at = place(event.target);
  if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = { ArrowDown: 1, Enter: event.shiftKey ? -1 : 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  go(at[0] + step, at[1]);
}

function paste(event: ClipboardEvent): void {
  const at = place(event.target);
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (!at || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  for (const [down, line] of text.replace(/\r/g, '').replace(/\n$/, '').split('\n').entries())
    for (const [right, value] of line.split('\t').entries()) {
      const input = cells[at[0] + down]?.[at[1] + right];
      if (input) input.value = value.trim();
    }
  rows.forEach(judge);
  keepSoon();
}

let timer: ReturnType<typeof setTimeout> | undefined;
function keepSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void keep(), 1500);
}

async function keep(): Promise<void> {
  if (!form?.dataset.draft) return;
  const body = new URLSearchParams(
    [...new FormData(form)].map(([name, value]) => [name, String(value as string)]),
  );
  const said = form.querySelector<HTMLElement>('[data-saved]');
  const answer = await fetch(form.dataset.draft, { method: 'POST', body }).catch(() => undefined);
  if (said) said.textContent = (answer?.ok ? words.kept : words.lost) ?? '';
}

form?.addEventListener('keydown', move);
form?.addEventListener('paste', paste);
form?.addEventListener('submit', () => clearTimeout(timer));
form?.addEventListener('input', ({ target }) => {
  const row = (target as HTMLElement).closest<HTMLTableRowElement>('tr[data-row]');
  if (!row) return;
  judge(row);
  keepSoon();
});
for (const row of rows) {
  const note = row.querySelector('.grid-note')?.textContent?.trim();
  const kept = note;
  judge(row);
  if (kept) row.querySelector('.grid-note')!.textContent = kept;
}
