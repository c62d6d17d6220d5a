import { InputError, type Finding } from '../platform/http/input-error.js';

export type Ring = readonly (readonly [longitude: number, latitude: number])[];
export interface Outline {
  readonly code: string;
  readonly rings: readonly Ring[];
}

/** The property that carries a unit's code, by the names that maps in use give it. */
const CODES = [
  'code',
  'unit_code',
  'ma',
  'ma_dvhc',
  'madvhc',
  'maxa',
  'ma_xa',
  'mahuyen',
  'ma_huyen',
  'matinh',
  'ma_tinh',
];
const MOST_FEATURES = 12_000;
const MOST_POINTS = 1_500_000;

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws InputError naming what is wrong: outlines are polygons in longitude and latitude (RFC 7946), each with its unit's code. */
export function outlinesIn(text: string): Outline[] {
  const features = featuresIn(text);
  const findings: Finding[] = [];
  let points = 0;
  const outlines = features.flatMap((feature, at) => {
    const wrong = (code: string, got: unknown, expected: unknown) => {
      findings.push({ field: 'file', row: at + 1, code: `standings.mapFinding.${code}`, got, expected });
      return [];
    };
    const code = codeOf(feature);
    if (code === undefined) return wrong('noCode', at + 1, CODES.slice(0, 4).join(', '));
    const rings = ringsOf(feature['geometry']);
    if (!rings) return wrong('noPolygon', code, 'Polygon, MultiPolygon');
    points += rings.reduce((sum, ring) => sum + ring.length, 0);
    if (!rings.every((ring) => ring.length >= 4 && ring.every(isPosition)))
      return wrong('noPosition', code, '[106.89, 11.75]');
    return [{ code, rings }];
  });
  if (points > MOST_POINTS)
    findings.push({
      field: 'file',
      code: 'standings.mapFinding.tooMany',
      got: points,
      expected: MOST_POINTS,
    });
  if (findings.length > 0) throw new InputError(findings.slice(0, 20));
  return outlines;
}

function featuresIn(text: string): Json[] {
  const refuse = (code: string, got: unknown, expected: unknown): never => {
    throw new InputError([{ field: 'file', code: `standings.mapFinding.${code}`, got, expected }]);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (fault) {
    return refuse('noJson', (fault as Error).message.slice(0, 80), '{"type":"FeatureCollection", …}');
  }
  const features =
    isObject(parsed) && parsed['type'] === 'FeatureCollection' ? parsed['features'] : undefined;
  if (!Array.isArray(features) || features.length === 0)
    return refuse(
      'noCollection',
      isObject(parsed) ? String(parsed['type'] as string) : '–',
      'FeatureCollection',
    );
  if (features.length > MOST_FEATURES) return refuse('tooMany', features.length, MOST_FEATURES);
  return features.filter(isObject);
}

function codeOf({ properties }: Json): string | undefined {
  if (!isObject(properties)) return undefined;
  const named = new Map(Object.entries(properties).map(([name, value]) => [name.toLowerCase(), value]));
  const value = CODES.map((name) => named.get(name)).find(
    (one) => (typeof one === 'string' && one.trim() !== '') || typeof one === 'number',
  );
  return value === undefined ? undefined : String(value as string | number).trim();
}

/** Outer rings only: no unit of ours has a hole that shows at this size. */
function ringsOf(geometry: unknown): Ring[] | undefined {
  if (!isObject(geometry) || !Array.isArray(geometry['coordinates'])) return undefined;
  const polygons =
    geometry['type'] === 'Polygon'
      ? [geometry['coordinates'] as unknown[]]
      : geometry['type'] === 'MultiPolygon'
        ? (geometry['coordinates'] as unknown[][])
        : undefined;
  const rings = polygons?.map((polygon) => (Array.isArray(polygon) ? polygon[0] : undefined));
  return rings && rings.length > 0 && rings.every(Array.isArray) ? (rings as Ring[]) : undefined;
}

const isPosition = (position: unknown): boolean =>
  Array.isArray(position) &&
  Number.isFinite(position[0]) &&
  Number.isFinite(position[1]) &&
  Math.abs(position[0] as number) <= 180 &&
  Math.abs(position[1] as number) <= 90;
