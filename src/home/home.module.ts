import { Module } from '@nestjs/common';
import { HomePages } from './home.pages.js';
import { HomeQueries } from './home.queries.js';

@Module({ controllers: [HomePages], providers: [HomeQueries] })
export class HomeModule {}
