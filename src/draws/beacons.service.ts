import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Config, ConfigError } from '../platform/config.js';
import { type Chain, isRoundSignature } from '../verify/beacon.js';
import { parseChains } from '../verify/chain-info.js';
import { fetchRound } from '../verify/relays.js';
import { chainsOf, keepChains } from './beacon.queries.js';

const PATIENCE = 8000;

/** A round as a relay gave it, checked. */
export interface FoundRound {
  readonly signature: string;
  readonly relay: string;
}

export interface BeaconSource {
  readonly chain: string;
  readonly round: number;
}

/** Public randomness beacons: asked when the hall is online, checked in any case. */
@Injectable()
export class Beacons implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly db: DataSource,
  ) {}

  /** Takes in the chains of the settings. @throws ConfigError for a file that does not describe chains. */
  async onModuleInit(): Promise<void> {
    const chains = chainsIn(this.config);
    if (chains.length > 0) await this.db.transaction((tx) => keepChains(tx, chains));
  }

  get online(): boolean {
    return this.config.DRAND_RELAYS !== 'none';
  }

  async isSignature(tx: EntityManager, { chain, round }: BeaconSource, signature: string): Promise<boolean> {
    return isRoundSignature(await chainOf(tx, chain), round, signature);
  }

  /** The signature of the round in hex, checked; undefined when no relay answers with one. */
  async fetch({ chain, round }: BeaconSource): Promise<FoundRound | undefined> {
    if (!this.online) return undefined;
    const urls = this.config.DRAND_RELAYS.split(',');
    const found = await fetchRound(await chainOf(this.db.manager, chain), round, {
      urls,
      patience: PATIENCE,
    });
    return 'signature' in found
      ? { signature: found.signature, relay: new URL(found.relay).host }
      : undefined;
  }
}

/** The file of the settings, or the one that lies in the data folder, or none. */
function chainsIn({ DRAND_CHAINS, DATA_DIR }: Config): readonly Chain[] {
  const usual = join(DATA_DIR, 'settings', 'drand-chains.json');
  const path = DRAND_CHAINS ?? (existsSync(usual) ? usual : undefined);
  if (path === undefined) return [];
  if (!existsSync(path)) throw new ConfigError(`DRAND_CHAINS: there is no file ${path}`);
  const { chains, faults } = parseChains(readFileSync(path, 'utf8'));
  if (faults.length > 0)
    throw new ConfigError(
      `${path} cannot be used: expected a list of what drand relays answer under /<chain>/info\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  return chains;
}

async function chainOf(tx: EntityManager, hash: string): Promise<Chain> {
  const found = (await chainsOf(tx)).find((chain) => chain.hash === hash);
  if (!found) throw new RangeError(`drand chain ${hash}: not among those that are known here`);
  return found;
}
