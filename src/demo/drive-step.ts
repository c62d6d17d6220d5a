import { createHash } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Campaigns } from '../campaigns/campaigns.service.js';
import { Plans } from '../indicators/plans.service.js';
import { delimited } from '../platform/tables/delimited.js';
import { Intake } from '../readings/intake.service.js';
import { readFile } from '../readings/reading-file.js';
import { Publishing } from '../standings/publishing.service.js';
import { at } from './at.js';
import { csv } from './csv.js';
import { WITHOUT_FEES } from './drive-dossiers.js';
import { DRIVE, drivePlan, movementPlan, type UnitIds } from './drive-plan.js';
import type { GeneratedReading } from './drive-days.js';
import { noteProgress } from './drive-tasks.js';
import { driveReadings } from './drive-readings.js';
import { officerId } from './officer-ids.js';
import { unitIds } from './units-step.js';

/** The movement, the drive inside it and its rules, published before the first day. */
export async function makeDrive(app: INestApplicationContext, tx: EntityManager): Promise<void> {
  const plans = app.get(Plans, { strict: false });
  const officer = await officerId(tx, 'dieu-hanh');
  const ids = await unitIds(tx);
  await at(app, '2022-05-26T02:00:00Z', () =>
    app.get(Campaigns, { strict: false }).create(tx, movementPlan(ids), officer),
  );
  await at(app, '2022-05-27T02:00:00Z', () => plans.create(tx, drivePlan(ids), officer));
  await exempt(tx, ids, officer);
  await at(app, '2022-05-31T02:00:00Z', () => plans.publish(tx, DRIVE, officer));
  await noteProgress(tx, DRIVE, officer);
}

/** Departments none of whose procedures costs a fee cannot be paid online: they are judged by what remains. */
async function exempt(tx: EntityManager, ids: UnitIds, officer: number): Promise<void> {
  await tx.query(
    `insert into exemption (indicator_id, unit_id, evidence, granted_at, granted_by)
     select i.id, unnest($2::int[]), $3, $4, $5 from indicator i join campaign c on c.id = i.campaign_id
      where c.slug = $1 and i.code = 'thanh-toan-truc-tuyen'`,
    [
      DRIVE,
      WITHOUT_FEES.map(ids),
      'Không có thủ tục hành chính thu phí, lệ phí (ví dụ)',
      '2022-05-30T02:00:00Z',
      officer,
    ],
  );
}

/** The days on which the office collected figures: for the reports of June and July, then month by month. */
const COLLECTED_ON = ['2022-06-17', '2022-06-23', '2022-07-02', '2022-08-01', '2022-09-01'];

/** The figures come in as files, each with what is new since the one before. A file that came already changes nothing. */
export async function importReadings(app: INestApplicationContext): Promise<void> {
  const officer = await officerId(app.get(DataSource).manager, 'dieu-hanh');
  const readings = driveReadings();
  let before = '';
  for (const day of COLLECTED_ON) {
    const fresh = readings.filter(({ last }) => last >= before && last < day);
    await at(app, `${day}T02:00:00Z`, () => deliver(app, day, fresh, officer));
    before = day;
  }
}

/** The two standings that were announced on the way, each of what was known that day. */
export async function publishStandings(app: INestApplicationContext, tx: EntityManager): Promise<void> {
  const publishing = app.get(Publishing, { strict: false });
  const officer = await officerId(tx, 'dieu-hanh');
  const interim = { slug: DRIVE, kind: 'interim', officer } as const;
  await at(app, '2022-07-04T02:00:00Z', () => publishing.publish(tx, { ...interim, on: '2022-07-01' }));
  await at(app, '2022-08-02T02:00:00Z', () => publishing.publish(tx, { ...interim, on: '2022-07-31' }));
}

async function deliver(
  app: INestApplicationContext,
  day: string,
  readings: readonly GeneratedReading[],
  officer: number,
): Promise<void> {
  const bytes = Buffer.from(readingFile(readings));
  const { cells, columns } = readFile(delimited(bytes));
  const file = { name: `so-lieu-${day}.csv`, sha256: createHash('sha256').update(bytes).digest('hex') };
  const report = await app.get(Intake, { strict: false }).take({
    slug: DRIVE,
    source: 'file',
    cells,
    columns,
    format: 'vi',
    approve: true,
    pastLock: true,
    commit: true,
    officer,
    allowed: null,
    file,
  });
  if (!report.committed) throw new Error(`readings: ${JSON.stringify(report.findings.slice(0, 3))}`);
}

/** As `thidua readings import` reads it. */
export const readingFile = (readings: readonly GeneratedReading[]): string =>
  csv(
    ['from', 'to', 'unit_code', 'indicator', 'numerator', 'denominator'],
    readings.map((one) => [one.from, one.last, one.unit, one.indicator, one.numerator, one.denominator]),
  );
