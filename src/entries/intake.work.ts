import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { IMPORT_JOB } from '../payments/batches.service.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { log } from '../platform/log.js';
import { Intake } from './intake.service.js';

const LOOK_EVERY = 10_000;

/** Gives waiting batches to the intake: at once through the queue, and after a crash by looking for what was left. */
@Injectable()
export class IntakeWork implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly jobs: Jobs,
    private readonly intake: Intake,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    this.jobs.handle<{ batchId: number }>(IMPORT_JOB, ({ batchId }) => this.intake.run(batchId));
  }

  onApplicationBootstrap(): void {
    if (!this.host.httpAdapter) return;
    this.timer = setInterval(() => {
      this.looking = this.looking
        .then(() => this.look())
        .catch((fault: Error) => log.warn({ fault: fault.message }, 'left batches'));
    }, LOOK_EVERY).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    for (const batchId of await this.intake.left()) await this.intake.run(batchId).catch(() => undefined);
  }
}
