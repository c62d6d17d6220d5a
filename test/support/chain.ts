import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Chain, chainHash } from '../../src/verify/beacon.js';

const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';
const { shortSignatures } = bls12_381;

/** A beacon of our own, with a secret that no network shares: rounds of any time can be made. */
export function ownChain(): Chain & { sign(round: number): string } {
  const { secretKey, publicKey } = shortSignatures.keygen(new Uint8Array(48).fill(7));
  const facts = {
    name: 'own',
    publicKey: publicKey.toHex(true),
    period: 30,
    genesis: 1_685_000_000,
    groupHash: bytesToHex(sha256(utf8ToBytes('thidua own group'))),
  };
  const sign = (round: number) => {
    const message = new Uint8Array(8);
    new DataView(message.buffer).setBigUint64(0, BigInt(round));
    return shortSignatures.sign(shortSignatures.hash(sha256(message), DOMAIN), secretKey).toHex(true);
  };
  return { ...facts, hash: chainHash(facts), sign };
}

/** A relay on this machine that answers every round with what `signature` gives. */
export async function relay(
  signature: (round: number) => string | undefined,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const round = Number(/\/public\/(\d+)$/.exec(request.url ?? '')?.[1]);
    const text = signature(round);
    if (text === undefined) response.writeHead(404).end();
    else response.end(JSON.stringify({ round, signature: text }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
