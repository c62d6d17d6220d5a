import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { BatchLoading } from './batch-loading.service.js';
import { IntakeProgress } from './intake-progress.js';
import { Intake } from './intake.service.js';
import { IntakeWork } from './intake.work.js';
import { Lookups } from './lookups.service.js';
import { OwnCodes } from './own-codes.js';
import { PromotionApi } from './promotion.api.js';
import { PromotionPages } from './promotion.pages.js';
import { Promotions } from './promotions.service.js';
import { Receipts } from './receipts.service.js';
import { Reevaluation } from './reevaluation.service.js';
import { TermsOffice } from './terms.service.js';

@Module({
  imports: [JournalModule, PaymentsModule],
  controllers: [PromotionPages, PromotionApi],
  providers: [
    Promotions,
    TermsOffice,
    Lookups,
    Receipts,
    OwnCodes,
    Reevaluation,
    BatchLoading,
    IntakeProgress,
    Intake,
    IntakeWork,
  ],
  exports: [Promotions, TermsOffice, Intake, Reevaluation],
})
export class EntriesModule {}
