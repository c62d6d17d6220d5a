import { type DynamicModule, Module } from '@nestjs/common';
import { CampaignsModule } from './campaigns/campaigns.module.js';
import { DrawsModule } from './draws/draws.module.js';
import { EntriesModule } from './entries/entries.module.js';
import { HomeModule } from './home/home.module.js';
import { IndicatorsModule } from './indicators/indicators.module.js';
import { JournalModule } from './journal/journal.module.js';
import { OfficersModule } from './officers/officers.module.js';
import { ReadingsModule } from './readings/readings.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { type Ground, PlatformModule } from './platform/platform.module.js';
import { StandingsModule } from './standings/standings.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { UnitsModule } from './units/units.module.js';
import { VerifyModule } from './verify/verify.module.js';

/** The list of features. */
const FEATURES: NonNullable<DynamicModule['imports']> = [
  HomeModule,
  JournalModule,
  OfficersModule,
  UnitsModule,
  CampaignsModule,
  IndicatorsModule,
  ReadingsModule,
  TasksModule,
  PaymentsModule,
  EntriesModule,
  StandingsModule,
  DrawsModule,
  VerifyModule,
];

@Module({})
export class AppModule {
  static on(ground: Ground): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.on(ground), ...FEATURES] };
  }
}
