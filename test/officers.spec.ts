import { startApp, type TestApp } from './support/app.js';
import { PASSWORD, postLogin, signIn, tokenIn } from './support/sign-in.js';

describe('signing in', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());
  afterEach(() => app.clock.free());

  it('leads a visitor to the sign-in page and back', async () => {
    const http = app.visitor();
    const away = await http.get('/officers/account').expect(303);
    expect(away.headers.location).toBe('/officers/login?to=%2Fofficers%2Faccount');
    const { login } = await signIn(app);
    const page = await http.get(away.headers.location!).expect(200);
    const back = await http
      .post('/officers/login')
      .type('form')
      .send({ _csrf: tokenIn(page.text), login, password: PASSWORD, to: '/officers/account' })
      .expect(303);
    expect(back.headers.location).toBe('/officers/account');
    await http.get('/officers/account').expect(200);
  });

  it('says the same for a wrong password and for a name that does not exist, and keeps the name', async () => {
    const { login } = await signIn(app);
    const wrong = await postLogin(app.visitor(), login, 'something else entirely', 422);
    const nobody = await postLogin(app.visitor(), 'nobody-at-all', 'something else entirely', 422);
    const told = (html: string) => /<p class="field-finding"[\s\S]*?<\/p>/.exec(html)?.[0];
    expect(told(wrong.text)).toContain('không đúng');
    expect(told(wrong.text)).toBe(told(nobody.text));
    expect(wrong.text).toContain(`value="${login}"`);
    expect(wrong.text).not.toContain('something else');
  });

  it('gives the cookie to the browser alone and ends it at sign-out', async () => {
    const { login } = await signIn(app);
    const http = app.visitor();
    const answer = await postLogin(http, login, PASSWORD);
    const cookie = (answer.headers['set-cookie'] as unknown as string[]).find((one) =>
      one.startsWith('thidua-session='),
    )!;
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
    const _csrf = tokenIn((await http.get('/officers/account')).text);
    await http.post('/officers/logout').type('form').send({ _csrf }).expect(303);
    await app.visitor().get('/officers/account').set('cookie', cookie.split(';')[0]!).expect(303);
  });
});
