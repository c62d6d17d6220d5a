import { Module } from '@nestjs/common';
import { ApiPages } from './api.pages.js';
import { HomePages } from './home.pages.js';
import { OfficePages } from './office.pages.js';
import { HomeQueries } from './home.queries.js';

@Module({ controllers: [ApiPages, HomePages, OfficePages], providers: [HomeQueries] })
export class HomeModule {}
