import { isHex64 } from './entries.js';

/**
 * `files.txt`, an addition to the bundle of protocol §8: a note signed by the operator that lists the SHA-256 of every
 * other file, so that the parts no rule recomputes (README, minutes, checker page) cannot be altered either.
 * A bundle without it is judged by everything else.
 */
export const FILES_NAME = 'files.txt';

const EXTENSION = 'files thidua-draw/1';

/** The body of the signed note. `hashes`: name → 64 hex digits, of the files as they are stored. */
export function filesBody(origin: string, draw: string, hashes: ReadonlyMap<string, string>): string {
  const lines = [...hashes]
    .filter(([name]) => name !== FILES_NAME)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hash]) => `${hash} ${name}`);
  return [`${origin}/${draw}`, EXTENSION, ...lines, ''].join('\n');
}

/** Shape only: what the list of this draw says, or undefined. Where the rules cannot be read, of any draw. */
export function parseFiles(body: string, draw = ''): Map<string, string> | undefined {
  const [title, extension, ...lines] = body.split('\n');
  if (!(draw === '' ? title : title?.endsWith(`/${draw}`)) || extension !== EXTENSION || lines.pop() !== '')
    return undefined;
  const hashes = new Map<string, string>();
  for (const line of lines) {
    const [hash, name] = [line.slice(0, 64), line.slice(65)];
    if (!isHex64(hash) || line[64] !== ' ' || name === '' || hashes.has(name)) return undefined;
    hashes.set(name, hash);
  }
  return hashes;
}
