import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { SuccessionImporter } from './succession-import.js';
import { UnitImporter } from './unit-import.js';
import { UnitsApi } from './units.api.js';
import { UnitsPages } from './units.pages.js';

@Module({
  imports: [JournalModule],
  controllers: [UnitsApi, UnitsPages],
  providers: [UnitImporter, SuccessionImporter],
  exports: [UnitImporter, SuccessionImporter],
})
export class UnitsModule {}
