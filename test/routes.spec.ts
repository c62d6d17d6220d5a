import { signIn, type SignedInAgent } from './support/sign-in.js';
import { startApp, type TestApp } from './support/app.js';
import { ROLES } from '../src/platform/http/access.js';

/** What a stranger may open, and nothing else. Whoever adds a public route writes it down here. */
const PUBLIC: Record<string, string[]> = {
  home: [
    'GET /',
    'GET /about',
    'GET /movements/:slug',
    'GET /help',
    'GET /sitemap',
    'GET /sitemap.xml',
    'GET /robots.txt',
    'GET /api',
  ],
  officers: [
    'GET /officers/login',
    'POST /officers/login',
    'GET /officers/login/code',
    'POST /officers/login/code',
    'POST /officers/logout',
    'GET /officers/welcome/:secret',
    'POST /officers/welcome/:secret',
    'GET /officers/reset/:secret',
    'POST /officers/reset/:secret',
  ],
  units: [
    'GET /units',
    'GET /units/:id',
    'GET /api/v1/units',
    'GET /api/v1/units/all',
    'GET /api/v1/units/all.csv',
    'GET /api/v1/units/all.xlsx',
    'GET /api/v1/units/:id',
  ],
  standings: [
    'GET /campaigns/:slug',
    'GET /campaigns/:slug/embed',
    'GET /campaigns/:slug/units/:unit',
    'GET /campaigns/:slug/units/:unit/score',
    'GET /campaigns/:slug/units/:unit/indicators/:code',
    'GET /campaigns/:slug/indicators/:code',
    'GET /campaigns/:slug/compare',
    'GET /campaigns/:slug/policies',
    'GET /campaigns/:slug/map',
    'GET /campaigns/:slug/report',
    'GET /campaigns/:slug/replay',
    'GET /campaigns/:slug/ceremony',
    'GET /campaigns/:slug/publications',
    'GET /campaigns/:slug/publications/:number',
    'GET /campaigns/:slug/publications/:number/standings.json',
    'GET /api/v1/campaigns/:slug/standings',
    'GET /api/v1/campaigns/:slug/standings.csv',
    'GET /api/v1/campaigns/:slug/standings.xlsx',
    'GET /api/v1/campaigns/:slug/compare',
    'GET /api/v1/campaigns/:slug/compare.csv',
    'GET /api/v1/campaigns/:slug/compare.xlsx',
    'GET /api/v1/campaigns/:slug/policies',
    'GET /api/v1/campaigns/:slug/policies.csv',
    'GET /api/v1/campaigns/:slug/policies.xlsx',
    'GET /api/v1/campaigns/:slug/replay',
    'GET /api/v1/campaigns/:slug/replay.csv',
    'GET /api/v1/campaigns/:slug/replay.xlsx',
    'GET /api/v1/campaigns/:slug/units/:unit/indicators',
    'GET /api/v1/campaigns/:slug/units/:unit/indicators.csv',
    'GET /api/v1/campaigns/:slug/units/:unit/indicators.xlsx',
    'GET /api/v1/campaigns/:slug/indicators/:code/units',
    'GET /api/v1/campaigns/:slug/indicators/:code/units.csv',
    'GET /api/v1/campaigns/:slug/indicators/:code/units.xlsx',
    'GET /api/v1/campaigns/:slug/report/indicators',
    'GET /api/v1/campaigns/:slug/report/indicators.csv',
    'GET /api/v1/campaigns/:slug/report/indicators.xlsx',
    'GET /api/v1/campaigns/:slug/report/order',
    'GET /api/v1/campaigns/:slug/report/order.csv',
    'GET /api/v1/campaigns/:slug/report/order.xlsx',
    'GET /api/v1/campaigns/:slug/publications/:number/standings.csv',
    'GET /api/v1/campaigns/:slug/publications/:number/standings.xlsx',
    'GET /api/v1/campaigns/:slug/figures',
    'GET /api/v1/campaigns/:slug/events',
  ],
  readings: [
    'GET /api/v1/campaigns/:slug/readings',
    'GET /api/v1/campaigns/:slug/readings.csv',
    'GET /api/v1/campaigns/:slug/readings.xlsx',
    'GET /api/v1/campaigns/:slug/completeness',
    'GET /api/v1/campaigns/:slug/completeness.csv',
    'GET /api/v1/campaigns/:slug/completeness.xlsx',
  ],
  entries: [
    'GET /promotions/:slug',
    'GET /promotions/:slug/codes',
    'POST /promotions/:slug/codes',
    'GET /api/v1/promotions/:slug',
  ],
  draws: [
    'GET /keys',
    'GET /keys.txt',
    'GET /draws/:promotion/:period',
    'GET /draws/:promotion/:period/bundle.zip',
    'GET /draws/:promotion/:period/files/*',
    'GET /draws/:promotion/:period/papers/:kind',
    'GET /draws/:promotion/:period/fairness',
    'GET /draws/:promotion/:period/list',
    'GET /api/v1/draws/:promotion/:period',
    'POST /draws/:promotion/:period/objections',
    'GET /draws/:promotion/:period/hall',
    'GET /draws/:promotion/:period/hall/transcript',
    'GET /draws/:promotion/:period/rehearsal',
    'GET /draws/:promotion/:period/rehearsal/transcript',
  ],
  notices: ['GET /notices', 'GET /notices/:code'],
  tasks: [
    'GET /api/v1/campaigns/:slug/tasks',
    'GET /api/v1/campaigns/:slug/tasks.csv',
    'GET /api/v1/campaigns/:slug/tasks.xlsx',
    'GET /api/v1/campaigns/:slug/tasks/burn-up',
    'GET /api/v1/campaigns/:slug/tasks/burn-up.csv',
    'GET /api/v1/campaigns/:slug/tasks/burn-up.xlsx',
  ],
  verify: ['GET /verify', 'GET /verify/checker.html'],
  platform: ['GET /healthz', 'GET /readyz', 'GET /metrics', 'GET /live/:topic'],
};
/** For programs that hold a key and for nobody who is signed in: an officer is a stranger here. */
const KEYED = /^\/api\/v1\/promotions\/:slug\/(payments|webhooks|batches|digests)/;
/** Served by plugins, without the guard: files, and "not found" for what is no route at all. */
const RAW = ['GET /assets/*', 'GET *', 'GET /*'];

interface Route {
  method: string;
  path: string;
}

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];
/** A path that a browser could ask for: every parameter gets a value. */
const filled = ({ path }: Route) =>
  path.replace(/:[A-Za-z]+/g, (name) => (/(id|right)$/i.test(name) ? '1' : 'x')).replace('*', 'x');
const refusal = ({ path }: Route) => (KEYED.test(path) ? 401 : 403);
const line = ({ method, path }: Route) => `${method} ${path}`;

describe('every route', () => {
  let app: TestApp;
  let routes: readonly Route[];
  let everybody: SignedInAgent;
  beforeAll(async () => {
    app = await startApp();
    routes = app.routes.filter(({ method }) => !['HEAD', 'OPTIONS'].includes(method));
    everybody = await signIn(app, { roles: ROLES.map((role) => ({ role })) });
  });
  afterAll(() => app.close());

  const listed = [...Object.values(PUBLIC).flat(), ...RAW];
  const isPublic = (route: Route) => listed.includes(line(route));
  const send = (agent: ReturnType<TestApp['visitor']>, { method, path }: Route) =>
    agent[method.toLowerCase() as 'get'](filled({ method, path }));

  it('is found', () => {
    expect(routes.map(line)).toEqual(
      expect.arrayContaining(['GET /officers/login', 'POST /officers/:id/rights']),
    );
    expect(routes.length).toBeGreaterThan(30);
  });

  it('that is not on the public list refuses a stranger', async () => {
    const open: string[] = [];
    for (const route of routes.filter((one) => !isPublic(one))) {
      const { status, headers } = await send(app.visitor(), route);
      const toSignIn = status === 303 && String(headers.location).startsWith('/officers/login?to=');
      if (status !== 401 && !toSignIn) open.push(`${line(route)} answered ${status}`);
    }
    expect(open).toEqual([]);
  });

  it('that is not on the public list refuses an officer without any role, but for the own account', async () => {
    const nobody = await signIn(app);
    const own = ['/officers/account', '/office'];
    const open: string[] = [];
    for (const route of routes.filter((one) => !isPublic(one) && !WRITES.includes(one.method))) {
      if (own.some((path) => route.path.startsWith(path))) continue;
      const { status } = await send(nobody.http, route);
      if (status !== refusal(route)) open.push(`${line(route)} answered ${status}`);
    }
    expect(open).toEqual([]);
  });

  it('that changes something refuses an officer with every role whose form has no token', async () => {
    const open: string[] = [];
    for (const route of routes.filter(({ method }) => WRITES.includes(method))) {
      for (const request of [
        send(everybody.http, route).type('form').send({ a: 'b' }),
        send(everybody.http, route)
          .type('form')
          .send({ _csrf: 'x'.repeat(86) }),
        send(everybody.http, route).type('json').send({ _csrf: 'x' }),
        send(everybody.http, route).field('a', 'b').attach('file', Buffer.from('x'), 'x.csv'),
      ]) {
        const { status } = await request;
        if (status !== 403) open.push(`${line(route)} answered ${status}`);
      }
    }
    expect(open).toEqual([]);
  });

  it('that changes something refuses a token of another session and a request from another site', async () => {
    const other = await signIn(app, { roles: ROLES.map((role) => ({ role })) });
    const open: string[] = [];
    for (const route of routes.filter(({ method }) => WRITES.includes(method))) {
      const stolen = await send(everybody.http, route).type('form').send({ _csrf: other.token() });
      const crossed = await send(everybody.http, route)
        .set('sec-fetch-site', 'cross-site')
        .type('form')
        .send({ _csrf: everybody.token() });
      const foreign = await send(everybody.http, route)
        .set('origin', 'https://elsewhere.example')
        .type('form')
        .send({ _csrf: everybody.token() });
      for (const { status } of [stolen, crossed, foreign])
        if (status !== 403) open.push(`${line(route)} answered ${status}`);
    }
    expect(open).toEqual([]);
  });
});
