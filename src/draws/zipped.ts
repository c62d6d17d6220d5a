import { PassThrough, type Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Files } from './bundle.service.js';

/** Always the same bytes for the same files. */
export function zipped(files: Files): Readable {
  const zip = new ZipFile();
  const mtime = new Date('2020-01-01T00:00:00Z');
  for (const [name, bytes] of files) zip.addBuffer(bytes, name, { mtime, mode: 0o100644 });
  zip.end();
  return zip.outputStream.pipe(new PassThrough());
}
