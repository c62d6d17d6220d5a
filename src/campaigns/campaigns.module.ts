import { Module, type OnModuleInit } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { Live } from '../platform/live/live.js';
import { UnitsModule } from '../units/units.module.js';
import { Campaigns } from './campaigns.service.js';

@Module({ imports: [JournalModule, UnitsModule], providers: [Campaigns], exports: [Campaigns] })
export class CampaignsModule implements OnModuleInit {
  constructor(private readonly live: Live) {}

  /** Boards are public, and so is what they listen to. */
  onModuleInit(): void {
    this.live.publicKind('campaign');
  }
}
