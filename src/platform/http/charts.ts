import Handlebars from 'handlebars';
import { day as dayText, number, percent, type Locale } from './format.js';

/**
 * Charts as SVG text, drawn on the server: they print, need no script, and take their colours from the style sheet
 * (no style attributes, so the content security policy holds). Each says in words what it shows; the table that
 * belongs beside it is the page's.
 */
export interface Point {
  day: string;
  value: number | string | null;
}
export interface Line {
  kind: 'actual' | 'target' | 'forecast' | 'other';
  label: string;
  points: Point[];
}
export interface LineChart {
  /** What the picture shows, in a sentence: the text alternative. */
  description: string;
  lines: Line[];
  band?: { day: string; low: number; high: number }[];
  stretches?: { from: string; to: string; label: string }[];
  /** Points worth a second look, drawn as open rings. */
  marks?: { day: string; value: number | string }[];
  unit: 'percent' | 'number';
  locale: Locale;
}
export type Kind = 'good' | 'watch' | 'late' | 'off' | 'fill';

const WIDTH = 720;
const HEIGHT = 300;
const EDGE = { left: 62, right: 16, top: 14, bottom: 34 };
const escape = (text: string) => Handlebars.escapeExpression(text);
const dayNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const dayOf = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10);
const at = (n: number) => String(Math.round(n * 10) / 10);

/** Figures over days: the path walked against the path agreed, with forecast and its band. */
export function lineChart(chart: LineChart): string {
  const days = [...chart.lines.flatMap((line) => line.points), ...(chart.band ?? [])].map(({ day }) =>
    dayNumber(day),
  );
  if (days.length === 0) return '';
  const values = [
    ...chart.lines.flatMap((line) =>
      line.points.flatMap(({ value }) => (value === null ? [] : [Number(value)])),
    ),
    ...(chart.band ?? []).flatMap(({ low, high }) => [low, high]),
  ];
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const ticks = niceTicks(Math.min(...values), Math.max(...values), chart.unit);
  const [bottom, top] = [ticks[0]!, ticks.at(-1)!];
  const x = (n: number) =>
    EDGE.left + ((n - first) / Math.max(1, last - first)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (v: number) =>
    HEIGHT - EDGE.bottom - ((v - bottom) / (top - bottom)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const scale: Scale = { x, y, first, last };
  const parts = [
    ...(chart.stretches ?? []).map((stretch) => stretchOf(stretch, scale)),
    ...ticks.map((tick) => gridLine(tick, y(tick), chart)),
    ...dayTicks(first, last).map((n) => dayTick(n, x(n), chart.locale)),
    bandOf(chart.band ?? [], scale),
    ...chart.lines.map((line) => lineOf(line, scale, chart)),
    ...(chart.marks ?? []).map((mark) => ringOf(mark, scale)),
  ];
  return `${svg(WIDTH, HEIGHT, chart.description, parts.join(''))}${legend(chart.lines)}`;
}

interface Scale {
  x: (n: number) => number;
  y: (v: number) => number;
  first: number;
  last: number;
}

function niceTicks(low: number, high: number, unit: 'percent' | 'number'): number[] {
  const spread = Math.max(high - low, unit === 'percent' ? 4 : 1);
  const rough = spread / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
  const start = Math.floor(low / step) * step;
  const end =
    unit === 'percent' && high <= 100
      ? Math.min(100, Math.ceil(high / step) * step)
      : Math.ceil(high / step) * step;
  const count = Math.max(1, Math.round((end - start) / step));
  return Array.from({ length: count + 1 }, (_, i) => Number((start + i * step).toFixed(6)));
}

const shown = (value: number | string, unit: 'percent' | 'number', locale: Locale) =>
  unit === 'percent' ? percent(value, locale) : number(value, locale);

function gridLine(tick: number, y: number, { unit, locale }: LineChart): string {
  return `<path class="grid" d="M${EDGE.left} ${at(y)}H${WIDTH - EDGE.right}"/><text x="${EDGE.left - 8}" y="${at(y + 4)}" text-anchor="end">${shown(tick, unit, locale)}</text>`;
}

function dayTicks(first: number, last: number): number[] {
  const step = Math.max(1, Math.ceil((last - first) / 6));
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
}

function dayTick(n: number, x: number, locale: Locale): string {
  const text = dayText(dayOf(n), locale).replace(/[/ ]\d{4}$/, '');
  const anchor = x > WIDTH - 40 ? 'end' : 'middle';
  return `<text x="${at(x)}" y="${HEIGHT - 8}" text-anchor="${anchor}">${escape(text)}</text>`;
}

function stretchOf(
  { from, to, label }: { from: string; to: string; label: string },
  { x, first, last }: Scale,
): string {
  const [a, b] = [Math.max(first, dayNumber(from)), Math.min(last, dayNumber(to) + 1)];
  if (a >= b) return '';
  return `<rect class="phase" x="${at(x(a))}" y="${EDGE.top}" width="${at(x(b) - x(a))}" height="${HEIGHT - EDGE.top - EDGE.bottom}"/><text x="${at(x(a) + 6)}" y="${EDGE.top + 14}">${escape(label)}</text>`;
}

function bandOf(band: NonNullable<LineChart['band']>, { x, y }: Scale): string {
  if (band.length < 2) return '';
  const edge = (value: (one: (typeof band)[number]) => number) =>
    band.map((one) => `${at(x(dayNumber(one.day)))} ${at(y(value(one)))}`);
  return `<path class="band" d="M${[...edge((one) => one.high), ...edge((one) => one.low).toReversed()].join('L')}Z"/>`;
}

/** A day without a figure breaks the line: missing is not zero, nor what lies between its neighbours. */
function lineOf({ kind, points }: Line, { x, y }: Scale, { unit, locale }: LineChart): string {
  let pen = 'M';
  let path = '';
  for (const { day, value } of points) {
    if (value !== null) path += `${pen}${at(x(dayNumber(day)))} ${at(y(Number(value)))}`;
    pen = value === null ? 'M' : 'L';
  }
  const last = points.findLast(({ value }) => value !== null);
  const end =
    kind === 'actual' && last
      ? endOf(x(dayNumber(last.day)), y(Number(last.value)), shown(last.value!, unit, locale))
      : '';
  return `<path class="line line-${kind}" d="${path}"/>${end}`;
}

const ringOf = ({ day, value }: { day: string; value: number | string }, { x, y }: Scale) =>
  `<circle class="ring" cx="${at(x(dayNumber(day)))}" cy="${at(y(Number(value)))}" r="6"/>`;

function endOf(x: number, y: number, text: string): string {
  const anchor = x > 140 ? 'end' : 'start';
  return `<circle class="dot" cx="${at(x)}" cy="${at(y)}" r="5"/><text class="strong" x="${at(x + (anchor === 'end' ? -9 : 9))}" y="${at(Math.max(12, y - 10))}" text-anchor="${anchor}">${text}</text>`;
}

function legend(lines: Line[]): string {
  const items = lines
    .filter(({ label }) => label !== '')
    .map(
      ({ kind, label }) =>
        `<li><svg class="plot legend-key" viewBox="0 0 28 10" aria-hidden="true"><path class="line line-${kind}" d="M2 5H26"/></svg>${escape(label)}</li>`,
    );
  return `<ul class="plot-legend">${items.join('')}</ul>`;
}

function svg(
  width: number,
  height: number,
  description: string,
  inside: string,
  kind = 'plot',
  role = 'img',
): string {
  return `<svg class="${kind}" viewBox="0 0 ${width} ${height}" role="${role}" aria-label="${escape(description)}">${inside}</svg>`;
}

/** A word-sized line without axes. */
export function sparkline(
  values: (number | string | null)[],
  description: string,
  target?: number | string,
): string {
  const known = values.flatMap((value) => (value === null ? [] : [Number(value)]));
  if (known.length < 2) return '';
  const all = target === undefined ? known : [...known, Number(target)];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y = (value: number) => at(26 - ((value - low) / (high - low || 1)) * 24);
  let pen = 'M';
  const path = values.map((value, i) => {
    const step = value === null ? '' : `${pen}${at((i / (values.length - 1)) * 100)} ${y(Number(value))}`;
    pen = value === null ? 'M' : 'L';
    return step;
  });
  const aim = target === undefined ? '' : `<path class="line-target" d="M0 ${y(Number(target))}H100"/>`;
  const inside = `${aim}<path class="line" d="${path.join('')}"/>`;
  return svg(100, 28, description, inside, 'spark').replace(' role', ' preserveAspectRatio="none" role');
}

/** How far along, as a bar; the figure itself stands beside it in text. */
export function bar(
  value: number | string | null | undefined,
  kind = 'fill',
  maximum: number | string = 100,
): string {
  const share = Math.max(0, Math.min(100, (Number(value ?? 0) / Number(maximum)) * 100));
  return `<svg class="bar bar-${escape(kind)}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${at(share)}" height="8"/></svg>`;
}
