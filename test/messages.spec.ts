import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Messages } from '../src/platform/http/messages.js';

type Tree = { [key: string]: string | Tree };
const ROOT = join(import.meta.dirname, '..');
const MESSAGES = join(ROOT, 'templates/messages');
const names = readdirSync(MESSAGES).filter((name) => name.endsWith('.json'));
const features = [...new Set(names.map((name) => name.split('.')[0]!))];

const walk = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(ROOT, folder, name),
  );
const templates = walk('templates').filter((path) => path.endsWith('.hbs'));
const code = walk('src').filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'));
const read = (path: string) => readFileSync(path, 'utf8');

/** Key to wording; a counted sentence is one key with all its forms. */
function flat(tree: Tree, prefix: string): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[`${prefix}${name}`, value]];
    if (typeof value.other === 'string') return [[`${prefix}${name}`, Object.values(value).join(' ')]];
    return flat(value, `${prefix}${name}.`);
  });
}
const texts = (feature: string, locale: string) => {
  const tree = JSON.parse(read(join(MESSAGES, `${feature}.${locale}.json`))) as Tree;
  const own = Object.keys(tree).length === 1 && typeof tree[feature] === 'object' ? tree[feature] : tree;
  return new Map(flat(own, `${feature}.`));
};
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
const all = new Set(features.flatMap((feature) => [...texts(feature, 'vi').keys()]));
const prefixes = new Set(
  [...all].flatMap((key) => key.split('.').map((_, i, parts) => parts.slice(0, i).join('.'))),
);

describe('messages', () => {
  it.each(features)('%s: both languages say the same things with the same values', (feature) => {
    const [vi, en] = [texts(feature, 'vi'), texts(feature, 'en')];
    expect([...en.keys()].sort()).toEqual([...vi.keys()].sort());
    const faults = [...vi].filter(([key, text]) => {
      const [own, other] = [placeholders(text), placeholders(en.get(key) ?? '')];
      // An English singular may say "one" instead of {n}.
      return own.join() !== other.join();
    });
    expect(faults).toEqual([]);
  });

  it('writes Vietnamese in Vietnamese: nothing left empty, nothing composed of letter and separate mark', () => {
    const faults = names.flatMap((name) => {
      const [feature, locale] = name.split('.') as [string, string];
      return [...texts(feature, locale)].filter(
        ([, text]) => text.trim() === '' || text !== text.normalize('NFC'),
      );
    });
    expect(faults).toEqual([]);
  });

  it('has every key that templates name', () => {
    const faults = templates.flatMap((path) =>
      [...read(path).matchAll(/[({](?:t|rich) '([\w.-]+)'(\s+[^\s=})]+(?=[\s})]))?/g)]
        .filter(([, key, joined]) => !(all.has(key!) || (joined !== undefined && prefixes.has(key!))))
        .map(([, key]) => `${path.slice(ROOT.length + 1)}: ${key}`),
    );
    expect(faults).toEqual([]);
  });

  it('has every key that code names', () => {
    const named = new RegExp(`['"\`]((?:${features.join('|')})(?:\\.[\\w-]+){1,})['"\`]`, 'g');
    const pages = code.filter((path) => /\.(pages|filter)\.ts$/.test(path));
    const faults = pages.flatMap((path) =>
      [...read(path).matchAll(named)]
        .map(([, key]) => key!)
        .filter(
          (key) =>
            !all.has(key) &&
            !prefixes.has(key) &&
            !/\.(js|ts|hbs|css|csv|xlsx|json|ndjson|zip|pdf|html|txt)$/.test(key),
        )
        .filter((key) => !read(path).includes(`act: '${key}'`))
        .map((key) => `${path.slice(ROOT.length + 1)}: ${key}`),
    );
    expect(faults).toEqual([]);
  });

  it('has no key that nothing names', () => {
    const sources = [...templates, ...code].map(read).join('\n');
    const named = new Set(sources.match(/[a-z][\w-]*(?:\.[\w-]+)+\.?/gi) ?? []);
    const unused = [...all].filter((key) => {
      const parts = key.split('.');
      return !parts.some((_, i) => {
        const head = parts.slice(0, parts.length - i).join('.');
        return i < parts.length - 1 && (named.has(head) || named.has(`${head}.`));
      });
    });
    expect(unused).toEqual([]);
  });

  it('counts in English and stops at a missing key', () => {
    const messages = new Messages();
    expect(messages.text('errors.found', 'en', { n: 1 })).toBe('1 thing to correct');
    expect(messages.text('errors.found', 'en', { n: 1200 })).toBe('1,200 things to correct');
    expect(messages.text('errors.found', 'vi', { n: 1200 })).toBe('Có 1.200 chỗ cần sửa');
    expect(() => messages.text('errors.nothingOfTheKind', 'vi')).toThrow('no such message');
    expect(() => messages.text('errors.found', 'vi')).toThrow('no such message');
  });
});
