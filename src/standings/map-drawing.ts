import type { Outline, Ring } from './geojson.js';

/** Outlines as paths of one picture, simplified to what can be seen at that size. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly paths: readonly {
    readonly code: string;
    readonly path: string;
    readonly at: readonly [number, number];
  }[];
}

type Spot = readonly [x: number, y: number];

const WIDTH = 720;
const TALLEST = 1080;
/** Pixels of the picture: what lies closer to a line than this is drawn on it; what is smaller than that area is left out. */
const TOLERANCE = 0.7;
const SMALLEST = 3;

/** Equal rectangles: at the size of a province north stays up and shapes keep their looks. */
export function drawingOf(outlines: readonly Outline[]): Drawing {
  const all = outlines.flatMap(({ rings }) => rings.flat());
  const [west, east] = ends(all.map(([longitude]) => longitude));
  const [south, north] = ends(all.map(([, latitude]) => latitude));
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(WIDTH / ((east - west) * squeeze || 1), TALLEST / (north - south || 1));
  const place = ([longitude, latitude]: readonly [number, number]): Spot => [
    (longitude - west) * squeeze * scale,
    (north - latitude) * scale,
  ];
  return {
    width: Math.max(1, Math.ceil((east - west) * squeeze * scale)),
    height: Math.max(1, Math.ceil((north - south) * scale)),
    paths: outlines.map(({ code, rings }) => pathOf(code, rings, place)),
  };
}

function pathOf(code: string, rings: readonly Ring[], place: (at: readonly [number, number]) => Spot) {
  const drawn = rings
    .map((ring) => ring.map(place))
    .map((spots) => ({ spots, area: Math.abs(areaOf(spots)) }))
    .toSorted((a, b) => b.area - a.area);
  const shown = drawn.filter(({ area }, index) => index === 0 || area >= SMALLEST);
  const path = shown.map(({ spots }) => `M${simplified(spots).map(written).join('L')}Z`).join('');
  return { code, path, at: middle(drawn[0]?.spots ?? []) };
}

const written = ([x, y]: Spot) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;

function ends(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}

const areaOf = (spots: readonly Spot[]): number =>
  spots.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = spots[(index + 1) % spots.length] ?? [x, y];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);

function middle(spots: readonly Spot[]): [number, number] {
  const [west, east] = ends(spots.map(([x]) => x));
  const [top, bottom] = ends(spots.map(([, y]) => y));
  return [Math.round((west + east) / 2), Math.round((top + bottom) / 2)];
}

/** Douglas and Peucker: keeps the ends and whatever lies further from the line between them than the tolerance. */
export function simplified(spots: readonly Spot[], tolerance = TOLERANCE): Spot[] {
  const kept = new Set([0, spots.length - 1]);
  // A ring begins where it ends: its farthest point divides it first.
  const stack: [number, number][] = [[0, spots.length - 1]];
  for (let stretch = stack.pop(); stretch; stretch = stack.pop()) {
    const [from, to] = stretch;
    let [farthest, distance] = [-1, tolerance];
    for (let index = from + 1; index < to; index++) {
      const away = distanceTo(spots[index]!, spots[from]!, spots[to]!);
      if (away > distance) [farthest, distance] = [index, away];
    }
    if (farthest < 0) continue;
    kept.add(farthest);
    stack.push([from, farthest], [farthest, to]);
  }
  return spots.filter((_, index) => kept.has(index));
}

function distanceTo([x, y]: Spot, [ax, ay]: Spot, [bx, by]: Spot): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along =
    length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
}
