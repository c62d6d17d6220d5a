import { canonicalJson } from '../rules/draw/canonical.js';
import { brief, distinct, faultsOf, hex64, list, object, oneOf, text, whole } from '../rules/draw/shape.js';
import { type Chain, chainHash, SCHEME } from './beacon.js';

/** A chain as every relay describes it under `/<chain>/info`. */
interface ChainInfo {
  readonly public_key: string;
  readonly period: number;
  readonly genesis_time: number;
  readonly hash: string;
  readonly groupHash: string;
  readonly schemeID: string;
  readonly metadata: { readonly beaconID: string };
}

/** `chains.json` in a bundle: the facts of the beacons that the rules name. */
export const CHAINS_NAME = 'chains.json';

const infos = list(
  object({
    public_key: text(/^[0-9a-f]{192}$/, '192 lower-case hex digits'),
    period: whole(1, 86_400),
    genesis_time: whole(0, 10_000_000_000),
    hash: hex64,
    groupHash: hex64,
    schemeID: oneOf(SCHEME),
    metadata: object({ beaconID: text(/^[a-z0-9-]{1,40}$/, 'a name such as quicknet') }),
  }),
  0,
  100,
);

/** The chains a text describes, or what is wrong with it: a chain whose hash is not made from its facts is refused. */
export function parseChains(json: string): {
  readonly chains: readonly Chain[];
  readonly faults: readonly string[];
} {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { chains: [], faults: [`document: wanted JSON, got ${brief((error as Error).message)}`] };
  }
  const faults = [...faultsOf(value, infos), ...faultsOf(value, distinct('hash'))];
  if (faults.length > 0) return { chains: [], faults };
  const chains = (value as ChainInfo[]).map(chainIn);
  const forged = chains.findIndex((chain) => chainHash(chain) !== chain.hash);
  if (forged < 0) return { chains, faults: [] };
  const chain = chains[forged]!;
  return { chains: [], faults: [`[${forged}].hash: wanted ${chainHash(chain)}, got ${chain.hash}`] };
}

/** The same, as it is published. */
export const chainsText = (chains: readonly Chain[]): string => canonicalJson(chains.map(infoOf));

const chainIn = (info: ChainInfo): Chain => ({
  name: info.metadata.beaconID,
  hash: info.hash,
  publicKey: info.public_key,
  period: info.period,
  genesis: info.genesis_time,
  groupHash: info.groupHash,
});

const infoOf = ({ name, hash, publicKey, period, genesis, groupHash }: Chain): ChainInfo => ({
  public_key: publicKey,
  period,
  genesis_time: genesis,
  hash,
  groupHash,
  schemeID: SCHEME,
  metadata: { beaconID: name },
});
