import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';

/** Days stay days (text), whole numbers stay numbers as long as they are exact; sums and decimals come as text. */
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the whole number ${text} is too large`);
  return value;
});

/** One place for the connection. The schema comes from the migrations alone. */
export function dataSourceOptions(url: string): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    applicationName: 'thidua',
    synchronize: false,
    logging: false,
    poolSize: 20,
    extra: { statement_timeout: 0, idle_in_transaction_session_timeout: 600_000 },
  };
}
