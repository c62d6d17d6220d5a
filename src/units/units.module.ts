import { Module } from '@nestjs/common';
import { JournalModule } from '../journal/journal.module.js';
import { SuccessionImporter } from './succession-import.js';
import { UnitImporter } from './unit-import.js';

@Module({
  imports: [JournalModule],
  providers: [UnitImporter, SuccessionImporter],
  exports: [UnitImporter, SuccessionImporter],
})
export class UnitsModule {}
