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

/** What a reader sees, piece by piece; codes, addresses and what is marked as another language stay out. */
async function pieces(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    const own = document.documentElement.lang;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      const text = node.textContent!.trim();
      const elsewhere = (parent.closest('[lang]')?.getAttribute('lang') ?? own) !== own;
      if (text && !elsewhere && !parent.closest('code, pre, kbd, script, style, .hash')) found.push(text);
    }
    for (const { placeholder } of document.querySelectorAll(
      'input, textarea',
    ) as NodeListOf<HTMLInputElement>)
      if (placeholder) found.push(placeholder);
    return found;
  });
}

/** What should not be read on a page of this language. */
export async function misreadings(page: Page, locale: 'vi' | 'en'): Promise<string[]> {
  const texts = [...(await pieces(page)), await page.title()];
  return texts.flatMap((text) => faultsOf(text, locale).map((fault) => `${fault}: ${text.slice(0, 120)}`));
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

/** What every page has: a title, one h1, and the way back (pages for halls, paper and frames keep to themselves). */
export async function frameFaults(page: Page, path: string): Promise<string[]> {
  const [title, headings, crumbs, alone] = await Promise.all([
    page.title(),
    page.locator('h1').count(),
    page.locator('nav.crumbs').count(),
    page.locator('body.hall, body.embed, main.sheet').count(),
  ]);
  const faults: string[] = [];
  if (!title || title === 'Thi Đua') faults.push('no title');
  if (headings !== 1) faults.push(`${headings} h1`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth);
  if (over > 0) faults.push(`runs off the side by ${over} pixels`);
  if (crumbs === 0 && alone === 0 && path !== '/') faults.push('no breadcrumbs');
  return faults;
}
