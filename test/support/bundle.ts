import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import seedrandom from 'seedrandom';
import { type Bundle, bundleTexts } from '../../src/rules/draw/bundle.js';
import { checkpointBody } from '../../src/rules/draw/checkpoint.js';
import { commitmentOf, documentHash, holderOf } from '../../src/rules/draw/digest.js';
import type {
  Addendum,
  Completeness,
  DrawRules,
  Entry,
  Replacement,
  Source,
  SourceValue,
  Strike,
} from '../../src/rules/draw/documents.js';
import { draw, replace } from '../../src/rules/draw/draw.js';
import { entriesText, EntryList } from '../../src/rules/draw/entries.js';
import { filesBody } from '../../src/rules/draw/files.js';
import type { BundleFiles } from '../../src/rules/draw/judge/reading.js';
import { KEY_TYPE, noteText } from '../../src/rules/merkle/note.js';
import type { Hash } from '../../src/rules/merkle/tree.js';
import { Signer } from '../../src/verify/ed25519.js';

/** Everything in an example is made from numbers, so that it is the same on every machine. */
const bytesOf = (name: string) => sha256(utf8ToBytes(`thidua example ${name}`));

export const OPERATOR = new Signer('thidua.example', bytesOf('operator'));
export const WITNESSES = ['thanh-tra.example', 'ngan-hang.example'].map(
  (name) => new Signer(name, bytesOf(name), KEY_TYPE.cosignature),
);

export const SECRET = bytesOf('secret of the bank');
const DICE = '^[0-9]{20}$';

/** Rounds of the beacon that really happened: 15:59:24 on 23 August 2023 and three seconds later. */
export const ROUNDS = {
  1000: 'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39',
  1001: 'b33bf3667cbd5a82de3a24b4e0e9fe5513cc1a0e840368c6e31f5fcfa79bea03f73896b25883abf2853d10337fb8fa41',
};
export const QUICKNET = '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971';

export interface ExampleOptions {
  readonly name?: string;
  readonly rules?: Partial<DrawRules>;
  readonly count?: number;
  /** Digits of a code. */
  readonly width?: number;
  /** How many entries each person has, on average. */
  readonly perHolder?: number;
  readonly struckWinners?: number;
  readonly replacements?: number;
  /** When the witnesses saw the checkpoint. */
  readonly witnessedAt?: string;
  /** A faster SHA-256, for large lists. */
  readonly hash?: Hash;
}

export function exampleRules({ name = 'example/ky-1', rules = {} }: ExampleOptions): DrawRules {
  return {
    protocol: 'thidua-draw/1',
    draw: name,
    title: 'Kỳ quay số thử',
    organizer: 'Đơn vị thử',
    closesAt: '2023-08-23T15:00:00Z',
    drawsAt: '2023-08-23T15:59:24Z',
    method: 'ticket',
    winsPerHolder: 1,
    prizes: [
      { id: 'third', name: 'Giải Ba', quantity: 5, value: 2_000_000 },
      { id: 'second', name: 'Giải Nhì', quantity: 1, value: 10_000_000 },
      { id: 'first', name: 'Giải Nhất', quantity: 1, value: 20_000_000 },
      { id: 'special', name: 'Giải Đặc biệt', quantity: 1, value: 55_000_000 },
    ],
    sources: [
      { id: 'beacon', kind: 'drand', chain: QUICKNET, round: 1000 },
      { id: 'hall', kind: 'witness', description: '20 throws of a ten-sided die', pattern: DICE },
      { id: 'bank', kind: 'commitment', commitment: commitmentOf(name, 'bank', SECRET) },
    ],
    ...rules,
  };
}

export function exampleEntries({
  count = 200,
  perHolder = 3,
  width = 5,
  name = 'example/ky-1',
}: ExampleOptions): Entry[] {
  const people = Math.max(1, Math.ceil(count / perHolder));
  const holders = Array.from({ length: people }, (_, person) =>
    holderOf(bytesOf(`salt ${name} ${person}`), `cccd:${String(person).padStart(12, '0')}`),
  );
  return Array.from({ length: count }, (_, at) => ({
    code: String(at + 1).padStart(width, '0'),
    holder: holders[(at * 7) % people]!,
  }));
}

const spoken = (source: Source, at: string, dice: string): SourceValue => {
  const recorded = { id: source.id, recordedAt: at, recordedBy: ['Ban tổ chức', 'Thanh tra'] };
  if (source.kind === 'witness') return { ...recorded, value: dice };
  if (source.kind === 'commitment') return { ...recorded, value: bytesToHex(SECRET) };
  const value = ROUNDS[source.round as keyof typeof ROUNDS];
  const randomness = bytesToHex(sha256(Uint8Array.from(Buffer.from(value, 'hex'))));
  return { ...recorded, value, round: source.round, randomness };
};
const valuesOf = (sources: readonly SourceValue[]) => new Map(sources.map(({ id, value }) => [id, value]));
const strikeOf = (code: string, at: string): Strike => ({
  code,
  reason: 'Cán bộ của đơn vị tổ chức',
  at,
  by: ['Ban tổ chức', 'Thanh tra'],
});
const seeded = { seedrandom: (seed: string) => seedrandom(seed) };

function completenessOf(listed: number): Completeness {
  const half = Math.floor(listed / 2);
  const tally = (share: number) => ({
    received: share + 9,
    eligible: share + 2,
    refused: 4,
    quarantined: 2,
    duplicate: 1,
    entriesIssued: share + 2,
    entriesVoided: 1,
    barred: 1,
    listed: share,
  });
  const days = [
    { day: '2023-08-01', ...tally(half) },
    { day: '2023-08-02', ...tally(listed - half) },
  ];
  const sum = (name: keyof ReturnType<typeof tally>) => days[0]![name] + days[1]![name];
  const names = Object.keys(tally(0)) as (keyof ReturnType<typeof tally>)[];
  return {
    days,
    total: Object.fromEntries(names.map((name) => [name, sum(name)])) as unknown as Completeness['total'],
    digests: days.map(({ day, received, duplicate }) => ({
      day,
      count: received - duplicate,
      amount: (received - duplicate) * 50_000,
      fileHash: bytesToHex(bytesOf(day)),
      signature: null,
    })),
  };
}

/** A whole draw, published: with strikes and replacements where the options ask for them. */
export function exampleBundle(options: ExampleOptions = {}): { bundle: Bundle; entries: Entry[] } {
  const rules = exampleRules(options);
  const chance = { ...seeded, ...(options.hash && { hash: options.hash }) };
  const entries = exampleEntries(options);
  const list = EntryList.from(entries);
  const root = bytesToHex(list.root(options.hash));
  const body = checkpointBody({
    origin: 'thidua.example',
    draw: rules.draw,
    size: list.size,
    root,
    rulesHash: documentHash(rules),
  });
  const frozen = Date.parse(options.witnessedAt ?? '2023-08-23T15:10:00Z') / 1000;
  const signatures = [OPERATOR.sign(body), ...WITNESSES.map((each, at) => each.sign(body, frozen + at))];
  const sources = rules.sources.map((each) => spoken(each, '2023-08-23T15:59:25Z', '35465563116351122461'));
  const inputs = { rules, list, root, values: valuesOf(sources) };
  const unstruck = draw({ ...inputs, strikes: [] }, chance);
  const strikes = unstruck.winners
    .slice(0, options.struckWinners ?? 0)
    .map(({ code }) => strikeOf(code, '2023-08-23T15:30:00Z'));
  const result = draw({ ...inputs, strikes }, chance);
  const replacements: (Replacement & { sources: SourceValue[] })[] = [];
  for (let number = 1; number <= (options.replacements ?? 0); number++) {
    const before = replacements.at(-1)?.result ?? result;
    const { prize, place, code } = before.winners[0]!;
    const addendum: Addendum = {
      protocol: 'thidua-draw/1',
      draw: rules.draw,
      number,
      previous: documentHash(before),
      strikes: [strikeOf(code, `2023-08-2${3 + number}T02:00:00Z`)],
      vacancies: [{ prize, place }],
      sources: [{ id: 'hall', kind: 'witness', description: '20 throws of a ten-sided die', pattern: DICE }],
    };
    const recorded = `2023-08-2${3 + number}T03:00:00Z`;
    const values = addendum.sources.map((each) => spoken(each, recorded, `${number}`.padStart(20, '9')));
    const done = replace(
      { ...inputs, strikes, values: valuesOf(values), addendum, result, before: [...replacements] },
      chance,
    );
    replacements.push({ addendum, result: done, sources: values });
  }
  const keys = {
    operators: [OPERATOR.key],
    witnesses: WITNESSES.map(({ key }) => key),
    witnessesNeeded: 2,
    margin: 600,
  };
  const checkpoint = noteText({ body, signatures });
  const completeness = completenessOf(entries.length);
  return {
    entries,
    bundle: { rules, checkpoint, strikes, sources, result, replacements, completeness, keys },
  };
}

/** The files of a bundle as text, with pages for readers and the operator's list of all of them. */
export function exampleFiles(options: ExampleOptions = {}): Map<string, string> {
  const { bundle, entries } = exampleBundle(options);
  const files = bundleTexts(bundle);
  files.set('entries.csv', entriesText(entries));
  files.set('README.txt', 'Cách kiểm tra · How to check\n');
  files.set('minutes.html', '<!doctype html><title>Biên bản</title>\n');
  return withFileList(files, bundle.rules.draw);
}

/** Signs the list of files anew, as only the operator could. */
export function withFileList(files: Map<string, string>, name: string): Map<string, string> {
  const hashes = new Map([...files].map(([file, text]) => [file, hashOf(text)]));
  const body = filesBody('thidua.example', name, hashes);
  return new Map([...files, ['files.txt', noteText({ body, signatures: [OPERATOR.sign(body)] })]]);
}

const hashOf = (text: string) => bytesToHex(sha256(utf8ToBytes(text)));

/** The files as the judge takes them, without going through a disk. */
export function bundleFiles(files: ReadonlyMap<string, string | Uint8Array>): BundleFiles {
  const bytes = new Map(
    [...files].map(([name, data]) => [name, typeof data === 'string' ? utf8ToBytes(data) : data]),
  );
  const entries = bytes.get('entries.csv');
  const decode = (data: Uint8Array) => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    } catch {
      return undefined;
    }
  };
  return {
    texts: new Map(
      [...bytes].filter(([name]) => name !== 'entries.csv').map(([name, data]) => [name, decode(data)]),
    ),
    hashes: new Map([...bytes].map(([name, data]) => [name, bytesToHex(sha256(data))])),
    list: entries && EntryList.of(entries),
  };
}
