/** The control room and the public page: counts down to the beacon, and shows what others did without losing what was typed. */
const room = document.querySelector<HTMLElement>('[data-draw]');

for (const clock of document.querySelectorAll<HTMLElement>('[data-until]')) {
  const until = Date.parse(clock.dataset.until ?? '');
  const tick = () => {
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
    clock.textContent = parts.map((part) => String(part).padStart(2, '0')).join(':');
  };
  tick();
  setInterval(tick, 1000);
}

if (room) {
  const isTyping = () =>
    [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('main input, main textarea')].some(
      (box) => box.type !== 'hidden' && box.value !== box.defaultValue,
    );
  const refresh = () => {
    if (!isTyping()) location.reload();
    else document.documentElement.dataset.stale = 'yes';
  };
  const events = new EventSource(`/live/draw:${room.dataset.draw}`);
  events.addEventListener('message', ({ data }) => {
    if ((JSON.parse(data as string) as { cue?: unknown }).cue === undefined) refresh();
  });
  events.addEventListener('missed', refresh);
}
