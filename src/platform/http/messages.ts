import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import { number, type Figure, type Locale } from './format.js';
import { TEMPLATES } from './templates-folder.js';

type Tree = { [key: string]: string | Tree };
export type Variables = Record<string, unknown>;
/** Forms of a counted English sentence; Vietnamese needs one. */
type Forms = { one?: string; other: string };

/**
 * Every sentence of the product, from templates/messages/<feature>.<locale>.json. The file's name is the first
 * part of the key: `standings.vi.json` holds `standings.board.title` under `board.title`.
 */
@Injectable()
export class Messages {
  private readonly texts: Record<Locale, Map<string, string | Forms>> = {
    vi: readTexts('vi'),
    en: readTexts('en'),
  };
  private readonly plural = new Intl.PluralRules('en');

  has(key: string): boolean {
    return this.texts.vi.has(key);
  }

  /** A missing key is a fault: tests stop at it, production shows the key and says so in the log. */
  text(key: string, locale: Locale, variables: Variables = {}): string {
    const message = this.texts[locale].get(key) ?? this.texts.vi.get(key);
    if (message === undefined) return this.missing(key);
    const text = typeof message === 'string' ? message : this.form(message, variables);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => this.written(variables[name], name, key, locale));
  }

  private form(forms: Forms, { n }: Variables): string {
    return this.plural.select(Number(n)) === 'one' ? (forms.one ?? forms.other) : forms.other;
  }

  private written(value: unknown, name: string, key: string, locale: Locale): string {
    if (value === undefined || value === null) return this.missing(`${key} {${name}}`);
    return typeof value === 'number' || typeof value === 'bigint'
      ? number(value as Figure, locale)
      : String(value as string);
  }

  private missing(key: string): string {
    if (process.env.NODE_ENV === 'test') throw new Error(`no such message: ${key}`);
    new Logger('Messages').error(`no such message: ${key}`);
    return key;
  }
}

function readTexts(locale: Locale): Map<string, string | Forms> {
  const texts = new Map<string, string | Forms>();
  const folder = join(TEMPLATES, 'messages');
  for (const file of readdirSync(folder).filter((name) => name.endsWith(`.${locale}.json`))) {
    const feature = file.slice(0, -`.${locale}.json`.length);
    const tree = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Tree;
    const own = Object.keys(tree).length === 1 && typeof tree[feature] === 'object' ? tree[feature] : tree;
    flatten(own, feature, texts);
  }
  return texts;
}

function flatten(tree: Tree, prefix: string, into: Map<string, string | Forms>): void {
  for (const [name, value] of Object.entries(tree)) {
    const key = `${prefix}.${name}`;
    if (typeof value === 'string') into.set(key, value);
    else if (typeof value.other === 'string') into.set(key, value as Forms);
    else flatten(value, key, into);
  }
}
