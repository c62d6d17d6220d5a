import { Module } from '@nestjs/common';
import { NoticesModule } from '../notices/notices.module.js';
import { HallPages } from './hall.pages.js';
import { HallQueries } from './hall.queries.js';
import { Hall } from './hall.service.js';
import { DrawsApi } from './draws.api.js';
import { DrawPapers } from './draw-papers.service.js';
import { PaperPages } from './paper.pages.js';
import { DocumentsModule } from '../documents/documents.module.js';
import { ListPages } from './list.pages.js';
import { PlanForm } from './plan-form.queries.js';
import { PlanPages } from './plan.pages.js';
import { ShownList } from './shown-list.queries.js';
import { FairnessPages } from './fairness.pages.js';
import { FairnessQueries } from './fairness.queries.js';
import { JournalModule } from '../journal/journal.module.js';
import { OfficersModule } from '../officers/officers.module.js';
import { Beacons } from './beacons.service.js';
import { BeaconWatch } from './beacon-watch.service.js';
import { BundlePapers } from './bundle-papers.service.js';
import { Bundles } from './bundle.service.js';
import { Cage } from './cage.service.js';
import { Closing } from './closing.service.js';
import { Freezing } from './freeze.service.js';
import { ObjectionDoor, Objections } from './objections.service.js';
import { Office } from './office.service.js';
import { Planning } from './plan.service.js';
import { Recomputation } from './recomputation.service.js';
import { Replacements } from './replacement.service.js';
import { DrawRecord } from './record.service.js';
import { DrawPages } from './draw.pages.js';
import { OfficePages } from './office.pages.js';
import { OfficeQueries } from './office.queries.js';
import { OutcomePages } from './outcome.pages.js';
import { PublicKeysPages } from './public-keys.pages.js';
import { PublicKeysQueries } from './public-keys.queries.js';
import { PublicQueries } from './public.queries.js';
import { RoomPages } from './room.pages.js';
import { RoomQueries } from './room.queries.js';
import { Room } from './room.service.js';
import { WitnessPages } from './witness.pages.js';
import { Drawing } from './result.service.js';
import { Sources } from './sources.service.js';
import { Strikes } from './strikes.service.js';
import { Vacancies } from './vacancies.service.js';
import { WinnerActs } from './winner-acts.service.js';
import { WinnerRows } from './winner-rows.service.js';
import { ReplacementPages } from './replacement.pages.js';
import { WinnerFiles } from './winner-files.queries.js';
import { WinnerNotices } from './winner-notices.service.js';
import { WinnerPages } from './winner.pages.js';
import { WinnerSteps } from './winner-steps.service.js';
import { Winners } from './winners.service.js';
import { Witnesses } from './witness.service.js';

const SERVICES = [
  Beacons,
  BeaconWatch,
  BundlePapers,
  Bundles,
  Cage,
  Closing,
  Drawing,
  DrawPapers,
  DrawRecord,
  Freezing,
  ObjectionDoor,
  Objections,
  Office,
  Planning,
  Recomputation,
  Replacements,
  Sources,
  Strikes,
  Vacancies,
  WinnerActs,
  WinnerRows,
  WinnerNotices,
  WinnerSteps,
  Winners,
  Witnesses,
];

@Module({
  imports: [DocumentsModule, JournalModule, NoticesModule, OfficersModule],
  controllers: [
    DrawPages,
    DrawsApi,
    FairnessPages,
    HallPages,
    ListPages,
    PlanPages,
    OfficePages,
    OutcomePages,
    PaperPages,
    PublicKeysPages,
    ReplacementPages,
    RoomPages,
    WinnerPages,
    WitnessPages,
  ],
  providers: [
    ...SERVICES,
    OfficeQueries,
    PublicKeysQueries,
    PublicQueries,
    Room,
    RoomQueries,
    FairnessQueries,
    PlanForm,
    ShownList,
    WinnerFiles,
    Hall,
    HallQueries,
  ],
  exports: SERVICES,
})
export class DrawsModule {}
