import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { type Chain, isRoundSignature } from './beacon.js';

/** A round that was checked: the signature is the source's value, its hash the public randomness. */
export interface BeaconRound {
  readonly round: number;
  readonly signature: string;
  readonly randomness: string;
}

/** Why a text or a relay gave no round. */
export type RelayFault = 'not-json' | 'other-round' | 'bad-signature' | 'bad-randomness' | 'no-answer';

const MOST_BYTES = 4096;

/**
 * A round out of the JSON that a relay serves or that somebody pasted in a hall without internet. The signature alone
 * decides, so it does not matter who carried it.
 */
export function parseRound(chain: Chain, round: number, json: string): BeaconRound | RelayFault {
  let value: { round?: unknown; signature?: unknown; randomness?: unknown } | null;
  try {
    value = json.length > MOST_BYTES ? null : (JSON.parse(json) as typeof value);
  } catch {
    return 'not-json';
  }
  if (typeof value !== 'object' || value === null || typeof value.signature !== 'string') return 'not-json';
  if (value.round !== round) return 'other-round';
  if (!isRoundSignature(chain, round, value.signature)) return 'bad-signature';
  const randomness = bytesToHex(sha256(hexToBytes(value.signature)));
  if (value.randomness !== undefined && value.randomness !== randomness) return 'bad-randomness';
  return { round, signature: value.signature, randomness };
}

export interface Relays {
  /** Addresses such as `https://api.drand.sh`; all are asked at once. */
  readonly urls: readonly string[];
  /** Milliseconds for each of them. */
  readonly patience: number;
  readonly fetch?: typeof globalThis.fetch;
}

/** The first checked answer of any relay with the relay's address, or what each of them gave instead. */
export async function fetchRound(
  chain: Chain,
  round: number,
  relays: Relays,
): Promise<
  (BeaconRound & { readonly relay: string }) | { readonly faults: ReadonlyMap<string, RelayFault> }
> {
  const faults = new Map<string, RelayFault>();
  const asked = relays.urls.map(async (url) => {
    const answer = await askRelay(chain, round, url, relays).catch(() => 'no-answer' as const);
    if (typeof answer !== 'string') return { ...answer, relay: url };
    faults.set(url, answer);
    throw new Error(answer);
  });
  return Promise.any(asked).catch(() => ({ faults }));
}

async function askRelay(
  chain: Chain,
  round: number,
  url: string,
  { patience, fetch = globalThis.fetch }: Relays,
): Promise<BeaconRound | RelayFault> {
  const address = `${url.replace(/\/$/, '')}/${chain.hash}/public/${round}`;
  const response = await fetch(address, { signal: AbortSignal.timeout(patience), redirect: 'error' });
  if (!response.ok) return 'no-answer';
  return parseRound(chain, round, await response.text());
}
