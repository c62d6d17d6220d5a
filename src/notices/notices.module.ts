import { Module } from '@nestjs/common';
import { NoticesPages } from './notices.pages.js';
import { Notices } from './notices.service.js';

@Module({ controllers: [NoticesPages], providers: [Notices], exports: [Notices] })
export class NoticesModule {}
