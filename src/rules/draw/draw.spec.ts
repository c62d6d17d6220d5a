import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import seedrandom from 'seedrandom';
import { documentHash, holderOf } from './digest.js';
import type { Addendum, DrawResult, DrawRules, Entry, Skipped, Strike, Winner } from './documents.js';
import { draw, replace } from './draw.js';
import { entriesText, EntryList } from './entries.js';
import { orderOf } from './order.js';
import { ticketOf } from './ticket.js';

interface Case {
  rules: DrawRules;
  rulesHash: string;
  /** The entries, or how many of them the recipe of the file makes. */
  entries: [string, string][] | { count: number };
  root: string;
  size: number;
  sources: { id: string; value: string }[];
  seed: string;
  firstTen: string[];
  struck: string[];
  winners: Winner[];
  skipped: Skipped[];
}

const vectors = new URL('../../../test/vectors/outside/draw-protocol.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(vectors, 'utf8')) as { cases: Case[] };
const chance = { seedrandom: (seed: string) => seedrandom(seed) };

const strike = (code: string): Strike => ({ code, reason: 'r', at: '2023-05-01T00:00:00Z', by: ['a', 'b'] });
/** The recipe of the published file: code i + 1, person (7i + ⌊i/5⌋) mod ⌊n/3⌋, salt H("salt KEY person"). */
function entriesOf({ entries, rules }: Case): Entry[] {
  if (Array.isArray(entries)) return entries.map(([code, holder]) => ({ code, holder }));
  const key = rules.draw.slice('vector/'.length, 'vector/'.length + 1);
  return Array.from({ length: entries.count }, (_, at) => {
    const person = (at * 7 + Math.floor(at / 5)) % Math.floor(entries.count / 3);
    const salt = sha256(utf8ToBytes(`salt ${key} ${person}`));
    const identity = `cccd:${String(person).padStart(12, '0')}`;
    return { code: String(at + 1).padStart(5, '0'), holder: holderOf(salt, identity) };
  });
}

const listOf = (each: Case) => EntryList.from(entriesOf(each));
const valuesOf = (sources: Case['sources']) => new Map(sources.map(({ id, value }) => [id, value]));
const inputsOf = (each: Case) => ({
  rules: each.rules,
  root: each.root,
  list: listOf(each),
  values: valuesOf(each.sources),
  strikes: each.struck.map(strike),
});

describe.each(cases.map((each) => [each.rules.draw, each] as const))('the published case %s', (_, each) => {
  it('has the rules, the list and the root that were published', () => {
    const list = listOf(each);
    expect(documentHash(each.rules)).toBe(each.rulesHash);
    expect(list.size).toBe(each.size);
    expect(bytesToHex(list.root())).toBe(each.root);
  });

  it('gives seed, order, winners and skipped entries', () => {
    const { seed, winners, skipped } = draw(inputsOf(each), chance);
    expect({ seed, winners, skipped }).toEqual({
      seed: each.seed,
      winners: each.winners,
      skipped: each.skipped,
    });
    const list = listOf(each);
    const order = orderOf(each.rules.method, seed, list, 1, chance);
    expect(each.firstTen.map((__, at) => list.code(order.at(at + 1)!))).toEqual(each.firstTen);
  });
});

const example = cases.find(({ rules }) => rules.draw === 'vector/b-ticket')!;

describe('a draw', () => {
  it('has no result before every source has spoken', () => {
    const inputs = { ...inputsOf(example), values: valuesOf(example.sources.slice(1)) };
    expect(() => draw(inputs, chance)).toThrow(/source hall/);
  });

  it('leaves places undrawn when the order ends', () => {
    const short = cases.find(({ rules }) => rules.draw === 'vector/a-ticket')!;
    expect(draw(inputsOf(short), chance).winners).toHaveLength(2);
    const none = { ...inputsOf(short), list: EntryList.from([]) };
    expect(draw(none, chance)).toMatchObject({ size: 0, winners: [], skipped: [] });
  });

  it('strikes without reordering anyone (ticket)', () => {
    const inputs = { ...inputsOf(example), strikes: [] };
    const before = draw(inputs, chance);
    const out = before.winners[2]!.code;
    const after = draw({ ...inputs, strikes: [strike(out)] }, chance);
    const order = ({ winners, skipped }: DrawResult) =>
      [...winners, ...skipped]
        .sort((a, b) => a.position - b.position)
        .map(({ position, code }) => `${position} ${code}`);
    expect(order(after).slice(0, order(before).length)).toEqual(order(before));
    expect(after.skipped).toContainEqual({
      position: before.winners[2]!.position,
      code: out,
      reason: 'struck',
    });
  });
});

describe('a replacement', () => {
  const inputs = inputsOf(example);
  const result = draw(inputs, chance);
  const addendum = (number: number, previous: DrawResult, more: Partial<Addendum>): Addendum => ({
    protocol: 'thidua-draw/1',
    draw: example.rules.draw,
    number,
    previous: documentHash(previous),
    strikes: [],
    vacancies: [],
    sources: [{ id: 'hall', kind: 'witness', description: 'dice', pattern: '^[0-9]{20}$' }],
    ...more,
  });
  const values = new Map([['hall', '09182736450918273645']]);
  const first = result.winners[0]!;
  const vacant = { prize: first.prize, place: first.place };

  it('fills the vacancy and passes over everyone who won, vacated or not', () => {
    const one = addendum(1, result, { vacancies: [vacant], strikes: [strike(first.code)] });
    const replaced = replace({ ...inputs, values, addendum: one, result, before: [] }, chance);
    expect(replaced.rulesHash).toBe(documentHash(one));
    expect(replaced.winners).toHaveLength(1);
    expect(replaced.winners[0]).toMatchObject(vacant);
    expect(result.winners.map(({ code }) => code)).not.toContain(replaced.winners[0]!.code);
  });

  it('counts only wins that still stand against the holder limit', () => {
    const holder = (n: number) => String(n).padStart(64, '0');
    const entries: Entry[] = [
      { code: '1', holder: holder(1) },
      { code: '2', holder: holder(1) },
    ];
    const rules = { ...example.rules, prizes: [example.rules.prizes[0]!], winsPerHolder: 1 };
    const one = { ...inputs, rules: { ...rules, prizes: [{ ...rules.prizes[0]!, quantity: 1 }] } };
    const tiny = { ...one, list: EntryList.from(entries), strikes: [] };
    const drawn = draw(tiny, chance);
    const won = drawn.winners[0]!;
    const vacancy = addendum(1, drawn, { vacancies: [{ prize: won.prize, place: 1 }] });
    const again = replace({ ...tiny, values, addendum: vacancy, result: drawn, before: [] }, chance);
    expect(again.winners.map(({ code }) => code)).toEqual([won.code === '1' ? '2' : '1']);
    expect(again.skipped.every(({ reason }) => reason === 'won')).toBe(true);
  });

  it('continues from the replacement before', () => {
    const one = addendum(1, result, { vacancies: [vacant] });
    const first1 = replace({ ...inputs, values, addendum: one, result, before: [] }, chance);
    const two = addendum(2, first1, { vacancies: [vacant] });
    const before = [{ addendum: one, result: first1 }];
    const second = replace({ ...inputs, values, addendum: two, result, before }, chance);
    const codes = [...result.winners, ...first1.winners, ...second.winners].map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('entries', () => {
  it('are text: leading zeros count', () => {
    const holder = 'a'.repeat(64);
    expect(entriesText([{ code: '00001', holder }])).toBe(`code,holder\n00001,${holder}\n`);
    expect(ticketOf('0'.repeat(64), '00001').number).not.toBe(ticketOf('0'.repeat(64), '1').number);
  });

  it.each([
    ['out of order', ['2', '1']],
    ['twice', ['1', '1']],
    ['in lower case', ['a']],
    ['empty', ['']],
    ['too long', ['1'.repeat(33)]],
  ])('are refused when a code is %s', (_, codes) => {
    expect(() => entriesText(codes.map((code) => ({ code, holder: 'a'.repeat(64) })))).toThrow(RangeError);
  });

  it('are found by their code', () => {
    const list = listOf(example);
    expect(list.find('00378')).toBe(377);
    expect(list.find('99999')).toBeUndefined();
  });
});

describe('a holder', () => {
  it('differs with the salt, so that draws cannot be linked', () => {
    const salts = [1, 2].map((byte) => new Uint8Array(32).fill(byte));
    expect(new Set(salts.map((salt) => holderOf(salt, 'cccd:024090000001'))).size).toBe(2);
    expect(() => holderOf(new Uint8Array(31), 'cccd:1')).toThrow(/31 bytes/);
  });
});

describe('the example of the README', () => {
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
  const rules = JSON.parse(/```json\n(.+)\n```/.exec(readme)![1]!) as DrawRules;
  const csv = /```\n(code,holder\n[^`]+)```/.exec(readme)![1]!;
  const list = EntryList.of(utf8ToBytes(csv));
  const root = bytesToHex(list.root());
  const inputs = { rules, list, root, values: new Map([['hall', '35465563116351122461']]), strikes: [] };

  it('comes out as it is written there', () => {
    const result = draw(inputs, chance);
    for (const told of [documentHash(rules), root, result.seed]) expect(readme).toContain(told);
    expect(readme).toContain(ticketOf(result.seed, '00002').number.slice(0, 8));
    expect(result.winners.map(({ code, position }) => [code, position])).toEqual([
      ['00002', 1],
      ['00003', 2],
    ]);
    const struck = draw({ ...inputs, strikes: [strike('00002')] }, chance);
    expect(struck.winners.map(({ code }) => code)).toEqual(['00003', '00004']);
    expect(struck.skipped).toContainEqual({ position: 3, code: '00001', reason: 'holder-limit' });
  });
});
