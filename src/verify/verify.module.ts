import { Module } from '@nestjs/common';
import { VerifyPages } from './verify.pages.js';

@Module({ controllers: [VerifyPages] })
export class VerifyModule {}
