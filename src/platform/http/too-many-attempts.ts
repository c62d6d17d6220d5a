import { HttpException } from '@nestjs/common';

/** Too many wrong tries; says when the next one is allowed (429 with Retry-After). */
export class TooManyAttempts extends HttpException {
  constructor(readonly retryAfterSeconds: number) {
    super('errors.tooMany.lead', 429);
  }
}
