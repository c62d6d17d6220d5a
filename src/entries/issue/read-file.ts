import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { FileFault } from '../../payments/reading/file-fault.js';
import { sniff } from '../../payments/reading/header.js';
import type { Profile } from '../../payments/reading/profile.js';
import { LONGEST_RECORD, Scanner } from '../../payments/reading/scanner.js';

const CHUNK = 1 << 18;
/** More than a block can leave: its own unfinished record. */
const ROOM = LONGEST_RECORD + CHUNK;

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
  let read = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const { block, bytes } of blocksOf(path)) {
    digest.update(block.subarray(ROOM, ROOM + bytes));
    const from = ROOM - rest.copy(block, ROOM - rest.length) + (read === 0 ? skip : 0);
    const given = block.subarray(from, ROOM + bytes);
    rest = Buffer.from(given.subarray(scanner.take(given)));
    read += bytes;
    await each(read, scanner.record);
  }
  scanner.end(rest);
  if (!digest.digest().equals(file.sha256)) throw new FileFault('file-changed');
}

/**
 * A file block by block in two pieces of memory that take turns: while one is worked on, the other is filled. The bytes
 * stand behind ROOM bytes of free space, for what was left of the block before.
 */
async function* blocksOf(path: string): AsyncGenerator<{ block: Buffer; bytes: number }> {
  const file = await open(path);
  const blocks = [Buffer.allocUnsafeSlow(ROOM + CHUNK), Buffer.allocUnsafeSlow(ROOM + CHUNK)] as const;
  let next = file.read(blocks[0], ROOM, CHUNK);
  try {
    for (let turn = 0; ; turn++) {
      const { bytesRead: bytes } = await next;
      if (bytes === 0) return;
      next = file.read(blocks[(turn + 1) % 2]!, ROOM, CHUNK);
      yield { block: blocks[turn % 2]!, bytes };
    }
  } finally {
    await next.catch(() => undefined);
    await file.close();
  }
}
