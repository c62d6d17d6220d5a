import { Module } from '@nestjs/common';
import { JournalApi } from './journal.api.js';
import { JournalPages } from './journal.pages.js';
import { JournalQueries } from './journal.queries.js';
import { Journal } from './journal.service.js';
import { Verifications } from './verifications.service.js';

@Module({
  controllers: [JournalPages, JournalApi],
  providers: [Journal, JournalQueries, Verifications],
  exports: [Journal],
})
export class JournalModule {}
