import { KEY_TYPE, keyText, type NoteKey, parseKey } from '../merkle/note.js';

/** Whom a checker trusts, and how much the operator's published rules ask for. */
export interface Trust {
  readonly operators: readonly NoteKey[];
  readonly witnesses: readonly NoteKey[];
  /** How many witnesses must have cosigned the checkpoint. */
  readonly witnessesNeeded: number;
  /** Seconds that must lie between the checkpoint and the time of a beacon round. */
  readonly margin: number;
}

const TITLE = 'thidua-draw/1 keys';

/** Default of protocol §2. */
export const DEFAULT_MARGIN = 600;

/**
 * The exact text of `keys.txt`: the public keys a bundle was signed with, for readers who have no better source.
 * Keys out of the bundle prove that the parts belong together, not who made them.
 */
export function keysText({ operators, witnesses, witnessesNeeded, margin }: Trust): string {
  return [
    TITLE,
    ...operators.map((key) => `operator ${keyText(key)}`),
    ...witnesses.map((key) => `witness ${keyText(key)}`),
    `witnesses-needed ${witnessesNeeded}`,
    `margin ${margin}`,
    '',
  ].join('\n');
}

/** What `keysText` wrote, or undefined for anything else. */
export function parseKeys(text: string): Trust | undefined {
  if (text.length > 100_000) return undefined;
  const lines = text.split('\n');
  const keys = (role: string) =>
    lines.filter((line) => line.startsWith(`${role} `)).map((line) => parseKey(line.slice(role.length + 1)));
  const number = (name: string) =>
    lines.flatMap((line) => new RegExp(`^${name} ([0-9]{1,9})$`).exec(line)?.[1] ?? []).map(Number)[0];
  const [operators, witnesses] = [keys('operator'), keys('witness')];
  const [witnessesNeeded, margin] = [number('witnesses-needed'), number('margin')];
  if (![...operators, ...witnesses].every((key) => key !== undefined)) return undefined;
  if (witnessesNeeded === undefined || margin === undefined) return undefined;
  const trust = trustIn([...operators, ...witnesses] as NoteKey[], witnessesNeeded, margin);
  return keysText(trust) === text ? trust : undefined;
}

/** Sorts keys by what they can do: plain signatures are the operator's, timed cosignatures the witnesses'. */
export function trustIn(keys: readonly NoteKey[], witnessesNeeded: number, margin = DEFAULT_MARGIN): Trust {
  return {
    operators: keys.filter(({ type }) => type === KEY_TYPE.signature),
    witnesses: keys.filter(({ type }) => type === KEY_TYPE.cosignature),
    witnessesNeeded,
    margin,
  };
}
