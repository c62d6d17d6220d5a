/** What the terms would mean for the payments we have, while they are being typed. */
const form = document.querySelector<HTMLFormElement>('form[data-terms]');
const shown = document.querySelector<HTMLElement>('[data-preview]');
let waiting: ReturnType<typeof setTimeout> | undefined;
let asked = 0;

form?.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => void show(), 400);
});

async function show(): Promise<void> {
  if (!form || !shown) return;
  const mine = ++asked;
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  const answer = await fetch(shown.dataset.preview!, { method: 'POST', body });
  if (!answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  shown.replaceChildren(...(page.querySelector('#preview')?.childNodes ?? []));
}
