import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
/** A file to keep, complete in itself: it brings its own policy. */
const CHECKER = 'verify/checker.hbs';
const templates = readdirSync(join(ROOT, 'templates'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.hbs') && name !== CHECKER)
  .map((name) => join('templates', name));
const drawn = new Set([...read('templates/assets/icons.svg').matchAll(/id="([\w-]+)"/g)].map(([, id]) => id));

describe('icons', () => {
  it('has every icon that a template names', () => {
    const faults = templates.flatMap((path) =>
      [...read(path).matchAll(/\{\{icon '([\w-]+)'|\bicon='([\w-]+)'/g)]
        .map(([, named, passed]) => named ?? passed)
        .filter((name) => !drawn.has(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(faults).toEqual([]);
  });

  it('has one for every status and every note', () => {
    const needed = ['good', 'done', 'watch', 'late', 'off', 'info'].map((kind) => `status-${kind}`);
    const notes = ['success', 'info', 'warning', 'danger'].map((kind) => `flash-${kind}`);
    expect([...needed, ...notes].filter((name) => !drawn.has(name))).toEqual([]);
  });
});

describe('templates', () => {
  it('carry no style attribute, no inline script and no handler: the security policy refuses them', () => {
    const faults = templates.filter((path) =>
      /\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:/.test(
        read(path).replace(/\{\{!--[\s\S]*?--\}\}/g, ''),
      ),
    );
    expect(faults).toEqual([]);
  });

  it('load nothing from elsewhere', () => {
    const faults = templates.filter((path) => /(?:src|href|action)="(?:https?:)?\/\//.test(read(path)));
    expect(faults).toEqual([]);
  });
});
