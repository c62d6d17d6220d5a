import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bundles } from '../../src/draws/bundle.service.js';
import type { TestApp } from './app.js';

export const CHECKER = join(import.meta.dirname, '../vectors/check_draw.py');

/** The findings of the second implementation on the exported bundle, by code. */
export async function pythonFindings(app: TestApp, slug: string, all = false): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'thidua-python-'));
  try {
    await app.get(Bundles).writeTo(folder, await app.get(Bundles).files(slug, all));
    const { stdout, stderr, status } = spawnSync('python3', [CHECKER, '--json', folder], {
      encoding: 'utf8',
    });
    if (status !== 0 && status !== 1) throw new Error(`the Python checker ended with ${status}: ${stderr}`);
    const [report] = Object.values(JSON.parse(stdout) as Record<string, { findings: { code: string }[] }>);
    return report!.findings.map(({ code }) => code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
