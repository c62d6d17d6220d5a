import type { INestApplicationContext } from '@nestjs/common';
import { Clock } from '../platform/clock.js';

/**
 * Does work as of another moment: the acts of the example carry the days of 2022 and 2023 on which they would have been done.
 * Only before the server listens, or in a process of its own, so that nobody else lives by that clock.
 */
export async function at<T>(
  app: INestApplicationContext,
  moment: string,
  work: () => Promise<T>,
): Promise<T> {
  const clock = app.get(Clock);
  const real = Object.getOwnPropertyDescriptor(clock, 'now');
  clock.now = () => new Date(moment);
  try {
    return await work();
  } finally {
    if (real) Object.defineProperty(clock, 'now', real);
    else delete (clock as Partial<Clock>).now;
  }
}
