import { type DynamicModule, Module } from '@nestjs/common';
import { UnitsModule } from './units/units.module.js';
import { type Ground, PlatformModule } from './platform/platform.module.js';

/** The list of features. */
const FEATURES: NonNullable<DynamicModule['imports']> = [UnitsModule];

@Module({})
export class AppModule {
  static on(ground: Ground): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.on(ground), ...FEATURES] };
  }
}
