import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Beacon } from '../rules/draw/judge/sources.js';

/** A public randomness beacon of the drand network, scheme `bls-unchained-g1-rfc9380`. */
export interface Chain {
  readonly name: string;
  /** Chain hash, 64 hex digits. */
  readonly hash: string;
  /** Compressed point of G2, 192 hex digits. */
  readonly publicKey: string;
  /** Seconds between rounds. */
  readonly period: number;
  /** Seconds since 1970 of round 1. */
  readonly genesis: number;
  /** 64 hex digits: hash of the group that began the chain. */
  readonly groupHash: string;
}

/** The only scheme that is checked here. */
export const SCHEME = 'bls-unchained-g1-rfc9380';

/** The chain everybody knows from the start; others are data (`chain-info.ts`). */
export const CHAINS: readonly Chain[] = [
  {
    name: 'quicknet',
    hash: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
    publicKey:
      '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
    period: 3,
    genesis: 1692803367,
    groupHash: 'f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e',
  },
];

/**
 * The hash that names a chain is made from its facts, its public key among them: whoever knows the hash from the rules
 * needs to trust nobody for the rest.
 */
export function chainHash({ name, publicKey, period, genesis, groupHash }: Omit<Chain, 'hash'>): string {
  const numbers = new Uint8Array(12);
  const view = new DataView(numbers.buffer);
  view.setUint32(0, period);
  view.setBigInt64(4, BigInt(genesis));
  const hash = sha256.create().update(numbers).update(hexToBytes(publicKey)).update(hexToBytes(groupHash));
  if (name !== 'default') hash.update(utf8ToBytes(name));
  return bytesToHex(hash.digest());
}

/** RFC 9380 hash to curve as drand's scheme names it. */
const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

/** When a round is due, in seconds since 1970. Never earlier than that; a relay may show it later. */
export const timeOfRound = ({ genesis, period }: Chain, round: number): number =>
  genesis + (round - 1) * period;

/** The round that is due at a time, the first one before the chain began. */
export const roundAt = ({ genesis, period }: Chain, seconds: number): number =>
  Math.max(1, Math.floor((seconds - genesis) / period) + 1);

/** The first round that is due strictly after a time. */
export function roundAfter(chain: Chain, seconds: number): number {
  if (seconds < chain.genesis) return 1;
  return roundAt(chain, seconds) + 1;
}

/** Whether the hex text is the chain's signature of the round: e(sig, G2) = e(H(round), key). Never throws. */
export function isRoundSignature({ publicKey }: Chain, round: number, signature: string): boolean {
  if (!/^[0-9a-f]{96}$/.test(signature) || !Number.isSafeInteger(round) || round < 1) return false;
  const message = new Uint8Array(8);
  new DataView(message.buffer).setBigUint64(0, BigInt(round));
  const { shortSignatures } = bls12_381;
  try {
    const hashed = shortSignatures.hash(sha256(message), DOMAIN);
    return shortSignatures.verify(hexToBytes(signature), hashed, hexToBytes(publicKey));
  } catch {
    return false;
  }
}

/** What the judge asks of beacons, for these chains. */
export function beaconOf(chains: readonly Chain[] = CHAINS): Beacon {
  const find = (hash: string) => chains.find((chain) => chain.hash === hash);
  return {
    timeOf: (hash, round) => {
      const chain = find(hash);
      return chain && timeOfRound(chain, round);
    },
    isSignature: (hash, round, signature) => {
      const chain = find(hash);
      return chain !== undefined && isRoundSignature(chain, round, signature);
    },
  };
}
