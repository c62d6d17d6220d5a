import { utf8ToBytes } from '@noble/hashes/utils.js';
import { ENTRIES_HEADER, type EntryList } from '../entries.js';
import type { Findings } from '../finding.js';

const COMMA = 44;
const HOLDER_LENGTH = 64;
const MOST_CODE_LENGTH = 32;

/** Which bytes may stand in a code (1) and in a holder (2). */
const MAY = new Uint8Array(256);
for (const byte of utf8ToBytes('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')) MAY[byte]! |= 1;
for (const byte of utf8ToBytes('0123456789abcdef')) MAY[byte]! |= 2;

/** Protocol §3: the header, every line's shape, ascending codes, each code once, LF at the very end. */
export function judgeList(list: EntryList, findings: Findings): void {
  judgeHeader(list, findings);
  let sorted = true;
  for (let index = 0; index < list.size; index++) {
    if (!isWellFormed(list, index))
      findings.add(
        'entries-malformed',
        `entries.csv line ${index + 2}`,
        lineText(list, index),
        '<code>,<holder>',
      );
    if (index === 0) continue;
    const comparison = compareCodes(list, index - 1, index);
    if (comparison === 0)
      findings.add('code-twice', `entries.csv line ${index + 2}`, list.code(index), 'each code once');
    if (comparison > 0) {
      sorted = false;
      const published = `${list.code(index - 1)}, ${list.code(index)}`;
      findings.add('entries-unsorted', `entries.csv line ${index + 2}`, published, 'ascending codes');
    }
  }
  if (!sorted) judgeRepeated(list, findings);
}

function judgeHeader({ bytes, ends }: EntryList, findings: Findings): void {
  const header = Array.from(bytes.subarray(0, Math.min(ends[0] ?? bytes.length, 40)), (byte) =>
    String.fromCharCode(byte),
  );
  if (header.join('') !== ENTRIES_HEADER)
    findings.add('entries-malformed', 'entries.csv line 1', header.join(''), ENTRIES_HEADER);
  if (bytes.at(-1) !== 10)
    findings.add('entries-malformed', 'entries.csv', 'no line feed at the end', 'a line feed');
}

function isWellFormed(list: EntryList, index: number): boolean {
  const { bytes } = list;
  const start = list.codeStart(index);
  const end = list.ends[index + 1]!;
  const comma = end - HOLDER_LENGTH - 1;
  if (comma <= start || comma > start + MOST_CODE_LENGTH || bytes[comma] !== COMMA) return false;
  for (let at = start; at < comma; at++) if ((MAY[bytes[at]!]! & 1) === 0) return false;
  for (let at = comma + 1; at < end; at++) if ((MAY[bytes[at]!]! & 2) === 0) return false;
  return true;
}

/** By bytes, as the protocol sorts: negative, zero or positive. */
function compareCodes(list: EntryList, a: number, b: number): number {
  const { bytes } = list;
  let [left, right] = [list.codeStart(a), list.codeStart(b)];
  const [leftEnd, rightEnd] = [list.codeEnd(a), list.codeEnd(b)];
  for (; left < leftEnd && right < rightEnd; left++, right++)
    if (bytes[left] !== bytes[right]) return bytes[left]! - bytes[right]!;
  return leftEnd - left - (rightEnd - right);
}

/** In an unsorted list equal codes need not be neighbours: sort the places and look again. */
function judgeRepeated(list: EntryList, findings: Findings): void {
  const places = Uint32Array.from({ length: list.size }, (_, index) => index);
  places.sort((a, b) => compareCodes(list, a, b) || a - b);
  for (let at = 1; at < places.length; at++) {
    const [before, index] = [places[at - 1]!, places[at]!];
    if (index !== before + 1 && compareCodes(list, before, index) === 0)
      findings.add('code-twice', `entries.csv line ${index + 2}`, list.code(index), 'each code once');
  }
}

const lineText = (list: EntryList, index: number) =>
  Array.from(list.line(index).subarray(0, 120), (byte) =>
    byte < 32 || byte > 126 ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte),
  ).join('');
