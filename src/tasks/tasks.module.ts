import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { OfficersModule } from '../officers/officers.module.js';
import { TasksApi } from './tasks.api.js';
import { TasksPages } from './tasks.pages.js';
import { Tasks } from './tasks.service.js';

@Module({
  imports: [JournalModule, OfficersModule],
  controllers: [TasksApi, TasksPages],
  providers: [Tasks],
  exports: [Tasks],
})
export class TasksModule {}
