import en from '../../templates/messages/verify.en.json' with { type: 'json' };
import vi from '../../templates/messages/verify.vi.json' with { type: 'json' };

type Tree = { readonly [name: string]: string | Tree };
export type Language = 'vi' | 'en';

/** The texts of this page in both languages: the saved page must work alone. Same catalogue, same rules as on the server. */
const TEXTS: Record<Language, Tree> = { vi, en };

export const language = (): Language => (document.documentElement.lang === 'en' ? 'en' : 'vi');

/** `key` is whole, as everywhere: `verify.drop.label`. */
export function text(key: string, variables: Readonly<Record<string, string | number>> = {}): string {
  let found: string | Tree | undefined = TEXTS[language()];
  for (const name of key.split('.').slice(1)) found = typeof found === 'object' ? found[name] : undefined;
  if (typeof found === 'object') found = found[variables.n === 1 && found.one ? 'one' : 'other'];
  if (typeof found !== 'string') return key;
  return found.replace(/\{(\w+)\}/g, (_, name: string) => written(variables[name] ?? ''));
}

/** `25.392` in Vietnamese, `25,392` in English. */
export function written(value: string | number): string {
  if (typeof value === 'string') return value;
  return new Intl.NumberFormat(language() === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 }).format(
    value,
  );
}
