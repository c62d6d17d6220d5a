import { type Chain, CHAINS, timeOfRound } from '../verify/beacon.js';

/** @throws RangeError for a chain that nobody here can check. */
export function chainOf(hash: string): Chain {
  const found = CHAINS.find((chain) => chain.hash === hash);
  if (!found)
    throw new RangeError(`drand chain ${hash}: wanted ${CHAINS.map(({ name }) => name).join(', ')}`);
  return found;
}

/** When the round is due. */
export const roundTime = (chain: string, round: number): Date =>
  new Date(timeOfRound(chainOf(chain), round) * 1000);

/** The chain whose rounds the forms offer. */
export const QUICKNET = CHAINS[0]!.hash;
