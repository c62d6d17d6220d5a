import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Injectable, ServiceUnavailableException } from '@nestjs/common';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/lib/chromium/chromium',
];
const PATIENCE = 60_000;

/** Papers as PDF, printed by the Chromium of this machine; without one, the page itself prints exactly the same from any browser. */
@Injectable()
export class Pdf {
  readonly program = [process.env.CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path));

  /** @throws ServiceUnavailableException when there is no Chromium here. */
  async print(html: string): Promise<Buffer> {
    if (!this.program) throw new ServiceUnavailableException('documents.refusals.noChromium');
    const folder = await mkdtemp(join(tmpdir(), 'thidua-pdf-'));
    try {
      const [page, paper] = [join(folder, 'page.html'), join(folder, 'paper.pdf')];
      await writeFile(page, html);
      await run(this.program, [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${join(folder, 'profile')}`,
        '--no-pdf-header-footer',
        `--print-to-pdf=${paper}`,
        pathToFileURL(page).href,
      ]);
      return await readFile(paper);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function run(program: string, words: string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(program, words, { stdio: 'ignore', timeout: PATIENCE });
    child.on('error', failed);
    child.on('close', (status) =>
      status === 0 ? done() : failed(new Error(`Chromium ended with ${status} while printing`)),
    );
  });
}
