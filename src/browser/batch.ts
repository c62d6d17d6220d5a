/** How far an import is, as the server tells it; when it is over, the page is read anew. */
interface Told {
  state: string;
  percent?: number;
  rows?: number;
  rate?: number;
  left?: number | null;
}

const page = document.querySelector<HTMLElement>('[data-batch]');
const bar = document.querySelector<HTMLProgressElement>('[data-percent]');
const words = document.querySelector<HTMLElement>('[data-words]');
if (page && bar && words) {
  const figure = new Intl.NumberFormat(document.documentElement.lang === 'en' ? 'en' : 'vi');
  const source = new EventSource(`/live/batch:${page.dataset.batch}`);
  source.addEventListener('message', ({ data }) => {
    const told = JSON.parse(String(data)) as Told;
    if (told.state !== 'running') return location.reload();
    bar.value = told.percent ?? 0;
    words.textContent = (words.dataset.template ?? '')
      .replace('%p', String(told.percent ?? 0))
      .replace('%r', figure.format(told.rows ?? 0))
      .replace('%s', figure.format(told.rate ?? 0))
      .replace('%l', told.left === null || told.left === undefined ? '…' : figure.format(told.left));
  });
  source.addEventListener('missed', () => location.reload());
  setTimeout(() => location.reload(), 30_000);
}
