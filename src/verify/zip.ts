import { type Archive, type ArchivedFile, checkedNames, Unusable } from './archive.js';
import { crc32 } from './crc32.js';

/** Bytes at a place: a file handle in Node, a Blob in the browser. */
export interface Bytes {
  readonly size: number;
  read(from: number, to: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Unpacks a raw deflate stream. */
export type Inflate = (packed: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const END_LENGTH = 22;
const MOST_COMMENT = 65_535;
const MOST_DIRECTORY = 8 * 1024 * 1024;
const PIECE = 1 << 20;

/**
 * Opens a zip by its central directory. Refuses what a bundle does not need (encryption, other methods, parts, more
 * than 4 GB) and what contradicts itself, so that every program sees the same files in it.
 */
export async function openZip(bytes: Bytes, inflate: Inflate): Promise<Archive> {
  const directory = await readDirectory(bytes);
  const files = directory
    .filter(({ name }) => !name.endsWith('/'))
    .map((entry): ArchivedFile => ({
      name: entry.name,
      size: entry.size,
      chunks: () => unpacked(bytes, entry, inflate),
    }));
  return { files: checkedNames(files), close: () => bytes.close() };
}

async function readDirectory(bytes: Bytes): Promise<Entry[]> {
  const tail = await bytes.read(Math.max(0, bytes.size - END_LENGTH - MOST_COMMENT), bytes.size);
  const view = viewOf(tail);
  let end = tail.length - END_LENGTH;
  while (
    end >= 0 &&
    (view.getUint32(end, true) !== 0x06054b50 ||
      end + END_LENGTH + view.getUint16(end + 20, true) !== tail.length)
  )
    end--;
  if (end < 0) throw new Unusable('not-a-zip', 'no end of central directory');
  const [disk, count, total] = [4, 8, 10].map((at) => view.getUint16(end + at, true)) as [
    number,
    number,
    number,
  ];
  const [length, offset] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (disk !== 0 || count !== total || count === 0xffff || offset === 0xffffffff)
    throw new Unusable('zip-unsupported', 'several parts or zip64');
  if (length > MOST_DIRECTORY || offset + length > bytes.size)
    throw new Unusable('zip-damaged', 'central directory');
  const directory = await bytes.read(offset, offset + length);
  return entriesIn(directory, count);
}

function entriesIn(directory: Uint8Array, count: number): Entry[] {
  const view = viewOf(directory);
  const entries: Entry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014b50)
      throw new Unusable('zip-damaged', `entry ${index + 1} of the central directory`);
    const lengths = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [number, number, number];
    const name = directory.subarray(at + 46, at + 46 + lengths[0]);
    entries.push(entryOf(view, at, textOf(name)));
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  if (at !== directory.length) throw new Unusable('zip-damaged', 'length of the central directory');
  return entries;
}

function entryOf(view: DataView, at: number, name: string): Entry {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if ((flags & 0x41) !== 0) throw new Unusable('zip-unsupported', `${name}: encrypted`);
  if (method !== 0 && method !== 8) throw new Unusable('zip-unsupported', `${name}: method ${method}`);
  const [crc, packed, size] = [16, 20, 24].map((place) => view.getUint32(at + place, true)) as [
    number,
    number,
    number,
  ];
  return { name, method, crc, packed, size, offset: view.getUint32(at + 42, true) };
}

async function* unpacked(bytes: Bytes, entry: Entry, inflate: Inflate): AsyncIterable<Uint8Array> {
  const start = await startOf(bytes, entry);
  const packed = pieces(bytes, start, start + entry.packed);
  let [size, crc] = [0, 0];
  try {
    for await (const chunk of entry.method === 8 ? inflate(packed) : packed) {
      size += chunk.length;
      if (size > entry.size) break;
      crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof Unusable ? error : new Unusable('zip-damaged', entry.name);
  }
  if (size !== entry.size || crc !== entry.crc) throw new Unusable('zip-damaged', entry.name);
}

/** Where the packed bytes begin. The header in front of them must name the same file as the directory. */
async function startOf(bytes: Bytes, { name, offset, packed, method }: Entry): Promise<number> {
  const head = await bytes.read(offset, Math.min(offset + 30, bytes.size));
  const view = viewOf(head);
  if (head.length < 30 || view.getUint32(0, true) !== 0x04034b50) throw new Unusable('zip-damaged', name);
  const [nameLength, extra] = [view.getUint16(26, true), view.getUint16(28, true)];
  const start = offset + 30 + nameLength + extra;
  if (start + packed > bytes.size || view.getUint16(8, true) !== method)
    throw new Unusable('zip-damaged', name);
  if (textOf(await bytes.read(offset + 30, offset + 30 + nameLength)) !== name)
    throw new Unusable('zip-damaged', `${name}: two names`);
  return start;
}

async function* pieces(bytes: Bytes, from: number, to: number): AsyncIterable<Uint8Array> {
  for (let at = from; at < to; at += PIECE) yield await bytes.read(at, Math.min(at + PIECE, to));
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unusable('unsafe-name', 'not UTF-8');
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
