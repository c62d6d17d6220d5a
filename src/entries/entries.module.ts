import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { BatchLoading } from './batch-loading.service.js';
import { IntakeProgress } from './intake-progress.js';
import { Intake } from './intake.service.js';
import { IntakeWork } from './intake.work.js';
import { Promotions } from './promotions.service.js';
import { Reevaluation } from './reevaluation.service.js';

@Module({
  imports: [JournalModule, PaymentsModule],
  providers: [Promotions, Reevaluation, BatchLoading, IntakeProgress, Intake, IntakeWork],
  exports: [Promotions, Intake, Reevaluation],
})
export class EntriesModule {}
