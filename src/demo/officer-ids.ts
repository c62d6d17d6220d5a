import type { EntityManager } from 'typeorm';

/** Who acts, by sign-in name. */
export async function officerId(tx: EntityManager, login: string): Promise<number> {
  const [officer] = await tx.query<{ id: number }[]>('select id from officer where login = $1', [login]);
  if (!officer) throw new RangeError(`no officer ${login}`);
  return officer.id;
}
