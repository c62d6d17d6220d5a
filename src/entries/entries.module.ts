import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module.js';
import { BatchLoading, Secrets } from './batch-loading.service.js';
import { IntakeProgress } from './intake-progress.js';
import { Intake } from './intake.service.js';
import { IntakeWork } from './intake.work.js';
import { Promotions } from './promotions.service.js';
import { Reevaluation } from './reevaluation.service.js';

@Module({
  imports: [PaymentsModule],
  providers: [Promotions, Reevaluation, Secrets, BatchLoading, IntakeProgress, Intake, IntakeWork],
  exports: [Promotions, Intake, Reevaluation],
})
export class EntriesModule {}
