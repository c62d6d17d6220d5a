import type { INestApplicationContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { closeLastList, runFirstDraw } from './draw-step.js';
import { importReadings, makeDrive, publishStandings } from './drive-step.js';
import { addOfficers } from './officers.js';
import { importPayments, makePromotion } from './promotion-step.js';
import { importUnits } from './units-step.js';

/** One part of the example. */
export interface Step {
  readonly name: string;
  readonly title: string;
  /** Work with transactions of its own that may be begun again after a crash: what was done already is not done twice. */
  readonly repeat?: (app: INestApplicationContext) => Promise<void>;
  /** Work in the transaction that records it. */
  readonly once?: (app: INestApplicationContext, tx: EntityManager) => Promise<void>;
}

export const STEPS: readonly Step[] = [
  { name: 'units', title: 'units of Bình Phước and Bắc Giang', repeat: importUnits },
  { name: 'officers', title: 'organisations and officers', once: addOfficers },
  { name: 'drive', title: 'the 92-day drive of Bình Phước', once: makeDrive },
  { name: 'readings', title: 'readings of the drive', repeat: importReadings },
  { name: 'standings', title: 'standings announced on the way', once: publishStandings },
  { name: 'promotion', title: 'the promotion of Bắc Giang and its terms', once: makePromotion },
  {
    name: 'payments-1',
    title: 'payments of the first period',
    repeat: importPayments('2022-08', '2022-09', '2022-10', '2022-11'),
  },
  { name: 'draw-1', title: 'the first draw, published', repeat: runFirstDraw },
  {
    name: 'payments-2',
    title: 'payments of the last period',
    repeat: importPayments('2022-12', '2023-01', '2023-02', '2023-03'),
  },
  { name: 'draw-2', title: 'the list of the last draw, closed and witnessed', repeat: closeLastList },
];
