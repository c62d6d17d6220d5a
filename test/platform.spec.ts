import { type TestApp, startApp } from './support/app.js';

describe('the ground', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('is alive and ready', async () => {
    await app.visitor().get('/healthz').expect(200, { status: 'ok' });
    await app.visitor().get('/readyz').expect(200, { status: 'ready' });
  });

  it('describes its interface for programs', async () => {
    const { body } = await app.visitor().get('/api/openapi.json').expect(200);
    expect(body.info.title).toBe('Thi Đua');
  });
});
