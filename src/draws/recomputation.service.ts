import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { loadBundle } from '../verify/load.js';
import { NODE, openBundle } from '../verify/open-bundle.js';
import { verifyFiles } from '../verify/verify.js';
import { Bundles } from './bundle.service.js';
import { Cage } from './cage.service.js';
import { drawBySlug } from './draw.queries.js';

export interface Recomputed {
  readonly means: 'python' | 'second-walk';
  readonly findings: readonly { readonly code: string }[];
}

/** Computes a result again from the exported bundle alone: with the Python checker where there is one, else in a second walk. */
@Injectable()
export class Recomputation {
  constructor(
    private readonly db: DataSource,
    private readonly bundles: Bundles,
    private readonly cage: Cage,
  ) {}

  async run(slug: string): Promise<Recomputed> {
    const draw = await drawBySlug(this.db.manager, slug);
    if (draw.method === 'cage')
      return { means: 'second-walk', findings: await this.cage.recheck(this.db.manager, draw) };
    const folder = await mkdtemp(join(tmpdir(), 'thidua-recompute-'));
    try {
      await this.bundles.writeTo(folder, await this.bundles.files(slug, true));
      return (await byPython(folder)) ?? (await bySecondWalk(folder));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function bySecondWalk(folder: string): Promise<Recomputed> {
  const archive = await openBundle(folder);
  const report = await verifyFiles(await loadBundle(archive, NODE).finally(() => archive.close()));
  return { means: 'second-walk', findings: report.findings };
}

/** The second implementation, as it is published with the source. */
const CHECKER = join(import.meta.dirname, '../../test/vectors/check_draw.py');

/** Undefined where there is no Python, or none that can run the checker. */
async function byPython(folder: string): Promise<Recomputed | undefined> {
  const { status, output } = await run('python3', [CHECKER, '--json', folder]);
  if (status !== 0 && status !== 1) return undefined;
  const reports = Object.values(JSON.parse(output) as Record<string, { findings: { code: string }[] }>);
  return { means: 'python', findings: reports.flatMap(({ findings }) => findings) };
}

function run(program: string, words: string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', () => done({ status: null, output }));
    child.on('close', (status) => done({ status, output }));
  });
}
