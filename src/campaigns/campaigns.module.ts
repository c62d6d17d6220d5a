import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { UnitsModule } from '../units/units.module.js';
import { Campaigns } from './campaigns.service.js';

@Module({ imports: [JournalModule, UnitsModule], providers: [Campaigns], exports: [Campaigns] })
export class CampaignsModule {}
