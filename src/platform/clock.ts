import { Injectable } from '@nestjs/common';

/** The only place that knows what time it is, so that tests can set it. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
