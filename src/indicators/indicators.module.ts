import { Module } from '@nestjs/common';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { IndicatorDraft } from './indicator-draft.service.js';
import { Plans } from './plans.service.js';

@Module({
  imports: [JournalModule, CampaignsModule],
  providers: [IndicatorDraft, Plans],
  exports: [IndicatorDraft, Plans],
})
export class IndicatorsModule {}
