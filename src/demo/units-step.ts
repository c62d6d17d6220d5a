import type { INestApplicationContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitImporter } from '../units/unit-import.js';
import { at } from './at.js';
import { FIRST } from './drive-days.js';
import { unitFile } from './units.js';

/** The same list again changes nothing. */
export async function importUnits(app: INestApplicationContext): Promise<void> {
  const file = Buffer.from(unitFile());
  const order = { file, commit: true, officer: null };
  const report = await at(app, '2022-05-20T01:00:00Z', () =>
    app.get(UnitImporter, { strict: false }).import(order),
  );
  if (!report.committed) throw new Error(`units: ${JSON.stringify(report.findings.slice(0, 3))}`);
}

/** Ids by the codes of the first day of the drive. */
export async function unitIds(tx: EntityManager): Promise<(code: string) => number> {
  const rows = await tx.query<{ code: string; id: number }[]>(
    'select code, unit_id as id from units_on($1)',
    [FIRST],
  );
  const ids = new Map(rows.map(({ code, id }) => [code, id]));
  return (code) => {
    const id = ids.get(code);
    if (id === undefined) throw new RangeError(`no unit ${code} on ${FIRST}`);
    return id;
  };
}
