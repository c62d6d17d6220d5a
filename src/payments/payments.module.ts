import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { ApiKeys } from './api-keys.service.js';
import { Batches } from './batches.service.js';
import { Requests } from './requests.service.js';

@Module({
  imports: [JournalModule],
  providers: [ApiKeys, Batches, Requests],
  exports: [ApiKeys, Batches, Requests],
})
export class PaymentsModule {}
