import type { INestApplicationContext } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { addOfficers } from './officers.js';
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
];
