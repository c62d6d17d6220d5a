import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config.js';
import { isRoundSignature } from '../verify/beacon.js';
import { fetchRound } from '../verify/relays.js';
import { chainOf } from './beacon.js';

const PATIENCE = 8000;

/** Public randomness beacons: asked when the hall is online, checked in any case. */
@Injectable()
export class Beacons {
  constructor(private readonly config: Config) {}

  get online(): boolean {
    return this.config.DRAND_RELAYS !== '';
  }

  isSignature(chain: string, round: number, signature: string): boolean {
    return isRoundSignature(chainOf(chain), round, signature);
  }

  /** The signature of the round in hex, checked; undefined when no relay answers with one. */
  async fetch(chain: string, round: number): Promise<string | undefined> {
    const urls = this.config.DRAND_RELAYS.split(',').filter(Boolean);
    if (urls.length === 0) return undefined;
    const found = await fetchRound(chainOf(chain), round, { urls, patience: PATIENCE });
    return 'signature' in found ? found.signature : undefined;
  }
}
