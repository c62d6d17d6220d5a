import { randomUUID } from 'node:crypto';
import { Live } from '../../src/platform/live/live.js';
import { Intake } from '../../src/readings/intake.service.js';
import type { TestApp } from './app.js';
import type { TestDrive } from './drive.js';

/** unit code, indicator code, day, numerator, denominator */
export type Figure = readonly [
  unitCode: string,
  indicator: string,
  day: string,
  numerator: number,
  denominator: number,
];

/** Hands in figures that count at once; figures that stand already are corrected. */
export async function report(app: TestApp, drive: TestDrive, figures: readonly Figure[]): Promise<void> {
  const cells = figures.map(([unit, indicator, on, numerator, denominator], index) => ({
    row: index + 1,
    unitCode: unit,
    unit: '',
    indicator,
    day: on,
    from: '',
    to: '',
    value: '',
    numerator: String(numerator),
    denominator: String(denominator),
  }));
  const { findings } = await app.get(Intake).take({
    slug: drive.slug,
    source: 'api',
    format: 'en',
    cells,
    commit: true,
    approve: true,
    pastLock: true,
    reason: 'corrected by the office',
    officer: null,
    allowed: null,
  });
  if (findings.length > 0) throw new Error(JSON.stringify(findings[0]));
}

/** Waits until this instance has heard everything that was told so far: news comes in the order of the commits. */
export async function caughtUp(app: TestApp): Promise<void> {
  const live = app.get(Live);
  if (!live.listening) return;
  const topic = `caught-up:${randomUUID()}`;
  const heard = new Promise<void>((done) => live.hear((told) => told === topic && done()));
  await app.db.transaction((tx) => live.tell(tx, topic, {}));
  await heard;
}
