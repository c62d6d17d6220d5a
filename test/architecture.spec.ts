import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/**
 * Who may import whom. A folder may import itself, the folders named here, and npm; nothing else of ours.
 * `platform` knows nothing of the domain; `rules` know nothing at all.
 */
const MAY_IMPORT: Record<string, string[]> = {
  'rules/draw': ['rules/merkle'],
  'rules/merkle': [],
  'rules/eligibility': [],
  'rules/scoring': [],
  'rules/calendar': [],
  platform: [],
  officers: ['journal', 'platform'],
  journal: ['rules/merkle', 'platform'],
  units: ['officers', 'journal', 'platform'],
  campaigns: ['rules/calendar', 'rules/scoring', 'units', 'officers', 'journal', 'platform'],
  indicators: ['rules/scoring', 'rules/calendar', 'campaigns', 'units', 'officers', 'journal', 'platform'],
  readings: [
    'rules/scoring',
    'rules/calendar',
    'indicators',
    'campaigns',
    'units',
    'officers',
    'journal',
    'platform',
  ],
  tasks: ['rules/calendar', 'campaigns', 'units', 'officers', 'journal', 'platform'],
  standings: [
    'rules/scoring',
    'rules/calendar',
    'readings',
    'tasks',
    'indicators',
    'campaigns',
    'units',
    'officers',
    'journal',
    'platform',
  ],
  payments: ['rules/eligibility', 'rules/calendar', 'campaigns', 'units', 'officers', 'journal', 'platform'],
  entries: [
    'rules/draw',
    'rules/eligibility',
    'rules/calendar',
    'rules/merkle',
    'payments',
    'campaigns',
    'units',
    'officers',
    'journal',
    'platform',
  ],
  draws: [
    'rules/draw',
    'rules/merkle',
    'rules/calendar',
    'verify',
    'entries',
    'payments',
    'documents',
    'notices',
    'campaigns',
    'units',
    'officers',
    'journal',
    'platform',
  ],
  documents: ['officers', 'journal', 'platform'],
  notices: ['officers', 'journal', 'platform'],
  verify: ['rules/draw', 'rules/merkle', 'platform'],
};
/** These put the parts together and may import anything. */
const ROOTS = ['main.ts', 'serve.ts', 'app.module.ts', 'cli.ts', 'demo', 'home', 'browser'];

const SRC = join(import.meta.dirname, '../src');
const files = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : path.endsWith('.ts') ? [path] : [];
  });
const inside = (path: string) => relative(SRC, path).replaceAll('\\', '/');
const folderOf = (path: string) => {
  const parts = inside(path).split('/');
  return parts[0] === 'rules' ? `rules/${parts[1]}` : (parts[0] ?? '');
};
const importsOf = (path: string) =>
  ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles.map((file) => file.fileName);

const all = files(SRC);
const code = all.filter((path) => !path.endsWith('.spec.ts'));
const rules = code.filter((path) => inside(path).startsWith('rules/'));

describe('architecture', () => {
  it('lets no folder import what its line in the table does not name', () => {
    const faults = code.flatMap((path) => {
      const folder = folderOf(path);
      if (ROOTS.includes(folder)) return [];
      const allowed = MAY_IMPORT[folder];
      if (!allowed) return [`${inside(path)}: the folder ${folder} has no line in the table`];
      return importsOf(path)
        .filter((name) => name.startsWith('.'))
        .map((name) => folderOf(join(path, '..', name)))
        .filter((target) => target !== folder && !allowed.includes(target))
        .map((target) => `${inside(path)} imports ${target}`);
    });
    expect(faults).toEqual([]);
  });

  it('keeps npm, Node, the clock and chance out of the rules', () => {
    const faults = rules.flatMap((path) => {
      const foreign = importsOf(path).filter(
        (name) => !name.startsWith('.') && !name.startsWith('@noble/hashes'),
      );
      const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const forbidden =
        text.match(/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bfetch\(|\brequire\(/g) ?? [];
      return [...foreign, ...forbidden].map((what) => `${inside(path)}: ${what}`);
    });
    expect(faults).toEqual([]);
  });

  it('keeps every file within 250 lines', () => {
    const long = code
      .map((path) => ({ file: inside(path), lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 250);
    expect(long).toEqual([]);
  });

  it('knows no utils, helpers or common', () => {
    expect(code.map(inside).filter((path) => /(^|\/)(utils|helpers|common)(\/|\.|$)/.test(path))).toEqual([]);
  });

  it('gives no class more than four things to construct it with', () => {
    const faults: string[] = [];
    for (const path of code) {
      const visit = (node: ts.Node): void => {
        if (ts.isConstructorDeclaration(node) && node.parameters.length > 4)
          faults.push(`${inside(path)}: ${node.parameters.length} dependencies`);
        ts.forEachChild(node, visit);
      };
      visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true));
    }
    expect(faults).toEqual([]);
  });
});
