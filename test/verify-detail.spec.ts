import { Messages } from '../src/platform/http/messages.js';
import type { Locale } from '../src/platform/http/format.js';
import { detailText } from '../src/verify/detail.js';
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
/** Faults of shape name fields of the protocol and what was wanted there; they stay in its language. */
const isShape = (detail: string) => detail.includes(': wanted ');

describe('the details of findings', () => {
  it('are in English what the judge says, and in Vietnamese not English, faults of shape apart', async () => {
    const details = new Set<string>();
    for (const { files } of RECIPES) {
      const { findings } = await verifyFiles(bundleFiles(files));
      for (const { published, computed } of findings) details.add(published).add(computed);
    }
    const all = [...details];
    expect(all.filter((detail) => english(detail) !== detail)).toEqual([]);
    expect(all.filter((detail) => ENGLISH.test(detail)).length).toBeGreaterThan(15);
    expect(all.filter((detail) => !isShape(detail) && ENGLISH.test(vietnamese(detail)))).toEqual([]);
  });

  it('keep the values in them, braces and all, and leave alone what is only a value', () => {
    expect(vietnamese('2 of thanh-tra.example, bao.example')).toBe(
      '2 trong số thanh-tra.example, bao.example',
    );
    expect(vietnamese('matches ^{value}$')).toBe('khớp với mẫu ^{value}$');
    expect(vietnamese('00007,nobody')).toBe('00007,nobody');
  });
});
