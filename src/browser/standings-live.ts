/** An open board follows the readings: what changed is fetched as the page it is, and put in the place of the old one. */
const board = document.querySelector<HTMLElement>('[data-live-campaign]');
const PAUSE = 400;

if (board) {
  const id = board.dataset.liveCampaign ?? '';
  let waiting = 0;
  const refresh = async () => {
    waiting = 0;
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = fresh.querySelector('[data-live-campaign]');
    if (next && !board.contains(document.activeElement)) board.replaceChildren(...next.childNodes);
  };
  const soon = () => {
    waiting ||= setTimeout(() => void refresh(), PAUSE) as unknown as number;
  };
  for (const topic of [`readings:${id}`, `contest:${id}`]) {
    const source = new EventSource(`/live/${topic}`);
    source.addEventListener('message', soon);
    source.addEventListener('missed', soon);
  }
}
