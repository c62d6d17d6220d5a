import { canonicalJson } from './canonical.js';
import {
  type Addendum,
  type Completeness,
  type DrawResult,
  type DrawRules,
  PROTOCOL,
  type SourceValue,
  type Strike,
} from './documents.js';
import { parsePattern } from './pattern.js';
import {
  anyText,
  both,
  brief,
  code,
  distinct,
  faultsOf,
  hex64,
  instant,
  list,
  object,
  oneOf,
  optional,
  orNull,
  type Shape,
  text,
  whole,
} from './shape.js';

/** What became of a foreign document: its value, or what is wrong with it. */
export type Parsed<Document> =
  | { readonly value: Document; readonly faults?: undefined }
  | { readonly value?: undefined; readonly faults: readonly string[] };

/** More places than any programme draws; a limit, because a file could ask for thousands of millions. */
const MOST_PLACES = 2_000_000;
const MOST_ITEMS = 5_000_000;

const drawName = text(
  /^[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)*$/,
  'a draw such as bac-giang-2022/ky-2',
);

const sourceShape: Shape = (value, at, faults) => {
  const kind = (value as { kind?: unknown } | null)?.kind;
  const shapes: Record<string, Shape> = {
    drand: object({ id: text(), chain: hex64, round: whole(1) }),
    witness: object({ id: text(), description: text(), pattern }),
    commitment: object({ id: text(), commitment: hex64 }),
  };
  const shape = typeof kind === 'string' && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
  (shape ?? object({ kind: oneOf(...Object.keys(shapes)) }))(value, at, faults);
};

const pattern: Shape = (value, at, faults) => {
  if (typeof value !== 'string' || !parsePattern(value))
    faults.push(`${at}: wanted a plain regular expression, got ${brief(value)}`);
};

const publicSource: Shape = (value, at, faults) => {
  const kinds = (Array.isArray(value) ? value : []).map((source: { kind?: unknown } | null) => source?.kind);
  if (!kinds.includes('drand') && !kinds.includes('witness'))
    faults.push(`${at}: wanted at least one source of kind drand or witness`);
};

const sources = both(list(sourceShape, 1, 100), distinct('id'), publicSource);
const prize = object({ id: text(), name: text(), quantity: whole(1, MOST_PLACES), value: whole(0) });
const fewPlaces: Shape = (value, at, faults) => {
  const quantities = (Array.isArray(value) ? value : []).map(
    (each: { quantity?: number } | null) => each?.quantity,
  );
  if (quantities.reduce((sum: number, quantity) => sum + (quantity ?? 0), 0) > MOST_PLACES)
    faults.push(`${at}: wanted at most ${MOST_PLACES} places`);
};

const strikes = list(object({ code, reason: anyText, at: instant, by: list(text(), 0, 20) }), 0, MOST_ITEMS);
const place = { prize: text(), place: whole(1, MOST_PLACES) };
const position = whole(1, 2 ** 32);

const rulesShape = object({
  protocol: oneOf(PROTOCOL),
  draw: drawName,
  title: text(),
  organizer: text(),
  closesAt: instant,
  drawsAt: instant,
  method: oneOf('ticket', 'seedrandom'),
  winsPerHolder: orNull(whole(1)),
  prizes: both(list(prize, 1, 10_000), distinct('id'), fewPlaces),
  sources,
});

const resultShape = object({
  protocol: oneOf(PROTOCOL),
  draw: drawName,
  rulesHash: hex64,
  root: hex64,
  size: whole(0),
  seed: hex64,
  winners: list(object({ ...place, code, holder: hex64, position }), 0, MOST_PLACES),
  skipped: list(object({ position, code, reason: oneOf('struck', 'holder-limit', 'won') }), 0, MOST_ITEMS),
});

const addendumShape = object({
  protocol: oneOf(PROTOCOL),
  draw: drawName,
  number: whole(1, 99),
  previous: hex64,
  strikes,
  vacancies: list(object(place), 1, MOST_PLACES),
  sources,
});

const sourcesShape = both(
  list(
    object({
      id: text(),
      value: text(),
      recordedAt: instant,
      recordedBy: list(text(), 1, 20),
      round: optional(whole(1)),
      randomness: optional(hex64),
    }),
    0,
    100,
  ),
  distinct('id'),
);

const count = whole(0);
const tally = {
  received: count,
  eligible: count,
  refused: count,
  quarantined: count,
  duplicate: count,
  entriesIssued: count,
  entriesVoided: count,
  barred: count,
  listed: count,
};
const day = text(/^\d{4}-\d\d-\d\d$/, 'a day such as 2022-08-01');
const completenessShape = object({
  days: both(list(object({ day, ...tally }), 0, 10_000), distinct('day')),
  total: object(tally),
  digests: list(
    object({ day, count, amount: count, fileHash: hex64, signature: orNull(text()) }),
    0,
    100_000,
  ),
});

/** Shape only, §2; and the file must be the canonical JSON whose hash everybody computes. */
export const parseRules = (json: string): Parsed<DrawRules> => canonicalDocument(json, rulesShape);
export const parseResult = (json: string): Parsed<DrawResult> => canonicalDocument(json, resultShape);
export const parseAddendum = (json: string): Parsed<Addendum> => canonicalDocument(json, addendumShape);
export const parseSources = (json: string): Parsed<readonly SourceValue[]> => document(json, sourcesShape);
export const parseStrikes = (json: string): Parsed<readonly Strike[]> => document(json, strikes);
export const parseCompleteness = (json: string): Parsed<Completeness> => document(json, completenessShape);

function canonicalDocument<Document>(json: string, shape: Shape): Parsed<Document> {
  const parsed = document<Document>(json, shape);
  if (parsed.faults) return parsed;
  try {
    if (canonicalJson(parsed.value) === json) return parsed;
  } catch (error) {
    return { faults: [`document: wanted canonical JSON (RFC 8785), got ${brief((error as Error).message)}`] };
  }
  return { faults: ['document: wanted canonical JSON (RFC 8785), got other spaces, order or spelling'] };
}

function document<Document>(json: string, shape: Shape): Parsed<Document> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { faults: [`document: wanted JSON, got ${brief((error as Error).message)}`] };
  }
  const faults = hasNameTwice(json, value)
    ? ['document: wanted each name once in an object']
    : faultsOf(value, shape);
  return faults.length > 0 ? { faults } : { value: value as Document };
}

/** `JSON.parse` keeps the last of two equal names in silence: a reader would see one, a machine the other. */
function hasNameTwice(json: string, value: unknown): boolean {
  let names = 0;
  for (const [, colon] of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) if (colon) names++;
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside = Object.values(next);
    if (!Array.isArray(next)) names -= inside.length;
    for (const item of inside) open.push(item);
  }
  return names !== 0;
}
