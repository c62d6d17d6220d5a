import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import seedrandom from 'seedrandom';
import { canonicalJson } from '../rules/draw/canonical.js';
import { checkpointBody } from '../rules/draw/checkpoint.js';
import type { DrawResult, DrawRules } from '../rules/draw/documents.js';
import { draw } from '../rules/draw/draw.js';
import { EntryList } from '../rules/draw/entries.js';
import { type BundleFiles, readBundle, type Reading } from '../rules/draw/judge/reading.js';
import { noteText } from '../rules/merkle/note.js';

/** What the cheat lab can try on a copy of a bundle. Each changes one thing, the last one all that has no signature. */
export const CHEATS = [
  'add-entry',
  'remove-entry',
  'swap-holder',
  'swap-winner',
  'change-seed',
  'change-source',
  'change-prize',
  'add-strike',
  'remove-witness',
  'hide-payment',
  'rewrite-minutes',
  'repair-all',
] as const;
export type Cheat = (typeof CHEATS)[number];

/** The altered copy; undefined when this bundle has nothing of the kind to alter. The original stays as it is. */
export function cheated(files: BundleFiles, cheat: Cheat): BundleFiles | undefined {
  return ACTS[cheat](files, readBundle(files));
}

type Act = (files: BundleFiles, reading: Reading) => BundleFiles | undefined;

const ACTS: Record<Cheat, Act> = {
  'add-entry': (files) => withLines(files, (lines) => [...lines, `ZZZZZ,${'a'.repeat(64)}`]),
  'remove-entry': (files) => withLines(files, (lines) => lines.toSpliced(Math.floor(lines.length / 2), 1)),
  'swap-holder': (files) =>
    withLines(files, (lines) =>
      lines.map((line, at) => (at === 0 ? `${line.split(',')[0]},${'b'.repeat(64)}` : line)),
    ),
  'swap-winner': (files, { result, files: { list } }) => {
    const last = result?.winners.at(-1);
    if (!result || !last || !list || list.size < 2) return undefined;
    const index = list.code(0) === last.code ? 1 : 0;
    const friend = { ...last, code: list.code(index), holder: list.holder(index) };
    return withJson(files, 'result.json', { ...result, winners: [...result.winners.slice(0, -1), friend] });
  },
  'change-seed': (files, { result }) =>
    result && withJson(files, 'result.json', { ...result, seed: textHash(result.seed) }),
  'change-source': (files, { sources }) => {
    const [first, ...rest] = sources;
    return first && withJson(files, 'sources.json', [{ ...first, value: turned(first.value) }, ...rest]);
  },
  'change-prize': (files, { rules }) => {
    const prize = rules?.prizes.at(-1);
    if (!rules || !prize) return undefined;
    const prizes = [...rules.prizes.slice(0, -1), { ...prize, value: prize.value * 10 }];
    return withJson(files, 'rules.json', { ...rules, prizes });
  },
  'add-strike': (files, { strikes, result, rules }) => {
    const winner = result?.winners[0];
    if (!winner || !rules) return undefined;
    const strike = { code: winner.code, reason: 'x', at: rules.closesAt, by: ['x', 'y'] };
    return withJson(files, 'strikes.json', [...strikes, strike]);
  },
  'remove-witness': (files, { note }) => {
    if (!note || note.signatures.length < 2) return undefined;
    return withText(files, 'checkpoint.txt', noteText({ ...note, signatures: note.signatures.slice(0, -1) }));
  },
  'hide-payment': (files, { completeness }) =>
    completeness &&
    withJson(files, 'completeness.json', {
      ...completeness,
      total: {
        ...completeness.total,
        refused: Math.max(0, completeness.total.refused - 1),
        received: completeness.total.received + 1,
      },
    }),
  'rewrite-minutes': (files) => {
    if (!files.hashes.has('minutes.html')) return undefined;
    return { ...files, hashes: new Map([...files.hashes, ['minutes.html', textHash('rewritten')]]) };
  },
  'repair-all': repaired,
};

/** Adds an entry, then recomputes root, checkpoint and result: all an operator without the witnesses could do. */
function repaired(
  files: BundleFiles,
  { rules, note, checkpoint, sources, strikes }: Reading,
): BundleFiles | undefined {
  const more = ACTS['add-entry'](withoutReplacements(files), readBundle(files));
  if (!more?.list || !rules || !note || !checkpoint) return undefined;
  const root = bytesToHex(more.list.root());
  const body = checkpointBody({ ...checkpoint, root, size: more.list.size });
  const signed = withText(more, 'checkpoint.txt', noteText({ ...note, body }));
  const result = redrawn(
    rules,
    more.list,
    root,
    new Map(sources.map(({ id, value }) => [id, value])),
    strikes,
  );
  return result && withJson(signed, 'result.json', result);
}

/** They continue a result that no longer exists. */
function withoutReplacements(files: BundleFiles): BundleFiles {
  const kept = <Value>(all: ReadonlyMap<string, Value>) =>
    new Map([...all].filter(([name]) => !name.startsWith('replacements/')));
  return { ...files, texts: kept(files.texts), hashes: kept(files.hashes) };
}

function redrawn(
  rules: DrawRules,
  list: EntryList,
  root: string,
  values: ReadonlyMap<string, string>,
  strikes: Reading['strikes'],
): DrawResult | undefined {
  if (rules.sources.some(({ id }) => !values.has(id))) return undefined;
  return draw({ rules, list, root, values, strikes }, { seedrandom: (seed) => seedrandom(seed) });
}

/** Works on bytes around the place, so that a list of a million lines is copied once and not taken apart. */
function withLines(files: BundleFiles, change: (lines: string[]) => string[]): BundleFiles | undefined {
  const { list } = files;
  if (!list || list.size < 1) return undefined;
  const keep = Math.max(0, list.size - 9);
  const cut = list.ends[keep]! + 1;
  const tail = Array.from(
    { length: list.size - keep },
    (_, at) => `${list.code(keep + at)},${list.holder(keep + at)}`,
  );
  const bytes = utf8ToBytes(`${change(tail).join('\n')}\n`);
  const joined = new Uint8Array(cut + bytes.length);
  joined.set(list.bytes.subarray(0, cut));
  joined.set(bytes, cut);
  const hashes = new Map([...files.hashes, ['entries.csv', bytesToHex(sha256(joined))]]);
  return { ...files, list: EntryList.of(joined), hashes };
}

const withJson = (files: BundleFiles, name: string, value: unknown) =>
  withText(files, name, canonicalJson(value));

function withText(files: BundleFiles, name: string, text: string): BundleFiles {
  return {
    ...files,
    texts: new Map([...files.texts, [name, text]]),
    hashes: new Map([...files.hashes, [name, textHash(text)]]),
  };
}

const textHash = (text: string) => bytesToHex(sha256(utf8ToBytes(text)));

/** Another value of the same form: its last digit turned. */
const turned = (value: string) => `${value.slice(0, -1)}${value.endsWith('1') ? '2' : '1'}`;
