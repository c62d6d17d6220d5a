/** One file of a bundle, wherever it lies. */
export interface ArchivedFile {
  /** With `/` between folders, relative, without `..`. */
  readonly name: string;
  /** Bytes once unpacked, as announced; reading stops where the announcement is exceeded. */
  readonly size: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/** A folder, a zip on the disk or a zip in the browser. */
export interface Archive {
  readonly files: readonly ArchivedFile[];
  close(): Promise<void>;
}

/** Why something is no bundle at all. Words for a person come from the texts of the command or the page. */
export type UnusableCode =
  | 'not-found'
  | 'not-a-zip'
  | 'zip-unsupported'
  | 'zip-damaged'
  | 'unsafe-name'
  | 'name-twice'
  | 'too-many-files'
  | 'too-large'
  | 'no-bundle';

/** Thrown when a bundle cannot be read at all: no finding, because there is nothing to judge. */
export class Unusable extends Error {
  constructor(
    readonly code: UnusableCode,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

export const MOST_FILES = 5000;

/** Refuses names that could lead elsewhere, and two files of one name. Folders are not files. */
export function checkedNames<File extends { readonly name: string }>(files: readonly File[]): File[] {
  if (files.length > MOST_FILES) throw new Unusable('too-many-files', `${files.length} > ${MOST_FILES}`);
  const seen = new Set<string>();
  for (const { name } of files) {
    const parts = name.split('/');
    const unsafe = parts.some((part) => part === '..' || part === '.' || part === '') || !isPlain(name);
    if (unsafe || name.length > 500) throw new Unusable('unsafe-name', name.slice(0, 200));
    if (seen.has(name)) throw new Unusable('name-twice', name);
    seen.add(name);
  }
  return withoutCommonFolder(files);
}

/** Someone may have packed the folder instead of its content: one common folder in front is taken off. */
function withoutCommonFolder<File extends { readonly name: string }>(files: readonly File[]): File[] {
  const first = files[0]?.name.split('/')[0];
  const nested = first !== undefined && files.every(({ name }) => name.startsWith(`${first}/`));
  if (!nested || !files.some(({ name }) => name === `${first}/rules.json`)) return [...files];
  return files.map((file) =>
    Object.assign(Object.create(file) as File, { name: file.name.slice(first.length + 1) }),
  );
}

/** No backslash, no colon, no control characters. */
const isPlain = (name: string) => [...name].every((letter) => letter >= ' ' && !'\\:\x7f'.includes(letter));
