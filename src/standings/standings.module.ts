import { Module } from '@nestjs/common';
import { Live } from '../platform/live/live.js';
import { BoardPages } from './board.pages.js';
import { Cuts } from './cuts.service.js';
import { Publications } from './publications.service.js';
import { Sights } from './sight.service.js';
import { StandingsApi } from './standings.api.js';
import { UnitPages } from './unit.pages.js';

@Module({
  controllers: [BoardPages, UnitPages, StandingsApi],
  providers: [Cuts, Sights, Publications],
  exports: [Cuts, Sights, Publications],
})
export class StandingsModule {
  constructor(live: Live) {
    live.publicKind('readings');
    live.publicKind('contest');
  }
}
