import { regionMap, tileMap, type Tile } from '../platform/http/pictures.js';
import type { Kind } from '../platform/http/charts.js';
import { number, percent, type Locale } from '../platform/http/format.js';
import { decimalOf } from '../rules/scoring/decimal.js';
import { cellOf } from './board-view.js';
import type { CampaignMap } from './maps.service.js';
import type { Sight } from './sight.service.js';

/** One unit on the map: its figure as written, and what its colour says in a word. */
export interface MapRow {
  readonly unit: number;
  readonly name: string;
  readonly parent: number | null;
  readonly text: string;
  /** Key of the word: a look of the board, or a third of the group. */
  readonly word: string;
  readonly look: string;
  readonly kind: Kind;
  readonly href: string;
}

const KINDS: Record<string, Kind> = { good: 'good', watch: 'watch', late: 'late', off: 'off', info: 'fill' };

/** A group's units by their score, or by one indicator. */
export function mapRows(sight: Sight, group: string, code: string | undefined, locale: Locale): MapRow[] {
  const { cut, day, on, lastOn } = sight;
  const standings = cut.standings(day).find((one) => one.group === group);
  const ranked = (standings?.rows ?? []).filter(({ place }) => place.rank !== null).length;
  const at = on === lastOn ? '' : `?on=${on}`;
  const share = cut.contest.indicators.find((one) => one.code === code)?.rule.measure === 'share';
  return (standings?.rows ?? []).map((row) => {
    const unit = cut.contest.units.get(row.unit);
    const part = code ? row.score.parts.find((one) => one.indicator === code) : undefined;
    const cell = part && cellOf(cut, row.unit, day, part);
    const word = code ? `look.${cell?.look ?? 'off'}` : `third.${thirdOf(row.place.rank, ranked)}`;
    const figure = code
      ? (cell?.text ?? null)
      : row.place.rank === null
        ? null
        : decimalOf(row.score.published, cut.contest.plan.decimals);
    return {
      unit: row.unit,
      name: unit?.name ?? '',
      parent: unit?.parentId ?? null,
      text: figure === null ? '–' : share ? percent(figure, locale) : number(figure, locale),
      word,
      look: lookOf(word),
      kind: KINDS[lookOf(word)] ?? 'off',
      href: `/campaigns/${cut.contest.slug}/units/${row.unit}${code ? `/indicators/${code}` : ''}${at}`,
    };
  });
}

/** The last part of the word's key: what its badge looks like. */
export const lookOf = (word: string) => word.slice(word.indexOf('.') + 1);

function thirdOf(rank: number | null, of: number): 'good' | 'watch' | 'late' | 'off' {
  if (rank === null) return 'off';
  return rank * 3 <= of ? 'good' : rank * 3 <= 2 * of ? 'watch' : 'late';
}

/** Tiles of equal size in the order of the tree: units of one parent stand together, under its name. */
export function tileMaps({ cut }: Sight, rows: readonly MapRow[], describe: (name: string) => string) {
  const parents = [...new Set(rows.map(({ parent }) => parent))];
  return parents.map((parent) => {
    const name = (parent !== null && parents.length > 1 && cut.contest.units.get(parent)?.name) || '';
    const own = rows
      .filter((row) => row.parent === parent)
      .toSorted((a, b) => a.name.localeCompare(b.name, 'vi'));
    return { name, svg: tileMap(tilesOf(own), describe(name)) };
  });
}

const COLUMNS = 6;
const tilesOf = (rows: readonly MapRow[]): Tile[] => {
  const columns = Math.min(COLUMNS, Math.max(4, Math.ceil(Math.sqrt(rows.length))));
  return rows.map(({ name, text, kind, href }, index) => ({
    column: index % columns,
    row: Math.floor(index / columns),
    label: name,
    text,
    kind,
    href,
  }));
};

export function outlineMap(rows: readonly MapRow[], map: CampaignMap, description: string): string {
  const regions = rows.flatMap(({ unit, name, text, kind, href }) => {
    const shape = map.shapes[String(unit)];
    return shape ? [{ ...shape, label: name, text, kind, href }] : [];
  });
  return regions.length > 0 ? regionMap(regions, map, description) : '';
}
