import type { INestApplicationContext } from '@nestjs/common';

/** Runs one command's work on the open, migrated database, with the same services as the server. */
export type WithApp = <T>(work: (app: INestApplicationContext) => Promise<T>) => Promise<T>;

/** A command that ends with findings, not with an accident: the words were printed already. */
export class CommandFailed extends Error {
  constructor(
    message = '',
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** Writes a line for the person at the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Shows how far long work is, on the terminal only, a few times a second; ends with a line of its own. */
export function progressLine(what: string, total?: number): (done: number, last?: boolean) => void {
  const began = performance.now();
  let shown = 0;
  return (done, last = false) => {
    const now = performance.now();
    if (!last && now - shown < 250) return;
    shown = now;
    const rate = Math.round(done / Math.max(0.001, (now - began) / 1000));
    const share = total ? ` ${Math.floor((100 * done) / total)} %` : '';
    if (process.stderr.isTTY || last)
      process.stderr.write(`\r${what}: ${done}${share}, ${rate}/s   ${last ? '\n' : ''}`);
  };
}
