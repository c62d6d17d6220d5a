import 'reflect-metadata';
import { resolve } from 'node:path';
import { Transform, plainToInstance } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  type ValidationError,
  validateSync,
} from 'class-validator';

/** A variable that cannot be used, told so that the reader can mend it. The value itself is never printed: it may be a secret. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const REMEDY: Record<string, string> = {
  PORT: 'a whole number from 1 to 65535, for example PORT=3000',
  DATABASE_URL: 'postgres://user:password@host:5432/database, or leave it out to use the embedded PostgreSQL',
  DATA_DIR: 'a folder this program may write to, for example DATA_DIR=./data',
  PUBLIC_URL: 'the address people type, without a path, for example PUBLIC_URL=https://thidua.example.vn',
  DATA_KEYS:
    'one or more id:base64 pairs of 32 bytes, newest first, separated by commas; leave it out to keep keys in DATA_DIR/keys',
  FINGERPRINT_KEY: '32 bytes in base64; leave it out to keep it in DATA_DIR/keys',
  OPERATOR_KEY: 'an Ed25519 private key of 32 bytes in base64; leave it out to keep it in DATA_DIR/keys',
  OPERATOR_NAME: 'a host-like name without spaces or plus signs, for example thidua.example.vn/operator',
  ADMIN_LOGIN: 'a sign-in name of at least 3 characters, together with ADMIN_PASSWORD',
  ADMIN_PASSWORD: 'at least 12 characters, together with ADMIN_LOGIN',
  LOG_LEVEL: 'one of fatal, error, warn, info, debug, trace, silent',
  TRUST_PROXY: 'true when a reverse proxy in front sets X-Forwarded-For, else false',
  DRAND_CHAINS:
    'a JSON file with drand chains, a list of what relays answer under /<chain>/info; quicknet is known without it',
  DRAND_RELAYS: 'addresses of drand relays separated by commas, or none when there is no way to them',
};

const keyPair = /^[a-z0-9-]{1,16}:[A-Za-z0-9+/]{43}=(,[a-z0-9-]{1,16}:[A-Za-z0-9+/]{43}=)*$/;
const key = /^[A-Za-z0-9+/]{43}=$/;

/** The environment, read once, checked and frozen. Property names are the variables' own. */
export class Config {
  @Transform(({ value }) => Number(value))
  @IsInt()
  @Min(1)
  @Max(65535)
  readonly PORT: number = 3000;

  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/\S+$/)
  readonly DATABASE_URL?: string;

  @Transform(({ value }) => resolve(String(value)))
  @MinLength(1)
  readonly DATA_DIR: string = resolve('data');

  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  @Matches(/^https?:\/\/[^/]+$/)
  readonly PUBLIC_URL: string = 'http://localhost:3000';

  @IsOptional()
  @Matches(keyPair)
  readonly DATA_KEYS?: string;

  @IsOptional()
  @Matches(key)
  readonly FINGERPRINT_KEY?: string;

  @IsOptional()
  @Matches(key)
  readonly OPERATOR_KEY?: string;

  @Matches(/^[^\s+]{3,100}$/)
  readonly OPERATOR_NAME: string = 'thidua.local/operator';

  @IsOptional()
  @MinLength(3)
  readonly ADMIN_LOGIN?: string;

  @IsOptional()
  @MinLength(12)
  readonly ADMIN_PASSWORD?: string;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  readonly LOG_LEVEL: string = 'info';

  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  readonly TRUST_PROXY: boolean = false;

  @IsOptional()
  @Transform(({ value }) => (value === undefined ? undefined : resolve(String(value))))
  @MinLength(1)
  readonly DRAND_CHAINS?: string;

  @Matches(/^(none|https?:\/\/[^\s,]+(,https?:\/\/[^\s,]+)*)$/)
  readonly DRAND_RELAYS: string = 'https://api.drand.sh,https://api2.drand.sh,https://drand.cloudflare.com';
}

const told = ({ property }: ValidationError) =>
  `  ${property}: expected ${REMEDY[property] ?? 'another value'}`;

/**
 * Reads the known variables; an empty one counts as not set. Without PUBLIC_URL the address is http://localhost with the port.
 * @throws ConfigError that names every faulty variable, the shape expected and the remedy.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const known = Object.keys(REMEDY).filter((name) => env[name] !== undefined && env[name] !== '');
  const given: Record<string, unknown> = Object.fromEntries(known.map((name) => [name, env[name]]));
  if (/^\d+$/.test(String(given.PORT)) && given.PUBLIC_URL === undefined)
    given.PUBLIC_URL = `http://localhost:${String(given.PORT)}`;
  const config = plainToInstance(Config, given, { exposeDefaultValues: true });
  const faults = validateSync(config);
  if ((config.ADMIN_LOGIN === undefined) !== (config.ADMIN_PASSWORD === undefined))
    faults.push({ property: config.ADMIN_LOGIN === undefined ? 'ADMIN_LOGIN' : 'ADMIN_PASSWORD' });
  if (faults.length > 0)
    throw new ConfigError(`These settings cannot be used:\n${faults.map(told).join('\n')}`);
  return Object.freeze(config);
}
