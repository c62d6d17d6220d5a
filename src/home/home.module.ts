import { Module } from '@nestjs/common';
import { StandingsModule } from '../standings/standings.module.js';
import { ApiPages } from './api.pages.js';
import { HomePages } from './home.pages.js';
import { HomeQueries } from './home.queries.js';
import { OfficePages } from './office.pages.js';
import { TodayWork } from './today.service.js';

@Module({
  imports: [StandingsModule],
  controllers: [ApiPages, HomePages, OfficePages],
  providers: [HomeQueries, TodayWork],
})
export class HomeModule {}
