import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINDING_CODES } from '../src/rules/draw/finding.js';
import { secondChecker } from '../src/verify/bundle-pages.js';
import { verifyFiles } from '../src/verify/verify.js';
import { bundleFiles } from './support/bundle.js';
import { RECIPES } from './vectors/recipes.js';

interface Vector {
  about: string;
  findings: string[];
  files: Record<string, string>;
}

const FOLDER = join(import.meta.dirname, 'vectors');
const BUNDLES = join(FOLDER, 'bundles');
const CHECKER = join(FOLDER, 'check_draw.py');
const read = (name: string) => readFileSync(join(BUNDLES, name), 'utf8');
const codesOf = async (files: ReadonlyMap<string, string>) => {
  const { counts } = await verifyFiles(bundleFiles(files));
  return [...counts.keys()].toSorted();
};
const textOf = async ({ about, files }: (typeof RECIPES)[number]) => {
  const vector: Vector = { about, findings: await codesOf(files), files: Object.fromEntries(files) };
  return `${JSON.stringify(vector, null, 1)}\n`;
};

// `node test/vectors/make.mjs` writes them anew; the difference is then for a person to read.
if (process.env.THIDUA_WRITE_VECTORS === '1') {
  for (const name of readdirSync(BUNDLES)) rmSync(join(BUNDLES, name));
  for (const recipe of RECIPES) writeFileSync(join(BUNDLES, `${recipe.name}.json`), await textOf(recipe));
}

describe('vectors', () => {
  it.each(RECIPES.map((recipe) => [recipe.name, recipe] as const))(
    '%s is what its recipe makes',
    async (name, recipe) => {
      const text = await textOf(recipe);
      expect(read(`${name}.json`)).toBe(text);
      const { findings } = JSON.parse(text) as Vector;
      if (recipe.shows.length === 0) expect(findings).toEqual([]);
      else expect(findings).toEqual(expect.arrayContaining([...recipe.shows]));
    },
  );

  it('hold no file without a recipe, and at least one that breaks each rule', () => {
    expect(readdirSync(BUNDLES).toSorted()).toEqual(RECIPES.map(({ name }) => `${name}.json`).toSorted());
    const shown = new Set(RECIPES.flatMap(({ shows }) => shows));
    expect([...shown].toSorted()).toEqual(FINDING_CODES.toSorted());
  });

  it('are judged alike by the second implementation, in another language', () => {
    const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
    if (!python) throw new Error('python3 is needed for the second implementation');
    const paths = RECIPES.map(({ name }) => join(BUNDLES, `${name}.json`));
    const { stdout } = spawnSync(python, [CHECKER, '--json', ...paths], { maxBuffer: 1 << 26 });
    const reports = JSON.parse(stdout.toString()) as Record<
      string,
      { findings: { code: string }[]; leftOut: string[] }
    >;
    for (const { name } of RECIPES) {
      const { findings, leftOut } = reports[join(BUNDLES, `${name}.json`)]!;
      const both = (codes: string[]) =>
        [...new Set(codes)].filter((code) => !leftOut.includes(code)).toSorted();
      expect([name, both(findings.map(({ code }) => code))]).toEqual([
        name,
        both((JSON.parse(read(`${name}.json`)) as Vector).findings),
      ]);
    }
  });

  it('from outside are reproduced by the second implementation too', () => {
    const outside = readFileSync(join(FOLDER, 'outside/draw-protocol.json'), 'utf8');
    const script = `
import json, sys, hashlib
sys.path.insert(0, sys.argv[1])
from check_draw import *
for case in json.load(sys.stdin)['cases']:
    entries = case['entries']
    if isinstance(entries, dict):
        n, key = entries['count'], case['rules']['draw'].split('/')[1][0]
        people = [(i * 7 + i // 5) % (n // 3) for i in range(n)]
        entries = [['%05d' % (i + 1), tagged('thidua-draw/1 holder', sha(('salt %s %d' % (key, p)).encode()), 'cccd:%012d' % p)] for i, p in enumerate(people)]
    check = Check({})
    check.root = root_of([','.join(e).encode() for e in entries]).hex()
    assert check.root == case['root'], case['rules']['draw']
    rules = case['rules']
    places = [(p['id'], n + 1) for p in rules['prizes'] for n in range(p['quantity'])]
    drawn = check.draw(rules, rules, case['sources'], [tuple(e) for e in entries], places, set(case['struck']))
    for name in ('rulesHash', 'seed', 'winners', 'skipped'):
        assert drawn[name] == case[name], (rules['draw'], name)
print('agreed')`;
    expect(existsSync(CHECKER)).toBe(true);
    expect(secondChecker()).toBe(readFileSync(CHECKER, 'utf8'));
    expect(execFileSync('python3', ['-c', script, FOLDER], { input: outside }).toString()).toBe('agreed\n');
  });
});
