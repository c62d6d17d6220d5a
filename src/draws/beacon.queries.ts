import type { EntityManager } from 'typeorm';
import type { Chain } from '../verify/beacon.js';

const COLUMNS = `hash, name, public_key as "publicKey", period, genesis::float8 as genesis, group_hash as "groupHash"`;

/** The chains whose rounds may be named, the one known from the start first. */
export function chainsOf(tx: EntityManager): Promise<Chain[]> {
  return tx.query<Chain[]>(`select ${COLUMNS} from beacon_chain order by name <> 'quicknet', name`);
}

/** The chains that the rules of a draw, or of its replacements, name. */
export function chainsNamed(tx: EntityManager, drawId: number): Promise<Chain[]> {
  return tx.query<Chain[]>(
    `select ${COLUMNS} from beacon_chain where hash in (select chain from draw_source where draw_id = $1) order by hash`,
    [drawId],
  );
}

export async function keepChains(tx: EntityManager, chains: readonly Chain[]): Promise<void> {
  for (const { hash, name, publicKey, period, genesis, groupHash } of chains)
    await tx.query(
      `insert into beacon_chain (hash, name, public_key, period, genesis, group_hash)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [hash, name, publicKey, period, genesis, groupHash],
    );
}
