import { type TestApp, startApp } from './support/app.js';

describe('schema', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  /**
   * What TypeORM would change to make the database fit the entities. The database may be stricter (constraints, indexes, defaults
   * made by SQL), never different: no missing table or column, no other type, no other nullability.
   */
  it('has every table and column the entities name, with their types', async () => {
    const { upQueries } = await app.db.driver.createSchemaBuilder().log();
    const different = upQueries
      .map(({ query }) => query)
      .filter((query) =>
        /CREATE TABLE|ADD "|ALTER COLUMN .* TYPE|(SET|DROP) NOT NULL|CREATE TYPE/.test(query),
      );
    expect(different).toEqual([]);
  });
});
