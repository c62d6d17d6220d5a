import { Officers } from '../src/officers/officers.service.js';
import { startApp, type TestApp } from './support/app.js';
import { PASSWORD, postLogin, signIn } from './support/sign-in.js';

describe('rights', () => {
  let app: TestApp;
  let officers: Officers;
  const units: Record<string, number> = {};
  const campaigns: Record<string, number> = {};
  beforeAll(async () => {
    app = await startApp();
    officers = app.get(Officers);
    await plant();
  });
  afterAll(() => app.close());

  /** A province, two districts, a commune that moved from one to the other on 1 July 2024, and a drive inside a movement. */
  async function plant() {
    const unit = async (name: string, spans: [string | null, string | null, string | null][]) => {
      const [row] = await app.db.query<{ id: number }[]>(`insert into unit default values returning id`);
      units[name] = row!.id;
      for (const [parent, from, to] of spans)
        await app.db.query(
          `insert into unit_version (unit_id, code, name, full_name, kind, parent_id, valid_from, valid_to,
             name_key, full_name_key, folded, full_folded)
           values ($1, $2, $2, $2, $3, $4, $5, $6, $2, $2, $2, $2)`,
          [units[name], name, parent ? 'commune' : 'province', parent ? units[parent] : null, from, to],
        );
    };
    await unit('province', [[null, null, null]]);
    await unit('east', [['province', null, null]]);
    await unit('west', [['province', null, null]]);
    await unit('moved', [
      ['east', null, '2024-07-01'],
      ['west', '2024-07-01', null],
    ]);
    await unit('ended', [['east', null, '2020-01-01']]);
    for (const [slug, parent] of [
      ['movement', null],
      ['drive', 'movement'],
      ['other', null],
    ] as const) {
      const [row] = await app.db.query<{ id: number }[]>(
        `insert into campaign (slug, kind, parent_id, title_vi, title_en, starts_on, ends_on, units_as_of)
         values ($1, 'movement', $2, $1, $1, '2022-06-01', '2022-09-01', '2022-06-01') returning id`,
        [slug, parent ? campaigns[parent] : null],
      );
      campaigns[slug] = row!.id;
    }
  }
  const reach = (unit?: string, campaign?: string) => ({
    unitId: unit ? units[unit] : undefined,
    campaignId: campaign ? campaigns[campaign] : undefined,
  });

  it.each([
    // right for unit, campaign; act on unit, campaign; allowed?
    [undefined, undefined, 'moved', 'drive', true],
    [undefined, undefined, undefined, undefined, true],
    ['province', undefined, 'moved', 'drive', true],
    ['west', undefined, 'moved', 'drive', true],
    ['east', undefined, 'moved', 'drive', false],
    ['east', undefined, 'ended', 'drive', true],
    ['moved', undefined, 'west', 'drive', false],
    ['west', undefined, undefined, 'drive', false],
    [undefined, 'drive', 'moved', 'drive', true],
    [undefined, 'movement', 'moved', 'drive', true],
    [undefined, 'drive', 'moved', 'movement', false],
    [undefined, 'drive', 'moved', undefined, false],
    ['west', 'other', 'moved', 'drive', false],
    ['west', 'drive', 'moved', 'drive', true],
  ])(
    'for unit %s and campaign %s on unit %s and campaign %s: %s',
    async (unit, campaign, onUnit, onCampaign, allowed) => {
      const { id } = await signIn(app, { roles: [{ role: 'reporter', ...reach(unit, campaign) }] });
      expect(await officers.may({ id }, 'reporter', reach(onUnit, onCampaign))).toBe(allowed);
      expect(await officers.may({ id }, ['auditor', 'reporter'], reach(onUnit, onCampaign))).toBe(allowed);
      expect(await officers.may({ id }, 'organiser', reach(onUnit, onCampaign))).toBe(false);
    },
  );

  it('follow the tree of today, also when today moves', async () => {
    const { id } = await signIn(app, { roles: [{ role: 'reporter', ...reach('east') }] });
    app.clock.set('2023-01-01T00:00:00Z');
    expect(await officers.may({ id }, 'reporter', reach('moved'))).toBe(true);
    app.clock.set('2024-07-01T00:00:00Z');
    expect(await officers.may({ id }, 'reporter', reach('moved'))).toBe(false);
    app.clock.free();
  });

  it('that are revoked stop working with the next request, on pages and in services', async () => {
    const chief = await signIn(app, { roles: [{ role: 'administrator' }] });
    const auditor = await signIn(app, { roles: [{ role: 'auditor' }] });
    await auditor.get('/officers').expect(200);
    await officers.demand(auditor, 'auditor');
    const [right] = await app.db.query<{ id: number }[]>(`select id from role_grant where officer_id = $1`, [
      auditor.id,
    ]);
    await chief.form(`/officers/${auditor.id}/rights/${right!.id}/revocation`).expect(303);
    await auditor.get('/officers').expect(403);
    await expect(officers.demand(auditor, 'auditor')).rejects.toThrow();
  });

  it('of a closed account are gone, and so are its sessions', async () => {
    const chief = await signIn(app, { roles: [{ role: 'administrator' }] });
    const auditor = await signIn(app, { roles: [{ role: 'auditor' }] });
    await chief.form(`/officers/${auditor.id}/closure`).expect(303);
    expect(await officers.may(auditor, 'auditor')).toBe(false);
    await auditor.get('/officers').expect(303);
  });

  it('are not given to oneself, nor by an organiser beyond reporters of the own units', async () => {
    const chief = await signIn(app, { roles: [{ role: 'administrator' }] });
    await chief.form(`/officers/${chief.id}/rights`, { role: 'organiser' }).expect(403);
    await chief.form(`/officers/${chief.id}/reset`).expect(403);
    const organiser = await signIn(app, {
      roles: [{ role: 'organiser', ...reach('west') }],
      organisation: 'office',
    });
    const invite = (fields: object) =>
      organiser.form('/officers/invitations', { name: 'Trần Văn Thử', organisation: 'office', ...fields });
    expect((await invite({ role: 'reporter', unit: 'moved' }).expect(200)).text).toContain(
      '/officers/welcome/',
    );
    await invite({ role: 'reporter', unit: 'east' }).expect(403);
    await invite({ role: 'reporter' }).expect(403);
    await invite({ role: 'witness', unit: 'moved' }).expect(403);
    await organiser.form(`/officers/${chief.id}/rights`, { role: 'reporter', unit: 'west' }).expect(403);
  });

  it('given twice are refused beside the field, with what was typed', async () => {
    const chief = await signIn(app, { roles: [{ role: 'administrator' }] });
    const officer = await signIn(app);
    const give = () =>
      chief.form(`/officers/${officer.id}/rights`, { role: 'partner', unit: 'west', campaign: 'drive' });
    await give().expect(303);
    const again = await give().expect(422);
    expect(again.text).toContain('đã có đúng quyền');
    expect(again.text).toMatch(/value="west"/);
    const unknown = await chief
      .form(`/officers/${officer.id}/rights`, { role: 'partner', unit: 'nowhere' })
      .expect(422);
    expect(unknown.text).toContain('Không có đơn vị nào');
    expect(unknown.text).toContain('value="nowhere"');
  });

  describe('signing an act again', () => {
    const sign = (id: number, password: string) =>
      app.db.transaction((tx) => officers.signAgain(tx, { id }, { password }));

    it('takes the right password, and refuses after eight wrong ones', async () => {
      const { id } = await signIn(app);
      await sign(id, PASSWORD);
      for (let n = 0; n < 8; n++)
        await expect(sign(id, 'wrong')).rejects.toMatchObject({ findings: [{ field: 'password' }] });
      await new Promise((done) => setTimeout(done, 100));
      await expect(sign(id, PASSWORD)).rejects.toMatchObject({
        retryAfterSeconds: expect.any(Number) as number,
      });
    });

    it('is not locked by strangers who try the name', async () => {
      const { id, login } = await signIn(app);
      for (let n = 0; n < 8; n++) await postLogin(app.visitor(), login, 'a stranger guesses', 422);
      await postLogin(app.visitor(), login, PASSWORD, 429);
      await sign(id, PASSWORD);
    });
  });
});
