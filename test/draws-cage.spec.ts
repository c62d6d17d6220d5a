import { Bundles } from '../src/draws/bundle.service.js';
import { Closing } from '../src/draws/closing.service.js';
import { Replacements } from '../src/draws/replacement.service.js';
import { Drawing } from '../src/draws/result.service.js';
import { Sources } from '../src/draws/sources.service.js';
import { Vacancies } from '../src/draws/vacancies.service.js';
import { verifyFiles } from '../src/verify/verify.js';
import { type TestApp, startApp } from './support/app.js';
import { bundleFiles } from './support/bundle.js';
import { bringTo, resultHashOf } from './support/ceremony.js';
import { makeOfficers, makePromotion, type Officers, PRIZES, SIGNATURE } from './support/draw.js';
import { pythonFindings } from './support/python.js';

describe('a physical draw', () => {
  let app: TestApp;
  let people: Officers;
  beforeAll(async () => {
    app = await startApp();
    people = await makeOfficers(app);
  });
  afterAll(() => app.close());

  it('records every number, draws again what cannot win, and keeps the same minutes and bundle', async () => {
    const prizes = [{ ...PRIZES[0]!, quantity: 2 }, PRIZES[3]!];
    const promotion = await makePromotion(app, 8, 2);
    const slug = await bringTo(app, people, promotion, 'witnessed', { method: 'cage', prizes, sources: [] });
    const { organiser, witness, partner } = people;
    app.clock.set('2023-06-01T02:00:00Z');
    const ball = async (code: string) => {
      const reading = { slug, source: 'cage', value: code };
      expect(await app.get(Sources).record(reading, organiser, SIGNATURE)).toBe('first');
      return app.get(Sources).record(reading, witness, SIGNATURE);
    };
    for (const code of ['00003', '99999', '00003', '00007', '00001'])
      expect(await ball(code)).toBe('recorded');
    await expect(app.get(Drawing).draw(slug, organiser, SIGNATURE)).rejects.toThrow('not-sources-complete');
    expect(
      await app.get(Sources).record({ slug, source: 'cage', value: '00002' }, organiser, SIGNATURE),
    ).toBe('first');
    expect(await app.get(Sources).record({ slug, source: 'cage', value: '00008' }, witness, SIGNATURE)).toBe(
      'mismatch',
    );
    expect(await ball('00002')).toBe('recorded');
    const balls = await app.db.query<{ code: string; outcome: string }[]>(
      'select code, outcome from cage_ball order by ordinal',
    );
    expect(balls.map(({ outcome }) => outcome)).toEqual([
      'wins',
      'never-issued',
      'drawn-before',
      'holder-limit',
      'wins',
      'wins',
    ]);
    await app.get(Drawing).draw(slug, organiser, SIGNATURE);
    await app.get(Closing).recompute({ slug }, organiser, SIGNATURE);
    const hash = await resultHashOf(app, slug);
    await app.get(Closing).certify({ slug }, organiser, SIGNATURE, hash);
    await app.get(Closing).certify({ slug }, partner, SIGNATURE, hash);
    await app.get(Closing).publish({ slug }, organiser, SIGNATURE);
    const files = await app.get(Bundles).files(slug);
    expect(files.get('minutes.html')!.toString()).toContain('số chưa từng cấp, quay lại');
    const report = await verifyFiles(bundleFiles(files));
    const codes = [...new Set(report.findings.map(({ code }) => code))];
    expect(codes).toContain('rules-malformed');
    expect(report.findings.find(({ code }) => code === 'rules-malformed')?.published).toContain('cage');
    expect(await pythonFindings(app, slug)).toContain('rules-malformed');
    expect(files.get('README.txt')!.toString()).toContain('lồng cầu');
    await replaceFirst(slug);
  });

  /** The first winner gives up: the cage turns once more, over the same list, without those who won. */
  async function replaceFirst(slug: string): Promise<void> {
    const { organiser, witness, partner } = people;
    const won = await app.db.query<{ id: number; code: string }[]>(
      'select id, code from winner order by ordinal',
    );
    const sign = { id: won[0]!.id, officer: partner, signature: SIGNATURE };
    await app.get(Vacancies).giveUp(sign, { outcome: 'refused', reason: 'Không muốn nhận' });
    app.clock.set('2023-06-05T02:00:00Z');
    expect(await app.get(Replacements).publishAddendum(slug, organiser, SIGNATURE, [])).toBe(1);
    app.clock.set('2023-06-06T02:00:00Z');
    const taken = new Set(won.map(({ code }) => code));
    for (const value of ['00003', '00001', '00005', '00004'].filter((code, at) => at < 2 || !taken.has(code)))
      for (const officer of [organiser, witness]) {
        const [last] = await app.db.query<{ outcome: string }[]>(
          'select outcome from cage_ball where replacement = 1 order by ordinal desc limit 1',
        );
        if (last?.outcome === 'wins') break;
        await app.get(Sources).record({ slug, replacement: 1, source: 'cage', value }, officer, SIGNATURE);
      }
    const balls = await app.db.query<{ code: string; outcome: string }[]>(
      'select code, outcome from cage_ball where replacement = 1 order by ordinal',
    );
    expect(balls[0]).toEqual({ code: '00003', outcome: 'drawn-before' });
    expect(balls.at(-1)!.outcome).toBe('wins');
    await app.get(Drawing).draw(slug, organiser, SIGNATURE, 1);
    await app.get(Closing).recompute({ slug, replacement: 1 }, organiser, SIGNATURE);
    const hash = await resultHashOf(app, slug);
    for (const officer of [organiser, partner])
      await app.get(Closing).certify({ slug, replacement: 1 }, officer, SIGNATURE, hash);
    await app.get(Closing).publish({ slug, replacement: 1 }, organiser, SIGNATURE);
    expect((await app.get(Bundles).files(slug)).has('replacements/01/result.json')).toBe(true);
  }
});
