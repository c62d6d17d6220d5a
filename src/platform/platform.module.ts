import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Clock } from './clock.js';
import { Config } from './config.js';
import type { Keys } from './crypto/keys.js';
import { Signer } from './crypto/ed25519.js';
import { Vault } from './crypto/vault.js';
import { dataSourceOptions } from './database/data-source.js';
import { DatabaseUrl } from './database/database-url.js';
import { HealthController } from './http/health.controller.js';
import { HttpModule } from './http/http.module.js';
import { Jobs } from './jobs/jobs.js';
import { LiveController } from './live/live.controller.js';
import { Live } from './live/live.js';

/** What an installation brings: its settings, its secrets, its open database. */
export interface Ground {
  readonly config: Config;
  readonly keys: Keys;
  readonly databaseUrl: string;
}

@Global()
@Module({})
export class PlatformModule {
  static on({ config, keys, databaseUrl }: Ground): DynamicModule {
    const services = [Clock, Jobs, Live];
    const values = [
      { provide: Config, useValue: config },
      { provide: DatabaseUrl, useValue: new DatabaseUrl(databaseUrl) },
      { provide: Vault, useValue: new Vault(keys) },
      { provide: Signer, useValue: new Signer(config.OPERATOR_NAME, keys.operator) },
    ];
    return {
      module: PlatformModule,
      imports: [
        HttpModule,
        TypeOrmModule.forRoot({ ...dataSourceOptions(databaseUrl), autoLoadEntities: true }),
      ],
      controllers: [HealthController, LiveController],
      providers: [...services, ...values],
      exports: [...services, ...values.map((value) => value.provide)],
    };
  }
}
