import { Bundles } from '../src/draws/bundle.service.js';
import { EntryList } from '../src/rules/draw/entries.js';
import { verifyFiles } from '../src/verify/verify.js';
import { type TestApp, startApp } from './support/app.js';
import { bundleFiles } from './support/bundle.js';
import { bringTo, DIGITS, resultHashOf, rootOf, statesOf } from './support/ceremony.js';
import { makeOfficers, makePromotion, type Officer, type Officers } from './support/draw.js';
import { PASSWORD } from './support/sign-in.js';

describe('a draw', () => {
  let app: TestApp;
  let people: Officers;
  beforeAll(async () => {
    app = await startApp();
    people = await makeOfficers(app);
  });
  afterAll(() => app.close());

  it('leads from the plan to a published bundle that verifies', async () => {
    const promotion = await makePromotion(app);
    const slug = await bringTo(app, people, promotion, 'published');
    expect((await statesOf(app, slug)).at(-1)).toBe('published');
    const files = await app.get(Bundles).files(slug);
    expect([...files.keys()].sort()).toEqual(
      expect.arrayContaining([
        'checkpoint.txt',
        'completeness.json',
        'entries.csv',
        'files.txt',
        'keys.txt',
        'result.json',
      ]),
    );
    const report = await verifyFiles(bundleFiles(files));
    expect(report.findings).toEqual([]);
    expect(report.results[0]?.winners).toHaveLength(8);
    expect(EntryList.of(files.get('entries.csv')!).size).toBe(40);
  });

  it('is run by three officers through the pages', async () => {
    const promotion = await makePromotion(app);
    const { organiser, partner, witness } = people;
    const slug = await bringTo(app, people, promotion, 'planned');
    const room = `/office/draws/${promotion.slug}/ky-1`;
    const post = async (officer: Officer, path: string, fields: Record<string, unknown> = {}) => {
      const { text } = await officer
        .form(`${room}/${path}`, { draw: slug, password: PASSWORD, ...fields })
        .expect(303);
      expect(text).toBe('');
      return (await officer.get(room).expect(200)).text;
    };
    app.clock.set('2023-05-20T02:00:00Z');
    await post(organiser, 'rules');
    await post(organiser, 'objections');
    app.clock.set('2023-05-31T02:00:00Z');
    await post(organiser, 'freeze');
    const root = await rootOf(app, slug);
    await post(partner, 'cosignatures', { root });
    await post(witness, 'cosignatures', { root });
    await post(organiser, 'sources', { source: 'hall', value: DIGITS });
    expect((await partner.get(room)).text).not.toContain(DIGITS);
    await post(partner, 'sources', { source: 'hall', value: DIGITS });
    await post(organiser, 'draw');
    const anybody = app.visitor();
    expect((await anybody.get(`/draws/${promotion.slug}/ky-1`).expect(200)).text).not.toContain(
      'Nguyễn Văn S***',
    );
    await post(organiser, 'recomputation');
    const resultHash = await resultHashOf(app, slug);
    await post(organiser, 'certification', { resultHash });
    await post(witness, 'certification', { resultHash });
    await post(organiser, 'publication');
    const page = await anybody.get(`/draws/${promotion.slug}/ky-1?lang=en`).expect(200);
    expect(page.text).toContain('Nguyễn Văn Số 1***');
    expect(page.text).toContain(resultHash);
    const zip = await anybody.get(`/draws/${promotion.slug}/ky-1/bundle.zip`).expect(200);
    expect(zip.headers['content-type']).toBe('application/zip');
    await anybody.get(`/draws/${promotion.slug}/ky-1/files/result.json`).expect(200);
  });
});
