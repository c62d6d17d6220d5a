import { FINDING_CODES } from '../src/rules/draw/finding.js';
import { verifyFiles } from '../src/verify/verify.js';
import { bundleFiles, exampleFiles } from './support/bundle.js';

const codesOf = async (files: ReadonlyMap<string, string | Uint8Array>) => {
  const { findings } = await verifyFiles(bundleFiles(files));
  return [...new Set(findings.map(({ code }) => code))];
};

describe('a sound bundle', () => {
  it.each([
    ['drawn by ticket', {}],
    ['drawn by seedrandom', { rules: { method: 'seedrandom' as const } }],
    ['with strikes', { struckWinners: 3 }],
    ['with replacements', { struckWinners: 1, replacements: 3 }],
    ['with replacements by seedrandom', { rules: { method: 'seedrandom' as const }, replacements: 2 }],
    ['of an empty list', { count: 0 }],
    ['with fewer people than prizes', { count: 9, perHolder: 9 }],
    ['without a limit for one holder', { rules: { winsPerHolder: null }, perHolder: 50 }],
  ])('%s has no findings', async (_, options) => {
    const report = await verifyFiles(bundleFiles(exampleFiles(options)));
    expect(report.findings).toEqual([]);
    expect(report.keysFrom).toBe('bundle');
    expect(report.freeze.witnesses).toHaveLength(2);
  });

  it('stays sound without the list of files and with a reader’s own keys', async () => {
    const files = exampleFiles({ replacements: 1 });
    files.delete('files.txt');
    const { trust } = await verifyFiles(bundleFiles(files));
    files.delete('keys.txt');
    const report = await verifyFiles(bundleFiles(files), { trust });
    expect(report.findings).toEqual([]);
    expect(report.keysFrom).toBe('reader');
    expect(report.filesListed).toBe(false);
  });
});

describe('one changed character', () => {
  const files = exampleFiles({ count: 40, struckWinners: 1, replacements: 2 });
  it.each([...files.keys()])('in %s is found, wherever it stands', async (name) => {
    const bytes = Buffer.from(files.get(name)!);
    const step = Math.max(1, Math.floor(bytes.length / 7));
    for (let at = 0; at < bytes.length; at += step) {
      const changed = Buffer.from(bytes);
      changed[at] = changed[at]! ^ 1;
      const codes = await codesOf(new Map<string, string | Uint8Array>([...files, [name, changed]]));
      expect(codes).not.toEqual([]);
      for (const code of codes) expect(FINDING_CODES).toContain(code);
    }
  });
});
