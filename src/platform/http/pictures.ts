import Handlebars from 'handlebars';
import type { Kind } from './charts.js';

const escape = (text: string) => Handlebars.escapeExpression(text);
const at = (n: number) => String(Math.round(n * 10) / 10);
const open = (width: number, height: number, description: string, role = 'img') =>
  `<svg class="plot${role === 'group' ? ' plot-tiles' : ''}" viewBox="0 0 ${width} ${height}" role="${role}" aria-label="${escape(description)}">`;

export interface Bar {
  label: string;
  value: number | string;
  /** The value as it is printed. */
  text: string;
  kind?: Kind;
}

/** Lying bars, longest name first to be read: each with its name above and its figure at the end. */
export function bars(items: Bar[], description: string, mark?: { value: number; label: string }): string {
  const top = Math.max(...items.map(({ value }) => Number(value)), mark?.value ?? 0, 1e-9);
  const length = (value: number | string) => (Math.max(0, Number(value)) / top) * 600;
  const rows = items.map(
    ({ label, value, text, kind = 'fill' }, i) =>
      `<text class="strong" x="0" y="${i * 44 + 14}">${escape(label)}</text><rect class="${kind}" x="0" y="${i * 44 + 21}" width="${at(Math.max(2, length(value)))}" height="13" rx="2"/><text x="${at(length(value) + 8)}" y="${i * 44 + 32}">${escape(text)}</text>`,
  );
  const height = items.length * 44 + (mark ? 20 : 0);
  const line = mark
    ? `<path class="mark-line" d="M${at(length(mark.value))} 0V${height - 18}"/><text x="${at(length(mark.value))}" y="${height - 4}" text-anchor="middle">${escape(mark.label)}</text>`
    : '';
  return `${open(720, height, description)}${rows.join('')}${line}</svg>`;
}

/** Where one stands among all: every value a stroke, the middle half a box, the own place a diamond. */
export function spread(
  values: number[],
  own: number | null,
  description: string,
  ends: [string, string],
): string {
  if (values.length === 0) return '';
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const x = (value: number) => 10 + ((value - low) / (high - low || 1)) * 700;
  const quantile = (share: number) => {
    const place = (sorted.length - 1) * share;
    const below = sorted[Math.floor(place)]!;
    return below + (sorted[Math.ceil(place)]! - below) * (place % 1);
  };
  const box = `<rect class="band" x="${at(x(quantile(0.25)))}" y="14" width="${at(x(quantile(0.75)) - x(quantile(0.25)))}" height="28"/><path class="mark-line" d="M${at(x(quantile(0.5)))} 14V42"/>`;
  const strokes = sorted.map((value) => `M${at(x(value))} 20V36`).join('');
  const place = own === null ? '' : `<path class="own" d="M${at(x(own))} 14l9 14-9 14-9-14z"/>`;
  const text = `<text x="10" y="62">${escape(ends[0])}</text><text x="710" y="62" text-anchor="end">${escape(ends[1])}</text>`;
  return `${open(720, 66, description)}${box}<path class="axis" d="${strokes}"/>${place}${text}</svg>`;
}

export interface Tile {
  column: number;
  row: number;
  label: string;
  text: string;
  kind: Kind;
  href?: string;
}

/** One tile of equal size for each unit, roughly where it lies: a large empty district does not outshine a small one. */
export function tileMap(tiles: Tile[], description: string): string {
  const [columns, rows] = [
    Math.max(...tiles.map((t) => t.column)) + 1,
    Math.max(...tiles.map((t) => t.row)) + 1,
  ];
  const drawn = tiles.map(({ column, row, label, text, kind, href }) => {
    const [x, y] = [column * 120, row * 76];
    const inside = `<rect class="tile ${kind}" x="${x + 2}" y="${y + 2}" width="116" height="72" rx="8"/>${nameLines(label, x, y)} <text class="strong" x="${x + 60}" y="${y + 62}" text-anchor="middle">${escape(text)}</text>`;
    return href
      ? `<a href="${escape(href)}" aria-label="${escape(`${label} ${text}`)}">${inside}</a>`
      : `<g>${inside}</g>`;
  });
  return `${open(columns * 120, rows * 76, description, 'group')}${drawn.join('')}</svg>`;
}

export interface Region {
  path: string;
  at: readonly [number, number];
  label: string;
  text: string;
  kind: Kind;
  href?: string;
}

/** A map: each unit in its outline, its figure written on it where there is room for few of them. */
export function regionMap(
  regions: Region[],
  { width, height }: { width: number; height: number },
  description: string,
): string {
  const written = regions.length <= 30;
  const drawn = regions.map(({ path, at: [x, y], label, text, kind, href }) => {
    const name = written
      ? `<text class="strong" x="${x}" y="${y}" text-anchor="middle">${escape(text)}</text>`
      : '';
    const inside = `<title>${escape(`${label} ${text}`)}</title><path class="tile ${kind}" d="${escape(path)}"/>${name}`;
    return href
      ? `<a href="${escape(href)}" aria-label="${escape(`${label} ${text}`)}">${inside}</a>`
      : `<g>${inside}</g>`;
  });
  return `${open(width, height, description, 'group').replace('plot-tiles', 'plot-tiles plot-map')}${drawn.join('')}</svg>`;
}

function nameLines(label: string, x: number, y: number): string {
  const words = label.split(' ');
  const cut = label.length > 11 ? Math.max(1, Math.floor(words.length / 2)) : words.length;
  const lines = [words.slice(0, cut).join(' '), words.slice(cut).join(' ')].filter(Boolean);
  return lines
    .map(
      (line, i) =>
        `<text x="${x + 60}" y="${y + (lines.length > 1 ? 22 : 30) + i * 17}" text-anchor="middle">${escape(line)}</text>`,
    )
    .join(' ');
}
