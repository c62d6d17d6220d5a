import seedrandom from 'seedrandom';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { EntryList } from '../rules/draw/entries.js';
import { judge, type Report } from '../rules/draw/judge/judge.js';
import { plannedOrders, type PlannedOrder } from '../rules/draw/judge/plan.js';
import { type BundleFiles, type Reading, readBundle } from '../rules/draw/judge/reading.js';
import type { Trust } from '../rules/draw/keys.js';
import type { Hash } from '../rules/merkle/tree.js';
import { beaconOf, type Chain, CHAINS } from './beacon.js';
import { CHAINS_NAME, parseChains } from './chain-info.js';
import { verifySignature } from './ed25519.js';

/** Bulk work that a shell may do in parallel. */
export interface Engine {
  root(list: EntryList): Promise<Uint8Array>;
  first(list: EntryList, planned: readonly PlannedOrder[]): Promise<ReadonlyMap<string, Uint32Array>>;
}

export interface VerifyOptions {
  /** Keys the reader trusts; without them those in the bundle are used. */
  readonly trust?: Trust;
  readonly chains?: readonly Chain[];
  readonly engine?: Engine;
  readonly hash?: Hash;
}

/** The check of a bundle from end to end, the same in the terminal, in the browser and in tests. */
export async function verifyFiles(files: BundleFiles, options: VerifyOptions = {}): Promise<Report> {
  const { trust, engine, hash, chains = CHAINS } = options;
  const reading = readBundle(files);
  const known = [...chains, ...chainsIn(files, reading)];
  const root = engine && files.list && bytesToHex(await engine.root(files.list));
  const first =
    engine && files.list && root ? await engine.first(files.list, plannedOrders(reading, root)) : undefined;
  return judge(reading, {
    seedrandom: (seed) => seedrandom(seed),
    verifySignature,
    beacon: beaconOf(known),
    ...(hash && { hash }),
    ...(trust && { trust }),
    ...(root && { root }),
    ...(first && { first }),
  });
}

/** Chains that the bundle brings along need no trust: their hash, which the rules name, is made from their facts. */
function chainsIn({ texts }: BundleFiles, { findings }: Reading): readonly Chain[] {
  if (!texts.has(CHAINS_NAME)) return [];
  const { chains, faults } = parseChains(texts.get(CHAINS_NAME) ?? '');
  for (const fault of faults) findings.add('beacon-invalid', CHAINS_NAME, fault, 'the shape of the protocol');
  return chains;
}
