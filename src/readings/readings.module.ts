import { Module } from '@nestjs/common';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { IndicatorsModule } from '../indicators/indicators.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { ApprovalPages } from './approval.pages.js';
import { Approvals } from './approvals.service.js';
import { CompletenessPages } from './completeness.pages.js';
import { Derivation } from './derivation.service.js';
import { Drafts } from './drafts.service.js';
import { FileImporter } from './file-import.service.js';
import { GridActsPages } from './grid-acts.pages.js';
import { GridIntake } from './grid-entry.service.js';
import { GridPage } from './grid-page.js';
import { GridOf } from './grid.service.js';
import { ImportPages } from './import.pages.js';
import { Intake } from './intake.service.js';
import { LockExceptions } from './lock-exceptions.service.js';
import { ReadingPages } from './reading.pages.js';
import { ReadingStore } from './reading-store.service.js';
import { ReadingsApi } from './readings.api.js';
import { ReadingsTablesApi } from './readings-tables.api.js';
import { ReadingsPages } from './readings.pages.js';
import { Uploads } from './uploads.service.js';
import { Workplace } from './workplace.js';

@Module({
  imports: [JournalModule, CampaignsModule, IndicatorsModule],
  controllers: [
    ReadingsApi,
    ReadingsTablesApi,
    ReadingsPages,
    GridActsPages,
    ApprovalPages,
    ImportPages,
    CompletenessPages,
    ReadingPages,
  ],
  providers: [
    Approvals,
    Derivation,
    Drafts,
    FileImporter,
    GridIntake,
    GridOf,
    GridPage,
    Intake,
    LockExceptions,
    ReadingStore,
    Uploads,
    Workplace,
  ],
  exports: [Approvals, Derivation, Intake, ReadingStore, Workplace],
})
export class ReadingsModule {}
