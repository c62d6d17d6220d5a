import { posted } from '../platform/http/form.js';
import { type Chain, roundAfter } from '../verify/beacon.js';
import { diceIn, dicePattern } from './dice.js';
import type { SourceRow } from './draw.queries.js';
import type { PlannedSource } from './plan.js';

/** Lines of each kind that an empty form shows, and the most that are read. */
const SHOWN = { dice: 2, beacon: 1, seal: 2 } as const;
const MOST = 20;

/** The sources on a posted form: dice before an audience, beacon rounds, sealed secrets, as many as there are lines. */
export function sourcesIn(body: unknown, chains: readonly Chain[]): PlannedSource[] {
  const lines = (kind: string, read: (text: (name: string) => string, at: number) => PlannedSource[]) =>
    Array.from({ length: MOST }, (_, at) => read((name) => posted(body, `${kind}-${name}-${at}`), at)).flat();
  return [
    ...lines('dice', (text, at) => diceLine(text, at)),
    ...lines('beacon', (text, at) => beaconLine(text, at, chains)),
    ...lines('seal', (text, at) => sealLine(text, at)),
  ];
}

type Text = (name: string) => string;

const nameOf = (text: Text, usual: string, at: number) => text('id') || numbered(usual, at);
const numbered = (usual: string, at: number) => (at === 0 ? usual : `${usual}-${at + 1}`);

/** The id of the sealed secret on a line: its commitment is made for this name. */
export const sealName = (at: number) => numbered('sealed', at);

function diceLine(text: Text, at: number): PlannedSource[] {
  const description = text('description');
  if (description === '') return [];
  const dice = {
    low: Number(text('low')),
    high: Number(text('high')),
    count: Number(text('count')) || undefined,
  };
  const pattern = text('pattern') || dicePattern(dice);
  return [{ id: nameOf(text, 'hall', at), kind: 'witness', description, pattern }];
}

/** By its number, or the first round after an instant as a clock in Viet Nam shows it. */
function beaconLine(text: Text, at: number, chains: readonly Chain[]): PlannedSource[] {
  const chain = chains.find(({ hash }) => hash === text('chain')) ?? chains[0]!;
  const [round, instant] = [text('round'), text('at')];
  if (round === '' && instant === '') return [];
  const named =
    round === '' ? roundAfter(chain, Date.parse(`${instant}:00+07:00`) / 1000 - 1) : Number(round);
  return [{ id: nameOf(text, 'beacon', at), kind: 'drand', chain: chain.hash, round: named }];
}

function sealLine(text: Text, at: number): PlannedSource[] {
  const commitment = text('commitment').toLowerCase();
  if (commitment === '') return [];
  const organisationId = Number(text('organisation')) || undefined;
  return [
    {
      id: nameOf(text, 'sealed', at),
      kind: 'commitment',
      commitment,
      ...(organisationId !== undefined && { organisationId }),
    },
  ];
}

/** A plan's sources as they stand in the fields of the form. */
export function sourceFields(sources: readonly SourceRow[]): Record<string, string | number> {
  const of = (kind: SourceRow['kind']) => sources.filter((source) => source.kind === kind);
  return Object.fromEntries([
    ...of('witness').flatMap((source, at) => diceFields(source, at)),
    ...of('drand').flatMap(({ code, chain, round }, at) => [
      [`beacon-id-${at}`, code],
      [`beacon-chain-${at}`, chain!],
      [`beacon-round-${at}`, round!],
    ]),
    ...of('commitment').flatMap(({ code, commitment, organisationId }, at) => [
      [`seal-id-${at}`, code],
      [`seal-commitment-${at}`, commitment!],
      [`seal-organisation-${at}`, organisationId ?? ''],
    ]),
  ]) as Record<string, string | number>;
}

function diceFields({ code, description, pattern }: SourceRow, at: number): [string, string | number][] {
  const dice = diceIn(pattern!);
  return [
    [`dice-id-${at}`, code],
    [`dice-description-${at}`, description!],
    ...(dice
      ? ([
          [`dice-count-${at}`, dice.count ?? ''],
          [`dice-low-${at}`, dice.low],
          [`dice-high-${at}`, dice.high],
        ] as [string, string | number][])
      : [[`dice-pattern-${at}`, pattern!] as [string, string]]),
  ];
}

/** The lines to show: those that are filled and one more, never fewer than an empty form has. `values` are fields of the form. */
export function sourceLines(values: Record<string, unknown>): Record<'dice' | 'beacon' | 'seal', number[]> {
  const lines = (kind: keyof typeof SHOWN, names: readonly string[]) => {
    const filled = Array.from({ length: MOST }, (_, at) => at).findLast((at) =>
      names.some((name) => (values[`${kind}-${name}-${at}`] ?? '') !== ''),
    );
    const count = Math.min(MOST, Math.max(SHOWN[kind], (filled ?? -1) + 2));
    return Array.from({ length: count }, (_, at) => at);
  };
  return {
    dice: lines('dice', ['description']),
    beacon: lines('beacon', ['round', 'at']),
    seal: lines('seal', ['commitment']),
  };
}
