import { PartnerApi } from './partner.api.js';
import { Partners } from './partner.service.js';
import { OfficersModule } from '../officers/officers.module.js';
import { TermsPages } from './terms.pages.js';
import { PaymentDesk } from './payment-desk.js';
import { KeyRotation } from './key-rotation.service.js';
import { OpenConflicts } from './open-conflicts.js';
import { KeysPages } from './keys.pages.js';
import { FindingsFile } from './findings-file.js';
import { ExclusionsPages } from './exclusions.pages.js';
import { Exclusions } from './exclusions.service.js';
import { Digests } from './digests.service.js';
import { ConflictsPages } from './conflicts.pages.js';
import { Conflicts } from './conflicts.service.js';
import { ConflictReplacement } from './conflict-replacement.js';
import { CompletenessPages } from './completeness.pages.js';
import { BatchesPages } from './batches.pages.js';
import { BatchOffice } from './batch-office.service.js';
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
import { PromotionPlansPages } from './promotion-plans.pages.js';
import { PromotionPlans } from './promotion-plans.service.js';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { Promotions } from './promotions.service.js';
import { Receipts } from './receipts.service.js';
import { Reevaluation } from './reevaluation.service.js';
import { Retention } from './retention.service.js';
import { TermsOffice } from './terms.service.js';

@Module({
  imports: [CampaignsModule, JournalModule, OfficersModule, PaymentsModule],
  controllers: [
    PartnerApi,
    PromotionPages,
    PromotionApi,
    PromotionPlansPages,
    BatchesPages,
    CompletenessPages,
    ConflictsPages,
    ExclusionsPages,
    KeysPages,
    TermsPages,
  ],
  providers: [
    Partners,
    BatchOffice,
    ConflictReplacement,
    Conflicts,
    Digests,
    Exclusions,
    FindingsFile,
    KeyRotation,
    OpenConflicts,
    PaymentDesk,
    Promotions,
    PromotionPlans,
    TermsOffice,
    Lookups,
    Receipts,
    Retention,
    OwnCodes,
    Reevaluation,
    BatchLoading,
    IntakeProgress,
    Intake,
    IntakeWork,
  ],
  exports: [Promotions, PromotionPlans, Exclusions, TermsOffice, Intake, Reevaluation],
})
export class EntriesModule {}
