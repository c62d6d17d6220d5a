import { driveTemplate } from '../src/indicators/drive-template.js';
import { Plans } from '../src/indicators/plans.service.js';
import { delimited } from '../src/platform/tables/delimited.js';
import { Intake } from '../src/readings/intake.service.js';
import { readFile } from '../src/readings/reading-file.js';
import { UnitImporter } from '../src/units/unit-import.js';
import { communeCodes, driveOf, HANDED_IN, readingsFile, unitsFile } from './bench/readings-file.js';
import { startApp, type TestApp } from './support/app.js';

/** 30 communes, 8 indicators, 10 days: 2.400 rows, every row through every check. How fast is for test/bench. */
describe('a file of many readings', () => {
  let app: TestApp;
  beforeAll(async () => (app = await startApp()));
  afterAll(() => app.close());

  it('is judged without a trace, taken in whole, and judged again without a change', async () => {
    app.clock.set('2022-09-01T00:00:00Z');
    const codes = communeCodes(30);
    await app
      .get(UnitImporter)
      .import({ file: unitsFile(codes), validFrom: '2022-01-01', commit: true, officer: null });
    const units = await app.db.query<{ id: number }[]>(
      `select unit_id as id from unit_version where kind = 'commune'`,
    );
    const plan = driveTemplate(driveOf(units.map(({ id }) => id)));
    await app.db.transaction(async (tx) => {
      await app.get(Plans).create(tx, plan, null);
      await app.get(Plans).publish(tx, plan.slug, null);
    });
    const file = readingsFile(
      codes,
      plan.indicators.map(({ code }) => code),
      10,
    );
    const { cells, columns } = readFile(delimited(file));
    const take = (commit: boolean) => app.get(Intake).take({ ...HANDED_IN, cells, columns, commit });
    const stored = async () => {
      const [row] = await app.db.query<unknown[]>(
        `select count(*)::int as n, coalesce(sum(numerator), 0)::int as numerators,
                coalesce(sum(denominator), 0)::int as denominators, count(approved_at)::int as approved from reading`,
      );
      return row;
    };
    expect(await take(false)).toMatchObject({ rows: 2_400, added: 2_400, committed: false, findings: [] });
    expect(await stored()).toEqual({ n: 0, numerators: 0, denominators: 0, approved: 0 });
    expect(await take(true)).toMatchObject({ added: 2_400, committed: true });
    const numerators = cells.reduce((sum, { numerator }) => sum + Number(numerator), 0);
    const denominators = cells.reduce((sum, { denominator }) => sum + Number(denominator), 0);
    const all = { n: 2_400, numerators, denominators, approved: 2_400 };
    expect(await stored()).toEqual(all);
    expect(await take(true)).toMatchObject({ unchanged: 2_400, added: 0, findings: [] });
    expect(await stored()).toEqual(all);
  });
});
