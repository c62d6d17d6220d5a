import { Module } from '@nestjs/common';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { IndicatorsModule } from '../indicators/indicators.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { Intake } from './intake.service.js';
import { ReadingStore } from './reading-store.service.js';

@Module({
  imports: [JournalModule, CampaignsModule, IndicatorsModule],
  providers: [Intake, ReadingStore],
  exports: [Intake, ReadingStore],
})
export class ReadingsModule {}
