import { Module } from '@nestjs/common';
import { Batches } from './batches.service.js';

@Module({ providers: [Batches], exports: [Batches] })
export class PaymentsModule {}
