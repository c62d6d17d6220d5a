import type { EntityManager } from 'typeorm';
import { type DrawRow, sourcesOf } from './draw.queries.js';

export const FETCH_BEACON = 'draws.fetch-beacon';

/** Which source is to be asked for. */
export interface BeaconOrder {
  readonly slug: string;
  readonly replacement: number;
  readonly source: string;
}

/** Relays show a round some seconds after it is due. */
const LAG = 3000;
/** With pauses that grow from seconds to hours: more than five days. */
const ATTEMPTS = 30;

/** Work for the moments at which the beacon rounds that are fixed now will be due. */
export async function beaconOrders(tx: EntityManager, { id, slug }: DrawRow, replacement: number) {
  return (await sourcesOf(tx, id, replacement)).flatMap(({ code, speaksAt }) => {
    if (!speaksAt) return [];
    const payload: BeaconOrder = { slug, replacement, source: code };
    const at = new Date(speaksAt.getTime() + LAG);
    return [{ name: FETCH_BEACON, payload, key: `${slug}/${replacement}/${code}`, at, attempts: ATTEMPTS }];
  });
}
