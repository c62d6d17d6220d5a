import { type Note, parseNote } from '../../merkle/note.js';
import { replacementFile } from '../bundle.js';
import { type Checkpoint, parseCheckpoint } from '../checkpoint.js';
import type { Addendum, Completeness, DrawResult, DrawRules, SourceValue, Strike } from '../documents.js';
import type { EntryList } from '../entries.js';
import { type FindingCode, Findings } from '../finding.js';
import { parseKeys, type Trust } from '../keys.js';
import {
  type Parsed,
  parseAddendum,
  parseCompleteness,
  parseResult,
  parseRules,
  parseSources,
  parseStrikes,
} from '../parse.js';

/** A bundle as it lies on the disk: a hostile file until it has been read. */
export interface BundleFiles {
  /** Every file but the entries, by name; undefined when it is not UTF-8. */
  readonly texts: ReadonlyMap<string, string | undefined>;
  /** SHA-256 in hex of every file as it is stored, entries included. */
  readonly hashes: ReadonlyMap<string, string>;
  /** `entries.csv`, unpacked. */
  readonly list: EntryList | undefined;
}

/** The documents of one draw, or of one replacement of it. */
export interface DrawnReading {
  readonly sources: readonly SourceValue[];
  readonly result: DrawResult | undefined;
  /** The bytes whose hash the next replacement names. */
  readonly resultText: string;
}

export interface ReplacementReading extends DrawnReading {
  readonly number: number;
  readonly addendum: Addendum;
}

/** What could be read. What could not is a finding, and undefined here. */
export interface Reading extends DrawnReading {
  readonly files: BundleFiles;
  readonly rules: DrawRules | undefined;
  readonly note: Note | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly strikes: readonly Strike[];
  readonly replacements: readonly ReplacementReading[];
  readonly completeness: Completeness | undefined;
  /** Keys the bundle itself carries. */
  readonly keys: Trust | undefined;
  readonly findings: Findings;
}

/** First half of the check: shapes only. Never throws, whatever the files hold. */
export function readBundle(files: BundleFiles): Reading {
  const findings = new Findings();
  const read = <Document>(name: string, code: FindingCode, parse: (json: string) => Parsed<Document>) =>
    readDocument(files, findings, name, code, parse);
  const rules = read('rules.json', 'rules-malformed', parseRules);
  const note = readNote(files, findings);
  return {
    files,
    findings,
    rules,
    note,
    checkpoint: rules && note && readCheckpoint(note, rules.draw, findings),
    strikes: read('strikes.json', 'strike-unjustified', parseStrikes) ?? [],
    sources: read('sources.json', 'source-missing', parseSources) ?? [],
    result: read('result.json', 'result-hash', parseResult),
    resultText: files.texts.get('result.json') ?? '',
    replacements: readReplacements(files, findings, read),
    completeness: read('completeness.json', 'completeness', parseCompleteness),
    keys: readKeys(files, findings),
  };
}

function readDocument<Document>(
  files: BundleFiles,
  findings: Findings,
  name: string,
  code: FindingCode,
  parse: (json: string) => Parsed<Document>,
): Document | undefined {
  const text = files.texts.get(name);
  if (text === undefined) {
    findings.add(code, name, files.texts.has(name) ? 'not UTF-8' : 'no such file', 'a JSON document');
    return undefined;
  }
  const { value, faults } = parse(text);
  for (const fault of faults ?? []) findings.add(code, name, fault, 'the shape of the protocol');
  return value;
}

function readNote({ texts }: BundleFiles, findings: Findings): Note | undefined {
  const text = texts.get('checkpoint.txt');
  const note = text === undefined ? undefined : parseNote(text);
  if (!note) findings.add('checkpoint-signature', 'checkpoint.txt', text ?? 'no such file', 'a signed note');
  return note;
}

function readCheckpoint(note: Note, draw: string, findings: Findings): Checkpoint | undefined {
  const title = note.body.slice(0, note.body.indexOf('\n'));
  if (!title.endsWith(`/${draw}`)) {
    findings.add('checkpoint-rules-differ', 'checkpoint.txt', title, `…/${draw}`);
    return undefined;
  }
  const checkpoint = parseCheckpoint(note.body, draw);
  if (!checkpoint)
    findings.add('checkpoint-signature', 'checkpoint.txt', note.body, 'a checkpoint of four lines');
  return checkpoint;
}

function readKeys({ texts }: BundleFiles, findings: Findings): Trust | undefined {
  if (!texts.has('keys.txt')) return undefined;
  const keys = parseKeys(texts.get('keys.txt') ?? '');
  if (!keys) findings.add('checkpoint-signature', 'keys.txt', 'malformed', 'public keys with their ids');
  return keys;
}

const REPLACEMENT = /^replacements\/([0-9]{2})\//;

function readReplacements(
  { texts }: BundleFiles,
  findings: Findings,
  read: <Document>(
    name: string,
    code: FindingCode,
    parse: (json: string) => Parsed<Document>,
  ) => Document | undefined,
): ReplacementReading[] {
  const numbers = new Set([...texts.keys()].flatMap((name) => REPLACEMENT.exec(name)?.[1] ?? []).map(Number));
  const readings: ReplacementReading[] = [];
  for (let number = 1; number <= numbers.size; number++) {
    const file = (name: string) => replacementFile(number, name);
    if (!numbers.has(number)) {
      findings.add('replacement-chain', 'replacements', `${[...numbers].join(', ')}`, `1 … ${numbers.size}`);
      break;
    }
    const addendum = read(file('addendum.json'), 'replacement-chain', parseAddendum);
    const sources = read(file('sources.json'), 'source-missing', parseSources) ?? [];
    const result = read(file('result.json'), 'result-hash', parseResult);
    if (!addendum) break;
    readings.push({ number, addendum, sources, result, resultText: texts.get(file('result.json')) ?? '' });
  }
  return readings;
}
