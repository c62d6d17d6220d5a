import { Module } from '@nestjs/common';
import { CampaignsModule } from '../campaigns/campaigns.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { OfficersModule } from '../officers/officers.module.js';
import { IndicatorDraft } from './indicator-draft.service.js';
import { IndicatorPages } from './indicator.pages.js';
import { PlanActs } from './plan-acts.js';
import { PlanActsPages } from './plan-acts.pages.js';
import { PlanEdits } from './plan-edits.service.js';
import { PlanForms } from './plan-forms.service.js';
import { PlanPage } from './plan-page.js';
import { PlanPhasesPages } from './plan-phases.pages.js';
import { PlanPhases } from './plan-phases.service.js';
import { Plans } from './plans.service.js';
import { PlansPages } from './plans.pages.js';

@Module({
  imports: [JournalModule, OfficersModule, CampaignsModule],
  controllers: [PlansPages, PlanActsPages, PlanPhasesPages, IndicatorPages],
  providers: [IndicatorDraft, Plans, PlanActs, PlanEdits, PlanForms, PlanPage, PlanPhases],
  exports: [IndicatorDraft, Plans, PlanForms],
})
export class IndicatorsModule {}
