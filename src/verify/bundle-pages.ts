import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { Messages } from '../platform/http/messages.js';
import { PUBLIC, TEMPLATES } from '../platform/http/templates-folder.js';

/** Handlebars without escaping: these are texts and scripts of our own, put into one file. */
const template = (name: string) =>
  Handlebars.compile(readFileSync(join(TEMPLATES, 'verify', `${name}.hbs`), 'utf8'), { noEscape: true });

/** The second implementation, `check_draw.py`, as it lies in a bundle. */
export const secondChecker = (): string =>
  readFileSync(join(TEMPLATES, '../test/vectors/check_draw.py'), 'utf8');

/**
 * The checker as one self-contained page (`checker.html`): script, worker and style inside, and a policy that forbids it
 * any connection. `folder` holds what the build made.
 */
export function checkerPage(folder = PUBLIC): string {
  const names = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>;
  const built = (name: string) => readFileSync(join(folder, names[name] ?? name), 'utf8');
  const messages = new Messages();
  const text = (key: string) => messages.text(key, 'vi');
  return template('checker')({
    title: text('verify.title'),
    lead: text('verify.lead'),
    needsScript: text('verify.needsScript'),
    css: insideTag(built('checker.css'), 'style'),
    worker: insideTag(built('verify-worker.js'), 'script'),
    page: insideTag(built('verify.js'), 'script'),
  });
}

/** Text that would close its own tag is a fault of the build, not something to be mended here. */
function insideTag(text: string, tag: string): string {
  if (new RegExp(`</${tag}|<!--`, 'i').test(text))
    throw new Error(`the built ${tag} cannot stand inside a page`);
  return text;
}
