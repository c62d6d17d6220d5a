import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { OfficersModule } from '../officers/officers.module.js';
import { Live } from '../platform/live/live.js';
import { Acts } from './acts.service.js';
import { AmendmentPages } from './amendment.pages.js';
import { Amendments } from './amendment.service.js';
import { BoardActs } from './board-acts.service.js';
import { BoardPages } from './board.pages.js';
import { CampaignTablesApi } from './campaign-tables.api.js';
import { ComparisonPages } from './comparison.pages.js';
import { Comparisons } from './comparison.service.js';
import { Cuts } from './cuts.service.js';
import { Decisions } from './decisions.service.js';
import { EventsApi } from './events.api.js';
import { ExplanationPages } from './explanation.pages.js';
import { FiguresApi } from './figures.api.js';
import { IndicatorPages } from './indicator.pages.js';
import { ManagePages } from './manage.pages.js';
import { Managing } from './managing.service.js';
import { MapPages } from './map.pages.js';
import { MapUploadPages } from './map-upload.pages.js';
import { Maps } from './maps.service.js';
import { ObjectionPages } from './objection.pages.js';
import { Objections } from './objections.service.js';
import { OfficeTablesApi } from './office-tables.api.js';
import { PublicPages } from './public-pages.service.js';
import { PolicyPages } from './policies.pages.js';
import { PublicationPages } from './publication.pages.js';
import { Publications } from './publications.service.js';
import { Publishing } from './publishing.service.js';
import { ReplayPages } from './replay.pages.js';
import { ReportPages } from './report.pages.js';
import { ScorePage } from './score-page.js';
import { Sights } from './sight.service.js';
import { SimulationPages } from './simulation.pages.js';
import { Simulations } from './simulation.service.js';
import { StandingsApi } from './standings.api.js';
import { TakingPart } from './taking-part.service.js';
import { UnitIndicatorPages } from './unit-indicator.pages.js';
import { UnitPages } from './unit.pages.js';

@Module({
  imports: [JournalModule, OfficersModule],
  controllers: [
    BoardPages,
    UnitPages,
    UnitIndicatorPages,
    ExplanationPages,
    IndicatorPages,
    ComparisonPages,
    PublicationPages,
    PolicyPages,
    ReplayPages,
    ObjectionPages,
    MapPages,
    ReportPages,
    MapUploadPages,
    ManagePages,
    AmendmentPages,
    SimulationPages,
    StandingsApi,
    CampaignTablesApi,
    OfficeTablesApi,
    EventsApi,
    FiguresApi,
  ],
  providers: [
    Cuts,
    Sights,
    Publications,
    Publishing,
    BoardActs,
    Decisions,
    Simulations,
    TakingPart,
    Objections,
    ScorePage,
    Comparisons,
    Amendments,
    Acts,
    Managing,
    Maps,
    PublicPages,
  ],
  exports: [Cuts, Sights, Publishing, BoardActs, Decisions, Objections],
})
export class StandingsModule {
  constructor(live: Live) {
    live.publicKind('readings');
    live.publicKind('contest');
  }
}
