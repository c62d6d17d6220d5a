import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { type Archive, type ArchivedFile, checkedNames, MOST_FILES, Unusable } from './archive.js';
import type { Platform } from './load.js';
import { type Bytes, type Inflate, openZip } from './zip.js';

/** Node's part: the system's SHA-256 and zlib, memory that workers share. */
export const NODE: Platform = {
  digest: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => hash.update(bytes), hex: () => hash.digest('hex') };
  },
  gunzip: (packed) => throughZlib(packed, createGunzip()),
  allocate: (size) => new Uint8Array(new SharedArrayBuffer(size)),
};

const inflate: Inflate = (packed) => throughZlib(packed, createInflateRaw());

async function* throughZlib(packed: AsyncIterable<Uint8Array>, unzip: ReturnType<typeof createGunzip>) {
  const source = Readable.from(packed, { objectMode: true });
  source.on('error', (error) => unzip.destroy(error));
  yield* source.pipe(unzip) as AsyncIterable<Uint8Array>;
}

/** A bundle on the disk: a folder, or its zip. Throws Unusable for anything else. */
export async function openBundle(path: string): Promise<Archive> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new Unusable('not-found', path);
  if (found.isDirectory()) return openFolder(path);
  const bytes = await fileBytes(path);
  return openZip(bytes, inflate).catch(async (error) => {
    await bytes.close();
    throw error;
  });
}

async function openFolder(path: string): Promise<Archive> {
  const files: ArchivedFile[] = [];
  for (const name of await readdir(path, { recursive: true })) {
    const full = join(path, name);
    const found = await lstat(full);
    if (found.isDirectory()) continue;
    if (!found.isFile()) throw new Unusable('unsafe-name', `${name}: not a plain file`);
    if (files.length > MOST_FILES) throw new Unusable('too-many-files', `more than ${MOST_FILES}`);
    files.push({
      name: name.replaceAll('\\', '/'),
      size: found.size,
      chunks: () => createReadStream(full, { highWaterMark: 1 << 20 }),
    });
  }
  return { files: checkedNames(files), close: async () => {} };
}

async function fileBytes(path: string): Promise<Bytes> {
  const handle: FileHandle = await open(path);
  const { size } = await handle.stat();
  return {
    size,
    read: async (from, to) => {
      const bytes = new Uint8Array(Math.max(0, to - from));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}
