import type { BundleFiles } from '../rules/draw/judge/reading.js';
import { EntryList } from '../rules/draw/entries.js';
import { type Archive, type ArchivedFile, Unusable } from './archive.js';
import type { Inflate } from './zip.js';

/** A running SHA-256. */
export interface Digest {
  update(bytes: Uint8Array): unknown;
  hex(): string;
}

/** What Node and the browser do each in their own way. */
export interface Platform {
  digest(): Digest;
  /** The SHA-256 in hex of bytes that lie in memory, where there is a faster way than to run along. */
  digestOf?(bytes: Uint8Array): Promise<string>;
  gunzip: Inflate;
  /** Memory for the list; shared where workers can read it too. */
  allocate(size: number): Uint8Array;
}

export interface LoadOptions {
  /** Most bytes of `entries.csv`, unpacked. */
  readonly mostEntriesBytes?: number;
  /** Called with bytes read and bytes announced. */
  readonly progress?: (done: number, total: number) => void;
}

/** Where the whole list is digested at once. */
const UNUSED: Digest = { update: () => undefined, hex: () => '' };

const MEGABYTE = 2 ** 20;
const MOST_ENTRIES = 2048 * MEGABYTE;
const MOST_TEXT = 256 * MEGABYTE;
const MOST_OTHER = 512 * MEGABYTE;
/** The files that are judged; all others are only hashed. */
const JUDGED =
  /^(rules|strikes|sources|result|completeness|chains)\.json$|^(checkpoint|keys|files)\.txt$|^replacements\/[0-9]{2}\/(addendum|sources|result)\.json$/;

/** Reads every file of the bundle once: hashes all, keeps the list and the documents that are judged. */
export async function loadBundle(
  { files }: Archive,
  platform: Platform,
  { mostEntriesBytes = MOST_ENTRIES, progress }: LoadOptions = {},
): Promise<BundleFiles> {
  if (!files.some(({ name }) => name === 'rules.json' || /^entries\.csv(\.gz)?$/.test(name)))
    throw new Unusable('no-bundle', 'neither rules.json nor entries.csv');
  if (files.filter(({ name }) => /^entries\.csv(\.gz)?$/.test(name)).length > 1)
    throw new Unusable('name-twice', 'entries.csv and entries.csv.gz');
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > mostEntriesBytes + MOST_OTHER) throw new Unusable('too-large', `${total} bytes`);
  const [texts, hashes] = [new Map<string, string | undefined>(), new Map<string, string>()];
  let [list, done] = [undefined as EntryList | undefined, 0];
  const counted = (file: ArchivedFile, digest: Digest, most: number) =>
    watched(file, digest, most, (length) => progress?.((done += length), total));
  for (const file of files) {
    const isList = file.name === 'entries.csv';
    const digest = isList && platform.digestOf ? UNUSED : platform.digest();
    if (isList) {
      list = EntryList.of(await gathered(counted(file, digest, mostEntriesBytes), file.size, platform));
    } else if (file.name === 'entries.csv.gz') {
      const unpacked = limited(
        platform.gunzip(counted(file, digest, mostEntriesBytes)),
        file.name,
        mostEntriesBytes,
      );
      list = EntryList.of(await gatheredUnknown(unpacked, file.name, platform));
    } else {
      const chunks: Uint8Array[] = [];
      for await (const chunk of counted(file, digest, MOST_TEXT))
        if (JUDGED.test(file.name)) chunks.push(chunk);
      if (JUDGED.test(file.name)) texts.set(file.name, decoded(joined(chunks)));
    }
    const whole = digest === UNUSED && list ? platform.digestOf?.(list.bytes) : undefined;
    hashes.set(file.name, (await whole) ?? digest.hex());
  }
  return { texts, hashes, list };
}

async function* watched(
  file: ArchivedFile,
  digest: Digest,
  most: number,
  count: (length: number) => void,
): AsyncIterable<Uint8Array> {
  if (file.size > most) throw new Unusable('too-large', `${file.name}: ${file.size} > ${most} bytes`);
  for await (const chunk of limited(file.chunks(), file.name, most)) {
    digest.update(chunk);
    count(chunk.length);
    yield chunk;
  }
}

async function* limited(chunks: AsyncIterable<Uint8Array>, name: string, most: number) {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > most) throw new Unusable('too-large', `${name}: more than ${most} bytes`);
    yield chunk;
  }
}

/** Into memory of the announced size; a file that grew or shrank meanwhile is cut or kept short. */
async function gathered(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  platform: Platform,
): Promise<Uint8Array> {
  const bytes = platform.allocate(size);
  let at = 0;
  for await (const chunk of chunks) {
    if (at + chunk.length > size) throw new Unusable('zip-damaged', 'longer than announced');
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes.subarray(0, at);
}

async function gatheredUnknown(chunks: AsyncIterable<Uint8Array>, name: string, platform: Platform) {
  const kept: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      kept.push(chunk);
      size += chunk.length;
    }
  } catch (error) {
    throw error instanceof Unusable ? error : new Unusable('zip-damaged', name);
  }
  const bytes = platform.allocate(size);
  let at = 0;
  for (const chunk of kept) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Undefined unless the bytes are UTF-8; a byte order mark is kept, so that it is found. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
