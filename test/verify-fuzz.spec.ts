import * as fc from 'fast-check';
import { FINDING_CODES } from '../src/rules/draw/finding.js';
import { parseFiles } from '../src/rules/draw/files.js';
import { parseKeys } from '../src/rules/draw/keys.js';
import {
  parseAddendum,
  parseCompleteness,
  parseResult,
  parseRules,
  parseSources,
  parseStrikes,
} from '../src/rules/draw/parse.js';
import { matchesPattern, parsePattern } from '../src/rules/draw/pattern.js';
import { parseKey, parseNote } from '../src/rules/merkle/note.js';
import { Unusable } from '../src/verify/archive.js';
import { cheated, CHEATS } from '../src/verify/lab.js';
import { loadBundle } from '../src/verify/load.js';
import { NODE } from '../src/verify/open-bundle.js';
import { parseRound } from '../src/verify/relays.js';
import { CHAINS, isRoundSignature, roundAfter, roundAt, timeOfRound } from '../src/verify/beacon.js';
import { verifyFiles } from '../src/verify/verify.js';
import { openZip } from '../src/verify/zip.js';
import { bundleFiles, exampleFiles, ROUNDS } from './support/bundle.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInflateRaw } from 'node:zlib';
import { Readable } from 'node:stream';
import yazl from 'yazl';

const sources = [{ id: 'hall', kind: 'witness' as const, description: 'dice', pattern: '^[0-9]{20}$' }];
const sound = exampleFiles({ count: 30, struckWinners: 1, replacements: 1, rules: { sources } });

const damage = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 200 }) }),
  fc.record({
    kind: fc.constant('put' as const),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 30 }),
  }),
  fc.record({
    kind: fc.constant('say' as const),
    at: fc.nat(),
    text: fc.constantFrom(
      'null',
      '-1',
      '1e999',
      'NaN',
      '"',
      '}',
      ',',
      '\r',
      '\ufeff',
      '\u0000',
      '9007199254740993',
      'é',
      '—',
    ),
  }),
  fc.record({ kind: fc.constant('json' as const), value: fc.json() }),
);
type Damage = typeof damage extends fc.Arbitrary<infer Kind> ? Kind : never;

function damaged(before: Buffer, how: Damage): Buffer {
  if (how.kind === 'json') return Buffer.from(how.value);
  const at = how.at % (before.length + 1);
  const [head, tail] = [before.subarray(0, at), before.subarray(at)];
  if (how.kind === 'flip')
    return Buffer.from(before.map((byte, i) => (i === at ? byte ^ (1 << how.bit) : byte)));
  if (how.kind === 'cut') return Buffer.concat([head, tail.subarray(how.length)]);
  if (how.kind === 'end') return head;
  if (how.kind === 'repeat') return Buffer.concat([head, tail.subarray(0, how.length), tail]);
  return Buffer.concat([head, how.kind === 'put' ? how.bytes : Buffer.from(how.text), tail]);
}

/** Files whose every byte is judged, even where nobody signed a list of files. */
const EXACT = [
  'rules.json',
  'entries.csv',
  'result.json',
  'replacements/01/addendum.json',
  'replacements/01/result.json',
];

describe('a bundle damaged at random', () => {
  it('is never a crash and never sound', async () => {
    const names = [...sound.keys()];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), damage, async (name, how) => {
        const before = Buffer.from(sound.get(name)!);
        const after = damaged(before, how);
        fc.pre(!after.equals(before));
        const files = new Map<string, string | Uint8Array>([...sound, [name, after]]);
        const { findings } = await verifyFiles(bundleFiles(files));
        expect(findings.length).toBeGreaterThan(0);
        for (const { code } of findings) expect(FINDING_CODES).toContain(code);
      }),
      { numRuns: 250 },
    );
  });

  it('is found without the list of files wherever the number of a code could change', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...EXACT), damage, async (name, how) => {
        const before = Buffer.from(sound.get(name)!);
        const after = damaged(before, how);
        fc.pre(!after.equals(before));
        const files = new Map<string, string | Uint8Array>([...sound, [name, after]]);
        files.delete('files.txt');
        expect((await verifyFiles(bundleFiles(files))).findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });

  it('is no better with files missing or exchanged', async () => {
    const names = [...sound.keys()].filter((name) => name !== 'files.txt');
    for (const name of names) {
      const without = new Map(sound);
      without.delete(name);
      expect((await verifyFiles(bundleFiles(without))).findings.length).toBeGreaterThan(0);
    }
    const [first, second] = ['rules.json', 'result.json'];
    const exchanged = new Map([...sound, [first!, sound.get(second!)!], [second!, sound.get(first!)!]]);
    expect((await verifyFiles(bundleFiles(exchanged))).findings.length).toBeGreaterThan(0);
    expect((await verifyFiles(bundleFiles(new Map()))).findings.length).toBeGreaterThan(6);
  });

  it.each(CHEATS)('by the cheat %s is found', async (cheat) => {
    const files = cheated(bundleFiles(sound), cheat);
    expect(files).toBeDefined();
    expect((await verifyFiles(files!)).findings.length).toBeGreaterThan(0);
  });
});

describe('a parser', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json());
  it.each<[string, (text: string) => unknown]>([
    ['parseRules', parseRules],
    ['parseResult', parseResult],
    ['parseAddendum', parseAddendum],
    ['parseSources', parseSources],
    ['parseStrikes', parseStrikes],
    ['parseCompleteness', parseCompleteness],
    ['parseNote', parseNote],
    ['parseKey', parseKey],
    ['parseKeys', parseKeys],
    ['parseFiles', (body) => parseFiles(body, 'a')],
    ['parsePattern', parsePattern],
    ['matchesPattern', (pattern) => matchesPattern(pattern, '12345')],
    ['parseRound', (json) => parseRound(CHAINS[0]!, 1000, json)],
  ])('%s never throws', (_, parse) => {
    fc.assert(
      fc.property(text, (input) => void parse(input)),
      { numRuns: 500 },
    );
  });

  it('reads shapes whatever stands in them', () => {
    const rules = JSON.parse(sound.get('rules.json')!) as Record<string, unknown>;
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(rules)), fc.jsonValue(), (name, value) => {
        const { faults, value: read } = parseRules(JSON.stringify({ ...rules, [name]: value }));
        expect(faults === undefined).toBe(read !== undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('matches patterns as JavaScript does, in bounded steps', () => {
    const atom = fc.constantFrom('1', '[0-9]', '[^1]', '[1-3]', '\\d', '.', '(12|3)', '(?:1|2)', 'a', '\\.');
    const count = fc.constantFrom('', '?', '*', '+', '{2}', '{1,3}', '{2,}');
    const pattern = fc.array(fc.tuple(atom, count), { maxLength: 5 }).map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[123a.]{0,8}$/), (source, value) => {
        expect([source, matchesPattern(source, value)]).toEqual([
          source,
          new RegExp(`^(?:${source})$`, 'su').test(value),
        ]);
      }),
      { numRuns: 1000 },
    );
    for (const slow of ['((1*)*)*x', '(1|1)*x', '(1+)+x', '((1{1,999}){1,999}){1,999}x', '(.*.*.*.*.*.*)*x'])
      expect(matchesPattern(slow, '1'.repeat(1000))).not.toBe(true);
    for (const refused of [
      '(?=1)',
      '\\1',
      '(',
      ')',
      '[',
      'a**',
      '{1}',
      '\\w',
      '[z-a]',
      '1{3,2}',
      '1{1001}',
      'x'.repeat(201),
    ])
      expect(parsePattern(refused)).toBeUndefined();
  });

  it('of zips gives a bundle or says why not', async () => {
    const zip = new yazl.ZipFile();
    for (const [name, data] of sound) zip.addBuffer(Buffer.from(data), name);
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    const inflate = (packed: AsyncIterable<Uint8Array>) =>
      Readable.from(packed).pipe(createInflateRaw()) as AsyncIterable<Uint8Array>;
    const load = async (bytes: Buffer) => {
      const opened = {
        size: bytes.length,
        read: async (from: number, to: number) => new Uint8Array(bytes.subarray(from, to)),
        close: async () => {},
      };
      const files = await loadBundle(await openZip(opened, inflate), NODE);
      return verifyFiles(files);
    };
    expect((await load(whole)).findings).toEqual([]);
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const bytes = damaged(whole, how);
        fc.pre(!bytes.equals(whole));
        // What a zip keeps besides the files (times, rights, comments) may change without changing any of them.
        const report = await load(bytes).catch((error: unknown) => error);
        if (!(report instanceof Unusable)) expect(report).toHaveProperty('findings');
      }),
      { numRuns: 250 },
    );
  });
});

describe('the beacon quicknet', () => {
  const [chain] = CHAINS;
  const {
    rounds,
    must_reject: rejected,
    chain: published,
  } = JSON.parse(readFileSync(join(import.meta.dirname, 'vectors/outside/drand_quicknet.json'), 'utf8')) as {
    rounds: { round: number; time_utc: string; signature: string; randomness: string }[];
    must_reject: { round: number; signature: string; randomness?: string }[];
    chain: { chain_hash: string; public_key: string; period_s: number; genesis_time: number };
  };

  it('is the one that drand publishes', () => {
    expect(chain).toMatchObject({
      hash: published.chain_hash,
      publicKey: published.public_key,
      period: published.period_s,
      genesis: published.genesis_time,
    });
  });

  it.each(rounds)(
    'round $round is genuine and due at $time_utc',
    ({ round, time_utc, signature, randomness }) => {
      expect(isRoundSignature(chain!, round, signature)).toBe(true);
      expect(new Date(timeOfRound(chain!, round) * 1000)).toEqual(new Date(time_utc));
      expect(roundAt(chain!, timeOfRound(chain!, round))).toBe(round);
      expect(roundAt(chain!, timeOfRound(chain!, round) + 2)).toBe(round);
      expect(roundAfter(chain!, timeOfRound(chain!, round))).toBe(round + 1);
      expect(parseRound(chain!, round, JSON.stringify({ round, signature, randomness }))).toEqual({
        round,
        signature,
        randomness,
      });
    },
  );

  it('refuses what must be refused', () => {
    for (const answer of rejected)
      expect(typeof parseRound(chain!, answer.round, JSON.stringify(answer))).toBe('string');
    for (const signature of [
      '',
      '00',
      ROUNDS[1000].toUpperCase(),
      `${ROUNDS[1000]}00`,
      'c0'.padEnd(96, '0'),
      'f'.repeat(96),
    ])
      expect(isRoundSignature(chain!, 1000, signature)).toBe(false);
    for (const round of [0, -1, 1.5, NaN, 2 ** 60])
      expect(isRoundSignature(chain!, round, ROUNDS[1000])).toBe(false);
    expect(parseRound(chain!, 1000, '{"round":1001}')).toBe('not-json');
    expect(parseRound(chain!, 1000, 'x'.repeat(1e6))).toBe('not-json');
  });
});
