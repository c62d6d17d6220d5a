import { generateSync } from 'otplib';
import { DataSource } from 'typeorm';
import { FirstAdministrator } from '../src/officers/first-administrator.service.js';
import { DemoAccounts } from '../src/officers/demo-accounts.service.js';
import { Organisations } from '../src/officers/organisations.service.js';
import { Officers } from '../src/officers/officers.service.js';
import { verifyJournal } from '../src/journal/verification.js';
import { startApp, type TestApp } from './support/app.js';
import { PASSWORD, postLogin, signIn, tokenIn, type SignedInAgent } from './support/sign-in.js';

const NEW = 'con thuyền giấy qua cầu mưa';

describe('accounts', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    expect((await verifyJournal(app.db)).findings).toEqual([]);
    await app.close();
  });
  afterEach(() => app.clock.free());

  const linkIn = (html: string) => /\/officers\/(?:welcome|reset)\/[\w-]{43}/.exec(html)![0];
  /** Opens a page, and sends its form when told to. */
  const opened = async (http: ReturnType<TestApp['visitor']>, path: string) => {
    const _csrf = tokenIn((await http.get(path).expect(200)).text);
    return (fields: object) =>
      http
        .post(path)
        .type('form')
        .send({ _csrf, ...fields });
  };
  const fill = async (http: ReturnType<TestApp['visitor']>, path: string, fields: object) =>
    (await opened(http, path))(fields);

  describe('by invitation', () => {
    let chief: SignedInAgent;
    beforeAll(async () => {
      chief = await signIn(app, { roles: [{ role: 'administrator' }], organisation: 'bank' });
    });
    const invite = async () => {
      const page = await chief
        .form('/officers/invitations', { name: 'Lê Thị Thử', organisation: 'bank', role: 'partner' })
        .expect(200);
      return linkIn(page.text);
    };

    it('are made through a link that works once, with the rights it names', async () => {
      const link = await invite();
      const http = app.visitor();
      const page = await http.get(link).expect(200);
      expect(page.text).toContain('value="Lê Thị Thử"');
      const fields = { name: 'Lê Thị Thử', login: 'Le.Thu@Bank.example', newPassword: NEW, repeat: NEW };
      expect((await fill(http, link, fields)).status).toBe(303);
      await postLogin(http, 'le.thu@bank.example', NEW);
      expect((await http.get('/officers/account').expect(200)).text).toContain('Đơn vị phối hợp');
      await app.visitor().get(link).expect(404);
      const [kept] = await app.db.query<{ n: number }[]>(
        `select count(*)::int as n from invitation where position($1 in invitation::text) > 0`,
        [link.split('/').at(-1)],
      );
      expect(kept!.n).toBe(0);
    });

    it('keep the form and name every fault beside its field', async () => {
      const link = await invite();
      const taken = chief.login;
      const page = await fill(app.visitor(), link, {
        name: 'X',
        login: taken,
        newPassword: 'short',
        repeat: 'other',
      });
      expect(page.status).toBe(422);
      for (const field of ['name', 'newPassword']) expect(page.text).toContain(`id="finding-${field}"`);
      expect(page.text).toContain(`value="${taken}"`);
      const again = await fill(app.visitor(), link, {
        name: 'Lê Thử',
        login: taken,
        newPassword: NEW,
        repeat: NEW,
      });
      expect(again.text).toContain('id="finding-login"');
      expect(again.text).not.toContain(NEW);
      await app.visitor().get(link).expect(200);
    });

    it('are not made through a link that is withdrawn or too old', async () => {
      const old = await invite();
      const withdrawn = await invite();
      const [last] = await app.db.query<{ id: number }[]>(`select max(id) as id from invitation`);
      await chief.form(`/officers/invitations/${last!.id}/withdrawal`).expect(303);
      await app.visitor().get(withdrawn).expect(404);
      app.clock.set(new Date(Date.now() + 8 * 24 * 3_600_000).toISOString());
      await app.visitor().get(old).expect(404);
    });

    it('are made once when the link is opened twice at the same moment', async () => {
      const link = await invite();
      const forms = await Promise.all(['one', 'two', 'three'].map(() => opened(app.visitor(), link)));
      const words = { name: 'Người Thử', newPassword: NEW, repeat: NEW };
      const answers = await Promise.all(forms.map((send, at) => send({ ...words, login: `race.${at}` })));
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 404, 404]);
    });
  });

  it('get a new password by an administrator link, which ends all sessions', async () => {
    const chief = await signIn(app, { roles: [{ role: 'administrator' }] });
    const officer = await signIn(app);
    const first = linkIn((await chief.form(`/officers/${officer.id}/reset`).expect(200)).text);
    const link = linkIn((await chief.form(`/officers/${officer.id}/reset`).expect(200)).text);
    await app.visitor().get(first).expect(404);
    expect((await fill(app.visitor(), link, { newPassword: NEW, repeat: NEW })).status).toBe(303);
    await officer.get('/officers/account').expect(303);
    await postLogin(app.visitor(), officer.login, PASSWORD, 422);
    await postLogin(app.visitor(), officer.login, NEW);
    await app.visitor().get(link).expect(404);
  });

  it('change their password only with the old one, and stay signed in here alone', async () => {
    const officer = await signIn(app);
    const elsewhere = app.visitor();
    await postLogin(elsewhere, officer.login, PASSWORD);
    const wrong = await officer.form('/officers/account/password', {
      password: 'x',
      newPassword: NEW,
      repeat: NEW,
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('id="finding-password"');
    await officer
      .form('/officers/account/password', { password: PASSWORD, newPassword: NEW, repeat: NEW })
      .expect(303);
    await officer.get('/officers/account').expect(200);
    await elsewhere.get('/officers/account').expect(303);
  });

  it('sign out everywhere', async () => {
    const officer = await signIn(app);
    const elsewhere = app.visitor();
    await postLogin(elsewhere, officer.login, PASSWORD);
    await officer.form('/officers/account/sessions/closure', { all: '1' }).expect(303);
    await officer.get('/officers/account').expect(303);
    await elsewhere.get('/officers/account').expect(303);
  });

  describe('with two-step sign-in', () => {
    const turnOn = async (officer: SignedInAgent) => {
      const page = (await officer.get('/officers/account/second-factor').expect(200)).text;
      const secret = /<code class="hash">([A-Z2-7 ]+)<\/code>/.exec(page)![1]!.replaceAll(' ', '');
      const sealed = /name="sealed" value="([^"]+)"/.exec(page)![1]!;
      const now = Math.floor(Date.now() / 1000);
      app.clock.set(new Date(now * 1000).toISOString());
      const code = generateSync({ secret, epoch: now });
      const done = await officer
        .form('/officers/account/second-factor', { sealed, password: PASSWORD, code })
        .expect(200);
      const recovery = [...done.text.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map(
        ([, text]) => text!,
      );
      return { secret, sealed, recovery, used: code, now };
    };
    const enterCode = async (login: string, code: string) => {
      const http = app.visitor();
      const half = await postLogin(http, login, PASSWORD);
      expect(half.headers.location).toBe('/officers/login/code');
      await http.get('/officers/account').expect(303);
      return { http, answer: await fill(http, '/officers/login/code', { code }) };
    };

    it('need a code that was never used, and take each recovery code once', async () => {
      const officer = await signIn(app);
      const { secret, recovery, used, now } = await turnOn(officer);
      expect(recovery).toHaveLength(10);
      expect((await enterCode(officer.login, used)).answer.status).toBe(422);
      app.clock.set(new Date((now + 60) * 1000).toISOString());
      const { http, answer } = await enterCode(officer.login, generateSync({ secret, epoch: now + 60 }));
      expect(answer.status).toBe(303);
      await http.get('/officers/account').expect(200);
      expect((await enterCode(officer.login, recovery[3]!.toUpperCase())).answer.status).toBe(303);
      expect((await enterCode(officer.login, recovery[3]!)).answer.status).toBe(422);
    });

    it('keep the secret sealed in the database, and refuse a sealed secret of somebody else', async () => {
      const officer = await signIn(app);
      const { secret, sealed } = await turnOn(officer);
      const [row] = await app.db.query<{ stored: string }[]>(
        `select encode(totp_secret, 'escape') as stored from officer where id = $1`,
        [officer.id],
      );
      expect(row!.stored).not.toContain(secret);
      const other = await signIn(app);
      await other
        .form('/officers/account/second-factor', {
          sealed,
          password: PASSWORD,
          code: generateSync({ secret }),
        })
        .expect(422);
    });

    it('sign acts with a code, used up only when the act is done', async () => {
      const officer = await signIn(app);
      const { secret, now } = await turnOn(officer);
      app.clock.set(new Date((now + 90) * 1000).toISOString());
      const code = generateSync({ secret, epoch: now + 90 });
      const sign = (signature: { password: string; code?: string }, fail = false) =>
        app.db.transaction(async (tx) => {
          await app.get(Officers).signAgain(tx, officer, signature);
          if (fail) throw new Error('the act failed');
        });
      await expect(sign({ password: PASSWORD })).rejects.toMatchObject({ findings: [{ field: 'code' }] });
      await expect(sign({ password: PASSWORD, code }, true)).rejects.toThrow('the act failed');
      await sign({ password: PASSWORD, code });
      await expect(sign({ password: PASSWORD, code })).rejects.toMatchObject({
        findings: [{ field: 'code' }],
      });
    });

    it('accept one code once when two acts use it at the same moment', async () => {
      const officer = await signIn(app);
      const { secret, now } = await turnOn(officer);
      app.clock.set(new Date((now + 120) * 1000).toISOString());
      const code = generateSync({ secret, epoch: now + 120 });
      const sign = () =>
        app.db.transaction((tx) => app.get(Officers).signAgain(tx, officer, { password: PASSWORD, code }));
      const outcomes = await Promise.allSettled([sign(), sign(), sign()]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });

  describe('sessions', () => {
    it('end after an hour without use and after twelve in any case', async () => {
      const officer = await signIn(app);
      const start = Date.now();
      const at = (minutes: number) => app.clock.set(new Date(start + minutes * 60_000).toISOString());
      for (let minutes = 0; minutes <= 660; minutes += 55) {
        at(minutes);
        await officer.get('/officers/account').expect(200);
      }
      at(715);
      await officer.get('/officers/account').expect(200);
      at(721);
      await officer.get('/officers/account').expect(303);
      app.clock.free();
      const idle = await signIn(app);
      at(62);
      await idle.get('/officers/account').expect(303);
    });

    it('get a new secret at each sign-in, and work in no other browser', async () => {
      const { login } = await signIn(app);
      const http = app.visitor();
      const secretOf = async () => {
        const answer = await postLogin(http, login, PASSWORD);
        return /thidua-session=([^;]+)/.exec(String(answer.headers['set-cookie']))![1]!;
      };
      const [one, two] = [await secretOf(), await secretOf()];
      expect(one).not.toBe(two);
      const cookie = `thidua-session=${two}`;
      await app.visitor().get('/officers/account').set('cookie', cookie).expect(200);
      await app
        .visitor()
        .get('/officers/account')
        .set('cookie', cookie)
        .set('user-agent', 'another')
        .expect(303);
      const [row] = await app.db.query<{ n: number }[]>(
        `select count(*)::int as n from officer_session s where position($1 in s::text) > 0`,
        [two],
      );
      expect(row!.n).toBe(0);
    });
  });

  it('of an https address have cookies that never travel in the clear', async () => {
    const secure = await startApp({
      databaseUrl: app.databaseUrl,
      dataDir: app.dataDir,
      env: { PUBLIC_URL: 'https://thidua.example' },
    });
    const page = await secure.visitor().get('/officers/login').expect(200);
    expect(String(page.headers['set-cookie'])).toMatch(
      /^__Host-thidua-visitor=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );
    await secure.close();
  });

  it('give a visitor no cookie on pages without a form', async () => {
    const home = await app.visitor().get('/');
    expect(String(home.headers['set-cookie'] ?? '')).not.toContain('visitor');
  });

  describe('throttling', () => {
    it('counts guesses that come at the same moment to two instances, and says when to come back', async () => {
      const second = await startApp({ databaseUrl: app.databaseUrl, dataDir: app.dataDir });
      const { login } = await signIn(app);
      const guesses = await Promise.all(
        Array.from({ length: 14 }, async (_, n) => {
          const http = (n % 2 ? app : second).visitor();
          const _csrf = tokenIn((await http.get('/officers/login')).text);
          return http
            .post('/officers/login')
            .type('form')
            .send({ _csrf, login, password: `guess ${n}` });
        }),
      );
      expect(guesses.filter(({ status }) => status === 422)).toHaveLength(8);
      const refused = guesses.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(6);
      expect(Number(refused[0]!.headers['retry-after'])).toBeGreaterThan(800);
      await postLogin(second.visitor(), login, PASSWORD, 429);
      app.clock.set(new Date(Date.now() + 16 * 60_000).toISOString());
      await postLogin(app.visitor(), login, PASSWORD);
      await second.close();
    });

    it('treats a name that does not exist alike', async () => {
      const answers: number[] = [];
      for (let n = 0; n < 9; n++)
        answers.push(
          (await postLogin(app.visitor(), 'no.such.name', 'x'.repeat(14), n < 8 ? 422 : 429)).status,
        );
      expect(answers.at(-1)).toBe(429);
    });

    it('forgets the name’s failures when it signs in, and keeps no name in the table', async () => {
      const { login } = await signIn(app);
      for (let round = 0; round < 2; round++) {
        for (let n = 0; n < 7; n++) await postLogin(app.visitor(), login, 'wrong password', 422);
        await postLogin(app.visitor(), login, PASSWORD);
      }
      const [row] = await app.db.query<{ n: number }[]>(
        `select count(*)::int as n from login_attempt l where position($1 in l::text) > 0`,
        [login],
      );
      expect(row!.n).toBe(0);
    });

    it('takes about the same time for a name that exists and one that does not', async () => {
      const { login } = await signIn(app);
      const time = async (name: string) => {
        const http = app.visitor();
        const _csrf = tokenIn((await http.get('/officers/login')).text);
        const began = performance.now();
        await http
          .post('/officers/login')
          .type('form')
          .send({ _csrf, login: name, password: 'x'.repeat(14) });
        return performance.now() - began;
      };
      const median = (times: number[]) => times.sort((a, b) => a - b)[2]!;
      const known: number[] = [];
      const unknown: number[] = [];
      for (let n = 0; n < 5; n++) {
        known.push(await time(login));
        unknown.push(await time(`unknown-${n}`));
      }
      const ratio = median(known) / median(unknown);
      expect(ratio).toBeGreaterThan(0.4);
      expect(ratio).toBeLessThan(2.5);
    });
  });
});

describe('the first administrator', () => {
  const first = async (db: DataSource, app: TestApp) =>
    db.transaction((tx) => app.get(FirstAdministrator).ensure(tx));

  it('comes in by a link that is printed once, however many instances start', async () => {
    const app = await startApp();
    const links = await Promise.all([first(app.db, app), first(app.db, app), first(app.db, app)]);
    expect(links.filter(Boolean)).toHaveLength(1);
    const path = new URL(links.find(Boolean)!).pathname;
    const http = app.visitor();
    const page = await http.get(path).expect(200);
    const fields = {
      organisation: 'Văn phòng tỉnh',
      name: 'Quản Trị',
      login: 'quan.tri',
      newPassword: NEW,
      repeat: NEW,
    };
    await http
      .post(path)
      .type('form')
      .send({ _csrf: tokenIn(page.text), ...fields })
      .expect(303);
    await postLogin(http, 'quan.tri', NEW);
    await http.get('/officers').expect(200);
    expect(await first(app.db, app)).toBeUndefined();
    await app.close();
  });

  it('gets a new link when the old one was lost', async () => {
    const app = await startApp();
    const old = await first(app.db, app);
    await app.db.query(`update invitation set invited_at = invited_at - interval '1 hour'`);
    const fresh = await first(app.db, app);
    expect(fresh).not.toBe(old);
    await app.visitor().get(new URL(old!).pathname).expect(404);
    await app.visitor().get(new URL(fresh!).pathname).expect(200);
    await app.close();
  });

  it('is made from ADMIN_LOGIN and ADMIN_PASSWORD when they are set', async () => {
    const app = await startApp({ env: { ADMIN_LOGIN: 'chief', ADMIN_PASSWORD: NEW } });
    expect(await first(app.db, app)).toBeUndefined();
    expect(await first(app.db, app)).toBeUndefined();
    await postLogin(app.visitor(), 'chief', NEW);
    await app.close();
  });

  it('and demo accounts are told on the sign-in page in the demo alone', async () => {
    const app = await startApp();
    const loginPage = async () => (await app.visitor().get('/officers/login')).text;
    expect(await loginPage()).not.toContain('demo-accounts');
    await app.db.transaction(async (tx) => {
      const organisationId = await app
        .get(Organisations)
        .ensure(tx, { code: 'demo', name: 'Cơ quan ví dụ', kind: 'administration' });
      const officer = { login: 'thu', name: 'Người Thử', organisationId, password: NEW };
      await app.get(DemoAccounts).add(tx, officer, [{ role: 'organiser' }]);
    });
    const page = await loginPage();
    expect(page).toContain(NEW);
    expect(page).toContain('Ban tổ chức');
    await postLogin(app.visitor(), 'thu', NEW);
    await app.close();
  });
});
