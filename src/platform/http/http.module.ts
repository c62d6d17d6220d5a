import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ApiDescription } from './api-description.js';
import { Assets } from './assets.js';
import { ErrorsFilter } from './errors.filter.js';
import { Messages } from './messages.js';
import { ReadyPages } from './ready-pages.js';
import { Tables } from './tables.js';
import { Views } from './views.js';

/** Pages, texts and errors, for every feature. */
@Global()
@Module({
  providers: [
    ApiDescription,
    Assets,
    Messages,
    ReadyPages,
    Tables,
    Views,
    { provide: APP_FILTER, useClass: ErrorsFilter },
  ],
  exports: [ApiDescription, Assets, Messages, ReadyPages, Tables, Views],
})
export class HttpModule {}
