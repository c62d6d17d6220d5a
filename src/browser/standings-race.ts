import { day, number } from '../platform/http/format.js';

/** The drive as a race: bars that grow and change places, day by day. The table below it says the same without a script. */
interface Race {
  readonly days: readonly string[];
  readonly units: readonly {
    readonly name: string;
    readonly scores: readonly (string | null)[];
    readonly places: readonly (number | null)[];
  }[];
}

const list = document.querySelector<HTMLOListElement>('#race');
const slider = document.querySelector<HTMLInputElement>('#race-day');
const button = document.querySelector<HTMLButtonElement>('#race-play');
const output = document.querySelector<HTMLOutputElement>('#race-on');
const SHOWN = 20;
const STEP = 350;

if (list && slider && button && output) {
  const race = JSON.parse(list.dataset.race ?? '{}') as Race;
  const locale = list.dataset.locale === 'en' ? 'en' : 'vi';
  const words = { play: button.textContent ?? '', stop: button.dataset.stop ?? '' };
  slider.max = String(race.days.length - 1);
  const show = (at: number) => {
    output.textContent = day(race.days[at] ?? '', locale);
    const rows = race.units
      .map(({ name, scores, places }) => ({ name, score: scores[at] ?? null, place: places[at] ?? null }))
      .filter(({ place }) => place !== null)
      .sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
      .slice(0, SHOWN);
    list.replaceChildren(...rows.map(bar));
  };
  const bar = ({ name, score, place }: { name: string; score: string | null; place: number | null }) => {
    const item = document.createElement('li');
    const meter = document.createElement('meter');
    meter.max = 100;
    meter.value = Number(score);
    meter.ariaLabel = name;
    const figure = score === null ? '' : number(score, locale);
    item.append(
      `${place}. ${name} `,
      Object.assign(document.createElement('strong'), { textContent: figure }),
      meter,
    );
    return item;
  };
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = words.play;
  };
  const tick = () => {
    const next = Number(slider.value) + 1;
    if (next >= race.days.length) return stop();
    slider.value = String(next);
    show(next);
  };
  button.addEventListener('click', () => {
    if (timer) return stop();
    if (Number(slider.value) >= race.days.length - 1) slider.value = '0';
    button.textContent = words.stop;
    timer = setInterval(tick, STEP) as unknown as number;
  });
  slider.addEventListener('input', () => show(Number(slider.value)));
  slider.value = slider.max;
  show(race.days.length - 1);
}
