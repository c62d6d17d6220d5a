import { canonicalJson } from '../../src/rules/draw/canonical.js';
import type { FindingCode } from '../../src/rules/draw/finding.js';
import { type ExampleOptions, exampleFiles, ROUNDS, withFileList } from '../support/bundle.js';

export interface Recipe {
  readonly name: string;
  readonly about: string;
  /** Empty: sound. */
  readonly shows: readonly FindingCode[];
  readonly files: ReadonlyMap<string, string>;
}

const SMALL: ExampleOptions = { count: 24, perHolder: 2 };
const sound = (name: string, about: string, options: ExampleOptions): Recipe => ({
  name,
  about,
  shows: [],
  files: exampleFiles({ ...SMALL, ...options }),
});

/** One file altered by an operator who signs the list of files anew, unless `unsigned`. */
function broken(
  name: string,
  shows: readonly FindingCode[],
  about: string,
  file: string,
  change: (text: string) => string,
  { unsigned = false, ...options }: ExampleOptions & { unsigned?: boolean } = {},
): Recipe {
  const before = exampleFiles({ ...SMALL, ...options });
  const text = before.get(file);
  const changed = text === undefined ? undefined : change(text);
  if (changed === undefined || changed === text) throw new Error(`${name}: nothing was changed`);
  before.set(file, changed);
  return { name, shows, about, files: unsigned ? before : withFileList(before, 'example/ky-1') };
}

/** Changes a canonical document as a value and writes it canonically again. */
const edit =
  <Value>(change: (value: Value) => unknown) =>
  (text: string) =>
    canonicalJson(change(JSON.parse(text) as Value));
interface Drawn {
  seed: string;
  winners: { code: string; position: number; holder: string }[];
  skipped: { position: number; code: string; reason: string }[];
}
type Items = Record<string, unknown>[];
type Fields = Record<string, unknown>;
const line = (text: string, from: number, count: number, ...put: string[]) =>
  text
    .split('\n')
    .toSpliced(from, count, ...put)
    .join('\n');
const first = 'replacements/01/addendum.json';

export const RECIPES: readonly Recipe[] = [
  sound('sound-ticket', 'A draw by ticket numbers with beacon, dice and sealed secret', {}),
  sound('sound-seedrandom', 'The same by the seedrandom shuffle', { rules: { method: 'seedrandom' } }),
  sound('sound-strikes', 'Two winners struck before the seed was known', { struckWinners: 2 }),
  sound('sound-replacements', 'Two vacancies of one prize, drawn again one after the other', {
    replacements: 2,
  }),
  sound('sound-replacements-seedrandom', 'The same by the seedrandom shuffle', {
    replacements: 2,
    struckWinners: 1,
    rules: { method: 'seedrandom' },
  }),
  sound('sound-empty', 'Nobody on the list: every place stays undrawn', { count: 0 }),
  sound('sound-undrawn', 'Fewer people than prizes', { count: 9, perHolder: 4 }),
  sound('sound-no-limit', 'Any number of wins for one holder', {
    rules: { winsPerHolder: null },
    perHolder: 20,
  }),
  broken('rules-malformed', ['rules-malformed'], 'Rules that are not canonical JSON', 'rules.json', (text) =>
    JSON.stringify(JSON.parse(text), null, 2),
  ),
  broken(
    'rules-malformed-sources',
    ['rules-malformed'],
    'A sealed secret as the only source',
    'rules.json',
    edit<{ sources: Items }>((rules) => ({
      ...rules,
      sources: rules.sources.filter(({ kind }) => kind === 'commitment'),
    })),
  ),
  broken(
    'entries-malformed',
    ['entries-malformed', 'root-differs'],
    'A carriage return in the list',
    'entries.csv',
    (text) => text.replace(/\n(00003,\w+)\n/, '\n$1\r\n'),
  ),
  broken('entries-malformed-end', ['entries-malformed'], 'No line feed at the end', 'entries.csv', (text) =>
    text.slice(0, -1),
  ),
  broken(
    'entries-unsorted',
    ['entries-unsorted', 'root-differs'],
    'Two lines exchanged',
    'entries.csv',
    (text) => line(text, 4, 2, ...text.split('\n').slice(4, 6).toReversed()),
  ),
  broken('code-twice', ['code-twice', 'size-differs'], 'One code twice', 'entries.csv', (text) =>
    line(text, 4, 1, text.split('\n')[4]!, text.split('\n')[4]!),
  ),
  broken(
    'root-differs',
    ['root-differs', 'seed-differs'],
    'One code given to another holder',
    'entries.csv',
    (text) => text.replace(/(00003),\w{4}/, '$1,abcd'),
  ),
  broken(
    'size-differs',
    ['size-differs', 'root-differs', 'completeness'],
    'One code removed',
    'entries.csv',
    (text) => line(text, 7, 1),
  ),
  broken(
    'checkpoint-signature',
    ['checkpoint-signature'],
    'A forged signature of the operator',
    'checkpoint.txt',
    (text) =>
      text.replace(
        /(— thidua.example \S{20})(\S)/,
        (_, head: string, letter: string) => head + (letter === 'A' ? 'B' : 'A'),
      ),
  ),
  broken(
    'checkpoint-rules-differ',
    ['checkpoint-rules-differ', 'seed-differs'],
    'A prize raised after the freeze',
    'rules.json',
    edit<{ prizes: Items }>((rules) => ({
      ...rules,
      prizes: rules.prizes.map((prize) => ({ ...prize, value: 1 })),
    })),
  ),
  broken(
    'witnesses-missing',
    ['witnesses-missing'],
    'The line of one witness removed',
    'checkpoint.txt',
    (text) => text.replace(/— thanh-tra[^\n]+\n/, ''),
  ),
  broken(
    'source-missing',
    ['source-missing'],
    'The dice were never recorded',
    'sources.json',
    edit<Items>((values) => values.filter(({ id }) => id !== 'hall')),
  ),
  broken(
    'source-mismatch-pattern',
    ['source-mismatch', 'seed-differs'],
    '19 dice for 20',
    'sources.json',
    (text) => text.replace('35465563116351122461', '3546556311635112246'),
  ),
  broken(
    'source-mismatch-commitment',
    ['source-mismatch', 'seed-differs'],
    'Another secret than the sealed one',
    'sources.json',
    edit<Items>((values) =>
      values.map((value) => (value.id === 'bank' ? { ...value, value: '00'.repeat(32) } : value)),
    ),
  ),
  broken(
    'beacon-invalid',
    ['beacon-invalid', 'seed-differs'],
    'The signature of the next round',
    'sources.json',
    (text) => text.replace(ROUNDS[1000], ROUNDS[1001]),
  ),
  {
    name: 'beacon-too-early',
    about: 'The witnesses saw the list nine minutes before the round, the rules ask for ten',
    shows: ['beacon-too-early'],
    files: exampleFiles({ ...SMALL, witnessedAt: '2023-08-23T15:50:30Z' }),
  },
  broken(
    'seed-differs',
    ['seed-differs', 'result-hash'],
    'Another seed',
    'result.json',
    edit<Drawn>((result) => ({ ...result, seed: '0'.repeat(64) })),
  ),
  broken(
    'order-differs',
    ['order-differs', 'winner-differs', 'result-hash'],
    'A winner at a position of somebody else',
    'result.json',
    edit<Drawn>((result) => ({
      ...result,
      winners: result.winners.map((winner, at) => (at === 0 ? { ...winner, position: 2 } : winner)),
    })),
  ),
  broken(
    'winner-differs',
    ['winner-differs', 'order-differs'],
    'A friend of the operator wins the first prize',
    'result.json',
    edit<Drawn>((result) => ({
      ...result,
      winners: result.winners.map((winner) =>
        winner.position === result.winners[0]!.position ? { ...winner, code: '00024' } : winner,
      ),
    })),
  ),
  broken(
    'skipped-differs',
    ['skipped-differs'],
    'Another reason for passing over a code',
    'result.json',
    edit<Drawn>((result) => ({
      ...result,
      skipped: result.skipped.map((each) => ({ ...each, reason: 'struck' })),
    })),
  ),
  broken(
    'undrawn-differs',
    ['undrawn-differs'],
    'The last prize is kept back',
    'result.json',
    edit<Drawn>((result) => ({ ...result, winners: result.winners.slice(0, -1) })),
  ),
  broken(
    'strike-unjustified-office',
    ['strike-unjustified'],
    'Struck by one office alone',
    'strikes.json',
    edit<Items>((strikes) => strikes.map((each) => ({ ...each, by: ['Ban tổ chức', 'Ban tổ chức'] }))),
    { struckWinners: 1 },
  ),
  broken(
    'strike-unjustified-late',
    ['strike-unjustified'],
    'Struck after the seed was known',
    'strikes.json',
    edit<Items>((strikes) => strikes.map((each) => ({ ...each, at: '2023-08-23T16:00:00Z' }))),
    { struckWinners: 1 },
  ),
  broken(
    'strike-unjustified-reason',
    ['strike-unjustified'],
    'Struck without a reason',
    'strikes.json',
    edit<Items>((strikes) => strikes.map((each) => ({ ...each, reason: ' ' }))),
    { struckWinners: 1 },
  ),
  broken(
    'strike-unjustified-code',
    ['strike-unjustified'],
    'A code that is not on the list',
    'strikes.json',
    edit<Items>((strikes) => [...strikes, { ...strikes[0], code: 'ABC' }]),
    { struckWinners: 1 },
  ),
  broken(
    'replacement-chain-previous',
    ['replacement-chain'],
    'An addendum to another result',
    first,
    edit<Fields>((addendum) => ({ ...addendum, previous: '0'.repeat(64) })),
    { replacements: 1 },
  ),
  broken(
    'replacement-chain-vacancy',
    ['replacement-chain'],
    'A vacancy of a place that nobody won',
    first,
    edit<Fields>((addendum) => ({ ...addendum, vacancies: [{ prize: 'third', place: 6 }] })),
    { replacements: 1 },
  ),
  broken(
    'replacement-chain-number',
    ['replacement-chain'],
    'An addendum that counts itself second',
    first,
    edit<Fields>((addendum) => ({ ...addendum, number: 2 })),
    { replacements: 1 },
  ),
  broken(
    'replacement-winner-differs',
    ['winner-differs'],
    'Another winner of a replacement',
    'replacements/01/result.json',
    edit<Drawn>((result) => ({
      ...result,
      winners: result.winners.map((winner) => ({ ...winner, code: '00024' })),
    })),
    { replacements: 1 },
  ),
  broken(
    'result-hash',
    ['result-hash'],
    'A result that is not canonical JSON',
    'result.json',
    (text) => `${text}\n`,
  ),
  broken(
    'completeness-equation',
    ['completeness'],
    'A refused payment disappears',
    'completeness.json',
    edit<{ total: { refused: number } }>((all) => ({
      ...all,
      total: { ...all.total, refused: all.total.refused - 1 },
    })),
  ),
  broken(
    'completeness-digest',
    ['completeness'],
    'One payment fewer than the partner signed for',
    'completeness.json',
    edit<{ digests: { count: number }[] }>((all) => ({
      ...all,
      digests: all.digests.map((digest) => ({ ...digest, count: digest.count + 1 })),
    })),
  ),
  broken(
    'file-differs',
    ['file-differs'],
    'The minutes rewritten',
    'minutes.html',
    (text) => text.replace('Biên bản', 'Biên bản mới'),
    { unsigned: true },
  ),
];
