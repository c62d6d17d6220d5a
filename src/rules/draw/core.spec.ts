import { readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import seedrandom from 'seedrandom';
import { canonicalJson } from './canonical.js';
import { checkpointBody, parseCheckpoint } from './checkpoint.js';
import { commitmentOf, documentHash, field } from './digest.js';
import { parseReceipt, paymentHash, receiptBody } from './receipt.js';
import { below, ShuffledOrder } from './shuffle.js';
import { compareTickets, Smallest, ticketOf } from './ticket.js';

const SEED = '85806ed81aa932f3328d73e1e13bdb2748fedd5c88c6096dd1d71c4b20a4447c';

describe('canonical JSON', () => {
  const document = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value')),
    ),
  })).value;

  it('is that of the kept RFC 8785 library, and reads back as the same value', () => {
    fc.assert(
      fc.property(document, (value) => {
        const text = canonicalJson(value);
        expect(text).toBe(canonicalize(value));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('sorts by UTF-16 code units, as the RFC shows', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const text = canonicalJson(Object.fromEntries(names.map((name) => [name, 1])));
    expect(Object.keys(JSON.parse(text) as object)).toEqual([
      '1',
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ]);
    expect(canonicalJson(-0)).toBe('0');
  });

  it.each([
    [0.5],
    [NaN],
    [Infinity],
    [2 ** 53],
    [undefined],
    ['\ud800'],
    [1n],
    [{ a: undefined }],
    [() => 1],
  ])('refuses %p', (value) => expect(() => canonicalJson(value)).toThrow(RangeError));

  it('refuses a value a hundred levels deep instead of running out of stack', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 5000; level++) deep = [deep];
    expect(() => canonicalJson(deep)).toThrow(/100 levels/);
  });
});

describe('digests', () => {
  it('frame every field with its length', () => {
    expect(field(Uint8Array.of(7, 8))).toEqual(Uint8Array.of(0, 0, 0, 2, 7, 8));
  });

  it('of a commitment are those published', () => {
    const { cases } = JSON.parse(
      readFileSync(new URL('../../../test/vectors/outside/draw-protocol.json', import.meta.url), 'utf8'),
    ) as {
      cases: {
        rules: { draw: string; sources: { id: string; commitment?: string }[] };
        sources: { id: string; value: string }[];
      }[];
    };
    for (const { rules, sources } of cases) {
      const secret = Buffer.from(sources.find(({ id }) => id === 'bank')!.value, 'hex');
      const published = rules.sources.find(({ id }) => id === 'bank')!.commitment;
      expect(commitmentOf(rules.draw, 'bank', secret)).toBe(published);
    }
    expect(() => commitmentOf('a', 'b', new Uint8Array(31))).toThrow(/31 bytes/);
  });

  it('do not depend on the order in which a document was typed', () => {
    expect(documentHash({ a: 1, b: [true, null] })).toBe(documentHash({ b: [true, null], a: 1 }));
  });
});

describe('ticket numbers', () => {
  it('are what sha256sum says', () => {
    // echo -n "85806ed8…447c:40408" | sha256sum
    expect(ticketOf(SEED, '40408').number).toBe(
      '0bae671e9fc6e04e613664ec78f37b61ce3f8585b33da9c87dcb6c2f25215f67',
    );
  });

  it.each(['', 'abc', SEED.toUpperCase(), `${SEED}0`, SEED.slice(1)])(
    'are not made from the seed %p',
    (seed) => {
      expect(() => ticketOf(seed, '1')).toThrow(/64 lower-case hex digits/);
    },
  );

  it('merge lists of several provinces into the one order', () => {
    const codes = Array.from({ length: 300 }, (_, at) => String(at).padStart(5, '0'));
    const ordered = (part: string[]) => part.map((code) => ticketOf(SEED, code)).sort(compareTickets);
    const whole = ordered(codes);
    const parts = [0, 1, 2].map((province) => ordered(codes.filter((_, at) => at % 3 === province)));
    const merged: typeof whole = [];
    while (parts.some((part) => part.length > 0)) {
      parts.sort((a, b) => (a[0] && b[0] ? compareTickets(a[0], b[0]) : b.length - a.length));
      merged.push(parts.find((part) => part.length > 0)!.shift()!);
    }
    expect(merged).toEqual(whole);
  });

  it('are kept smallest first, equal numbers by their place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40), { maxLength: 400 }),
        fc.integer({ min: 1, max: 20 }),
        (values, wanted) => {
          const kept = new Smallest(wanted);
          values.forEach((value, index) => kept.offer(index, new Uint8Array(32).fill(value)));
          const all = values.map((value, index) => ({ value, index }));
          all.sort((a, b) => a.value - b.value || a.index - b.index);
          expect([...kept.indexes()]).toEqual(all.slice(0, wanted).map(({ index }) => index));
        },
      ),
    );
  });
});

/** Protocol §5, "without the library": RC4 keyed with the 64 ASCII bytes, 256 bytes dropped, 4 bytes big-endian. */
function rc4(seed: string) {
  const s = Uint8Array.from({ length: 256 }, (_, at) => at);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + s[i]! + seed.charCodeAt(i % 64)) & 255;
    [s[i], s[j]] = [s[j]!, s[i]!];
  }
  let [i, j] = [0, 0];
  const byte = () => {
    i = (i + 1) & 255;
    j = (j + s[i]!) & 255;
    [s[i], s[j]] = [s[j]!, s[i]!];
    return s[(s[i]! + s[j]!) & 255]!;
  };
  for (let dropped = 0; dropped < 256; dropped++) byte();
  return { int32: () => (byte() << 24) | (byte() << 16) | (byte() << 8) | byte() };
}

describe('the seedrandom order', () => {
  it('is that of the library and of the description without it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const seed = Buffer.from(bytes).toString('hex');
        const [library, described] = [seedrandom(seed), rc4(seed)];
        for (let at = 0; at < 50; at++) expect(described.int32()).toBe(library.int32());
      }),
    );
  });

  it('is a whole shuffle, whichever positions are asked for first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(1000), (size, salt) => {
        const seed = ticketOf(SEED, String(salt)).number;
        const dense = Array.from({ length: size }, (_, at) => at);
        const generator = seedrandom(seed);
        for (let t = 0; t < size; t++) {
          const other = t + below(generator, size - t);
          [dense[t], dense[other]] = [dense[other]!, dense[t]!];
        }
        const order = new ShuffledOrder(seed, size, (text) => seedrandom(text));
        order.at(Math.ceil(size / 2));
        expect(Array.from({ length: size }, (_, at) => order.at(at + 1))).toEqual(dense);
        expect(order.at(size + 1)).toBeUndefined();
      }),
    );
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 11],
    ['an object', { a: 1 }],
    ['short text', '11'],
    ['text that repeats', '111'],
    ['upper-case digits', SEED.toUpperCase()],
    ['63 digits', SEED.slice(1)],
    ['65 digits', `${SEED}0`],
    ['a line feed at the end', `${SEED}\n`],
    ['letters with the same low byte', SEED.replace('a', 'ạ')],
  ])('never reaches the generator with %s', (_, seed) => {
    let reached = false;
    const spy = () => {
      reached = true;
      return seedrandom(SEED);
    };
    expect(() => new ShuffledOrder(seed as string, 5, spy)).toThrow(/64 lower-case hex digits/);
    expect(reached).toBe(false);
  });

  it('throws away the words that would make small numbers likelier', () => {
    const words = [0xffffffff, 0xfffffffe, 7];
    expect(below({ int32: () => words.shift()! | 0 }, 10)).toBe(7);
    expect(below({ int32: () => -1 }, 2 ** 32)).toBe(2 ** 32 - 1);
    expect(() => below({ int32: () => 0 }, 0)).toThrow(RangeError);
    expect(() => below({ int32: () => 0 }, 2 ** 32 + 1)).toThrow(RangeError);
  });

  it('works at 4 thousand million entries', () => {
    const order = new ShuffledOrder(SEED, 4e9, (text) => seedrandom(text));
    const seen = new Set(Array.from({ length: 5000 }, (_, at) => order.at(at + 1)!));
    expect(seen.size).toBe(5000);
    expect(Math.max(...seen)).toBeGreaterThan(3.9e9);
  });
});

describe('checkpoint and receipt', () => {
  const checkpoint = {
    origin: 'thidua.example',
    draw: 'bac-giang-2022/ky-2',
    size: 12,
    root: SEED,
    rulesHash: SEED,
  };
  const receipt = {
    campaign: 'bac-giang-2022',
    period: 'ky-2',
    code: '40408',
    issuedAt: '2023-01-01T00:00:00Z',
    paymentHash: paymentHash('GD-1'),
  };

  it('come back as they were written', () => {
    expect(parseCheckpoint(checkpointBody(checkpoint), checkpoint.draw)).toEqual(checkpoint);
    expect(parseReceipt(receiptBody(receipt))).toEqual(receipt);
  });

  it('of another draw or shape are not read', () => {
    const body = checkpointBody(checkpoint);
    expect(parseCheckpoint(body, 'ky-1')).toBeUndefined();
    expect(parseCheckpoint(body.replace('\n12\n', '\n012\n'), checkpoint.draw)).toBeUndefined();
    expect(parseCheckpoint(`${body}more\n`, checkpoint.draw)).toBeUndefined();
    expect(() => receiptBody({ ...receipt, period: 'ky 2' })).toThrow(RangeError);
  });
});
