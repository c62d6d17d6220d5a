import { Messages } from '../src/platform/http/messages.js';
import type { Locale } from '../src/platform/http/format.js';
import { parseResult, parseRules, parseStrikes } from '../src/rules/draw/parse.js';
import { parseChains } from '../src/verify/chain-info.js';
import { detailText, whereText } from '../src/verify/detail.js';
import { verifyFiles } from '../src/verify/verify.js';
import { bundleFiles } from './support/bundle.js';
import { RECIPES } from './vectors/recipes.js';

const messages = new Messages();
const say = (locale: Locale) => (detail: string) =>
  detailText(detail, (key, variables) => messages.text(key, locale, variables));
const [english, vietnamese] = [say('en'), say('vi')];
/** Words that no code, name, number or hash is, but every phrase of the judge has one of. */
const ENGLISH =
  /(?<![\p{L}\p{N}])(the|a|an|no|not|of|each|before|after|nobody|nothing|once|winners|skipped|malformed)(?![\p{L}\p{N}])/u;
/** Faults of shape begin with the place in the document. */
const isShape = (detail: string) => detail.includes(': wanted ');

/** Everything that rules can have wrong at once. */
const broken = JSON.stringify({
  protocol: 'x',
  draw: 'A',
  title: 1,
  organizer: '',
  closesAt: 'today',
  drawsAt: null,
  method: 'cage',
  winsPerHolder: 0,
  prizes: [{ id: 'a', name: 'A', quantity: 9e6, value: -1 }, { id: 'a' }],
  sources: [{ id: 's', kind: 'witness', description: 'd', pattern: '(' }, { kind: 'lottery' }],
});

describe('the details of findings', () => {
  it('are in English what the judge says, and in Vietnamese not English', async () => {
    const details = new Set<string>();
    for (const { files } of RECIPES) {
      const { findings } = await verifyFiles(bundleFiles(files));
      for (const { published, computed } of findings) details.add(published).add(computed);
    }
    const all = [...details];
    expect(all.filter((detail) => !isShape(detail) && english(detail) !== detail)).toEqual([]);
    expect(all.filter((detail) => ENGLISH.test(detail)).length).toBeGreaterThan(15);
    expect(all.filter((detail) => ENGLISH.test(vietnamese(detail)))).toEqual([]);
  });

  it('keep the values in them, braces and all, and leave alone what is only a value', () => {
    expect(vietnamese('2 of thanh-tra.example, bao.example')).toBe(
      '2 trong số thanh-tra.example, bao.example',
    );
    expect(vietnamese('matches ^{value}$')).toBe('khớp với mẫu ^{value}$');
    expect(vietnamese('00007,nobody')).toBe('00007,nobody');
  });

  it('say what a document should have been and what it is, every fault that a shape can have', () => {
    const faults = [
      ...(parseRules('{"protocol":"thidua-draw/1"}').faults ?? []),
      ...(parseRules('[1]').faults ?? []),
      ...(parseRules('{').faults ?? []),
      ...(parseRules('{"a":1,"a":2}').faults ?? []),
      ...(parseRules(broken).faults ?? []),
      ...(parseStrikes('[{"code":"x y","reason":1,"at":"now","by":[]}]').faults ?? []),
      ...(parseResult('{"winners":3,"skipped":[{"reason":"because"}]}').faults ?? []),
      ...parseChains('[{"public_key":"0","metadata":{}}]').faults,
    ];
    expect(faults.filter((fault) => !isShape(fault))).toEqual([]);
    expect(
      faults
        .map((fault) => vietnamese(fault).replace(/^[\w.[\]]+:|«.*»/g, ''))
        .filter((words) => /wanted|\bgot\b/.test(words) || ENGLISH.test(words)),
    ).toEqual([]);
    expect(faults.map(english).filter((words) => !words.includes('it should be'))).toEqual([]);
    expect(vietnamese('prizes[0].quantity: wanted a whole number from 1 to 2000000, got nothing')).toBe(
      'prizes[0].quantity: phải là số nguyên từ 1 đến 2000000, nhưng ở đây không có gì',
    );
    expect(english('method: wanted ticket or seedrandom, got cage')).toBe(
      'method: it should be one of: ticket, seedrandom, but here is “cage”',
    );
  });

  it("name the place in the reader's language", () => {
    const place = (where: string) => whereText(where, (key, values) => messages.text(key, 'vi', values));
    expect(place('entries.csv line 5')).toBe('entries.csv dòng 5');
    expect(place("completeness.json 2023-08-01 partner's count")).toBe(
      'completeness.json 2023-08-01 số đối tác đếm',
    );
    expect(place('result.json position 3')).toBe('result.json vị trí 3');
    expect(place('replacements/01/addendum.json')).toBe('replacements/01/addendum.json');
  });
});
