import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { FileFault } from '../../payments/reading/file-fault.js';
import { sniff } from '../../payments/reading/header.js';
import type { Profile } from '../../payments/reading/profile.js';
import { Scanner } from '../../payments/reading/scanner.js';

const CHUNK = 1 << 18;

/** The first bytes of a file, enough to tell encoding, separator and the length of a row. */
export async function startOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0);
    const start = buffer.subarray(0, bytesRead);
    return start.length === 0 || start.includes(10) ? start : Buffer.concat([start, Buffer.from('\n')]);
  } finally {
    await file.close();
  }
}

/** About how many rows a file of this size has, a little more rather than less. */
export function expectedRows(start: Buffer, bytes: number): number {
  const lines = Math.max(
    1,
    start.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0),
  );
  return Math.ceil((bytes / (start.length / lines)) * 1.06) + 1000;
}

/**
 * Reads a file once through a scanner. `each` runs after every chunk with the bytes read so far.
 * @throws FileFault when the bytes are not those the batch was registered with.
 */
export async function readThrough(
  path: string,
  file: { sha256: Buffer; start: Buffer; profile: Profile },
  begin: (scanner: Scanner) => () => void,
  each: (bytes: number, rows: number) => Promise<void>,
): Promise<void> {
  const { skip, separator } = sniff(file.start, file.profile);
  const digest = createHash('sha256');
  let take: () => void = () => undefined;
  const scanner = new Scanner(separator, () => take());
  take = begin(scanner);
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    digest.update(chunk);
    scanner.push(bytes === 0 && skip > 0 ? chunk.subarray(skip) : chunk);
    bytes += chunk.length;
    await each(bytes, scanner.record);
  }
  scanner.end();
  if (!digest.digest().equals(file.sha256)) throw new FileFault('file-changed');
}
