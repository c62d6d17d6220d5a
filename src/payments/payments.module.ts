import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { ApiKeys } from './api-keys.service.js';
import { Batches } from './batches.service.js';

@Module({ imports: [JournalModule], providers: [ApiKeys, Batches], exports: [ApiKeys, Batches] })
export class PaymentsModule {}
