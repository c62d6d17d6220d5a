import type { INestApplicationContext } from '@nestjs/common';
import { Chance } from './chance.js';
import { DemoOffice } from './draw-acts.js';
import { FIRST_DRAW, LAST_DRAW } from './draw-plans.js';

/** The first period, from its rules to its published winners. */
export async function runFirstDraw(app: INestApplicationContext): Promise<void> {
  const office = new DemoOffice(app, 'ky-1');
  await office.plan('to-chuc', '2022-11-21T02:00:00Z', FIRST_DRAW);
  await office.publishRules('to-chuc', '2022-11-21T03:00:00Z');
  await office.openObjections('to-chuc', '2022-12-07T02:00:00Z');
  await office.freeze('to-chuc', '2022-12-12T02:00:00Z');
  await office.cosign('nhan-chung', '2022-12-12T02:20:00Z');
  await office.cosign('ngan-hang', '2022-12-12T02:30:00Z');
  const dice = thrown('ky-1');
  await office.typeDice('to-chuc', '2022-12-15T02:10:00Z', dice);
  await office.typeDice('nhan-chung', '2022-12-15T02:11:00Z', dice);
  await office.draw('to-chuc', '2022-12-15T02:12:00Z');
  await office.recompute('nhan-chung', '2022-12-15T02:20:00Z');
  await office.certify('to-chuc', '2022-12-15T02:30:00Z');
  await office.certify('ngan-hang', '2022-12-15T02:32:00Z');
  await office.publish('to-chuc', '2022-12-15T02:40:00Z');
}

/** The last period, up to the list that is closed and witnessed: from here on whoever opens the example throws the dice. */
export async function closeLastList(app: INestApplicationContext): Promise<void> {
  const office = new DemoOffice(app, 'ky-2');
  await office.plan('to-chuc', '2023-03-20T02:00:00Z', LAST_DRAW);
  await office.publishRules('to-chuc', '2023-03-20T03:00:00Z');
  await office.openObjections('to-chuc', '2023-04-10T02:00:00Z');
  await office.freeze('to-chuc', '2023-04-14T02:00:00Z');
  await office.cosign('nhan-chung', '2023-04-14T02:20:00Z');
  await office.cosign('ngan-hang', '2023-04-14T02:30:00Z');
}

function thrown(period: string): string {
  const chance = new Chance(`dice ${period}`);
  return Array.from({ length: 20 }, () => 1 + chance.below(6)).join('');
}
