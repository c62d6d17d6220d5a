import { randomBytes } from 'node:crypto';
import type supertest from 'supertest';
import { Accounts, type NewGrant } from '../../src/officers/accounts.service.js';
import { Organisations } from '../../src/officers/organisations.service.js';
import type { TestApp } from './app.js';

export interface SignInOptions {
  roles?: NewGrant[];
  /** Code of the officer's organisation; made when there is none. */
  organisation?: string;
  login?: string;
  name?: string;
}

/** A browser with an officer in it. */
export interface SignedInAgent {
  readonly http: ReturnType<TestApp['visitor']>;
  readonly id: number;
  readonly login: string;
  readonly password: string;
  readonly organisationId: number;
  get(path: string): supertest.Test;
  /** Posts a form with the token of this session, as a page of ours would. */
  form(path: string, fields?: Record<string, unknown>): supertest.Test;
  /** The token for forms and, in the header x-csrf-token, for scripts. */
  token(): string;
}

export const PASSWORD = 'mùa gặt trên đồng bãi';

/** Makes an officer with these rights and signs them in through the pages. */
export async function signIn(app: TestApp, options: SignInOptions = {}): Promise<SignedInAgent> {
  const login = options.login ?? `officer-${randomBytes(4).toString('hex')}`;
  const code = options.organisation ?? 'office';
  const made = await app.db.transaction(async (tx) => {
    const organisationId = await app
      .get(Organisations)
      .ensure(tx, { code, name: `Organisation ${code}`, kind: 'administration' });
    const officer = { login, name: options.name ?? `Officer ${login}`, organisationId, password: PASSWORD };
    return { organisationId, id: await app.get(Accounts).create(tx, null, officer, options.roles ?? []) };
  });
  const http = app.visitor();
  await postLogin(http, login, PASSWORD);
  const token = tokenIn((await http.get('/officers/account').expect(200)).text);
  return {
    http,
    ...made,
    login,
    password: PASSWORD,
    get: (path) => http.get(path),
    form: (path, fields = {}) =>
      http
        .post(path)
        .type('form')
        .send({ _csrf: token, ...fields }),
    token: () => token,
  };
}

/** Fills in the sign-in page. */
export async function postLogin(
  http: ReturnType<TestApp['visitor']>,
  login: string,
  password: string,
  status = 303,
): Promise<supertest.Response> {
  const _csrf = tokenIn((await http.get('/officers/login')).text);
  return http.post('/officers/login').type('form').send({ _csrf, login, password }).expect(status);
}

/** The token of the first form on a page. */
export function tokenIn(html: string): string {
  const found = /name="_csrf" value="([^"]+)"/.exec(html);
  if (!found?.[1]) throw new Error('the page has no form with a token');
  return found[1];
}
