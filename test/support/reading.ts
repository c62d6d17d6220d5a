import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../..');
const features = readdirSync(join(ROOT, 'templates/messages')).map((name) => name.split('.')[0]!);
const KEY = new RegExp(`\\b(${[...new Set(features)].join('|')})\\.[a-z]\\w*(\\.\\w+)*\\b`);

/** Words of the database's enumerations; a page says them in words of its own. */
const ENUMS = new Set(
  readdirSync(join(ROOT, 'src/platform/database/migrations'))
    .map((name) => readFileSync(join(ROOT, 'src/platform/database/migrations', name), 'utf8'))
    .flatMap((sql) => [...sql.matchAll(/\bin\s*\(('[a-z-]+'(?:,\s*'[a-z-]+')*)\)/g)])
    .flatMap(([, list]) => list!.match(/[a-z-]+/g) ?? [])
    .filter((word) => !['mail', 'email', 'sms', 'zalo', 'none'].includes(word)),
);
const COMMON = /\b(the|of|and|is|are|was|for|with|this|that|not|has|have|been|you|your|from)\b/gi;

/** What one look at a page shows. */
export interface Looked {
  readonly title: string;
  readonly headings: number;
  /** The way back, or a page for halls, paper and frames, which keep to themselves. */
  readonly placed: boolean;
  /** Pixels that run off the side. */
  readonly over: number;
  /** What a reader sees, piece by piece; codes, addresses and what is marked as another language stay out. */
  readonly pieces: readonly string[];
  /** Paths within the site that the page leads to, files to keep left out. */
  readonly links: readonly string[];
}

export async function lookAt(page: Page): Promise<Looked> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const pieces = [document.title];
    const own = root.lang;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      const text = node.textContent!.trim();
      const elsewhere = (parent.closest('[lang]')?.getAttribute('lang') ?? own) !== own;
      if (text && !elsewhere && !parent.closest('code, pre, kbd, script, style, .hash')) pieces.push(text);
    }
    for (const { placeholder } of document.querySelectorAll(
      'input, textarea',
    ) as NodeListOf<HTMLInputElement>)
      if (placeholder) pieces.push(placeholder);
    const anchors = [...document.querySelectorAll('a[href^="/"]:not([download])')];
    return {
      title: document.title,
      headings: document.querySelectorAll('h1').length,
      placed: document.querySelector('nav.crumbs, body.hall, body.embed, main.sheet') !== null,
      over: root.scrollWidth - globalThis.innerWidth,
      pieces,
      links: anchors.map((anchor) => new URL(anchor.getAttribute('href') ?? '', location.href).pathname),
    };
  });
}

/** What should not be read on a page of this language. */
export function misreadings({ pieces }: Looked, locale: 'vi' | 'en'): string[] {
  return pieces.flatMap((text) => faultsOf(text, locale).map((fault) => `${fault}: ${text.slice(0, 120)}`));
}

function faultsOf(text: string, locale: 'vi' | 'en'): string[] {
  const faults: string[] = [];
  if (KEY.test(text) && !/https?:|@|\.(csv|json|txt|zip|html)\b/.test(text)) faults.push('key of a message');
  // In English a word of the database may be the right word; what only a program writes has a hyphen or underscore.
  if (ENUMS.has(text) && (locale === 'vi' || /[-_]/.test(text))) faults.push('word of the database');
  if (/\b(undefined|null|NaN|\[object Object\])\b/.test(text)) faults.push('nothing, written out');
  if (/\b\d{4}-\d{2}-\d{2}\b/.test(text)) faults.push('ISO date');
  if (locale === 'en') return faults;
  if (/\d,\d{3}(\D|$)(?![^%]*%)/.test(text) && /\d{1,3},\d{3}[.,]\d|\b\d{1,3}(,\d{3}){2,}/.test(text))
    faults.push('number in English form');
  if (/\d\.\d{1,2}\s*%/.test(text)) faults.push('percentage in English form');
  if ((text.match(COMMON) ?? []).length >= 2 && !/[ăâđêôơưạảấầậắằặẹẻếềệịỉọỏốồộớờợụủứừựỳỵ]/i.test(text))
    faults.push('English sentence');
  return faults;
}

/** What every page has: a title, one h1, and the way back. */
export function frameFaults({ title, headings, over, placed }: Looked, path: string): string[] {
  const faults: string[] = [];
  if (!title || title === 'Thi Đua') faults.push('no title');
  if (headings !== 1) faults.push(`${headings} h1`);
  if (over > 0) faults.push(`runs off the side by ${over} pixels`);
  if (!placed && path !== '/') faults.push('no breadcrumbs');
  return faults;
}
