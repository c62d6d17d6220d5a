import { Bundles } from '../src/draws/bundle.service.js';
import { Closing } from '../src/draws/closing.service.js';
import { Replacements } from '../src/draws/replacement.service.js';
import { Drawing } from '../src/draws/result.service.js';
import { Sources } from '../src/draws/sources.service.js';
import { Vacancies } from '../src/draws/vacancies.service.js';
import { WinnerNotices } from '../src/draws/winner-notices.service.js';
import { Winners } from '../src/draws/winners.service.js';
import { Vault } from '../src/platform/crypto/vault.js';
import { InputError } from '../src/platform/http/input-error.js';
import { verifyFiles } from '../src/verify/verify.js';
import { type TestApp, startApp } from './support/app.js';
import { bundleFiles } from './support/bundle.js';
import { bringTo, resultHashOf } from './support/ceremony.js';
import { DICE, makeOfficers, makePromotion, type Officer, type Officers, SIGNATURE } from './support/draw.js';
import { pythonFindings } from './support/python.js';

describe('winners', () => {
  let app: TestApp;
  let people: Officers;
  let slug: string;
  beforeAll(async () => {
    app = await startApp();
    people = await makeOfficers(app);
    slug = await bringTo(app, people, await makePromotion(app), 'certified');
  });
  afterAll(() => app.close());

  const winners = () =>
    app.db.query<{ id: number; prize: string; place: number; code: string; value: string; payer: number }[]>(
      `select w.id, prize, w.place, code, value, payer_id as payer from winner w join draw d on d.id = w.draw_id
       where d.slug = $1 order by replacement, ordinal`,
      [slug],
    );
  const by = ({ id }: { id: number }, officer: Officer) => ({ id, officer, signature: SIGNATURE });
  const promotionDigits = async () => {
    const [row] = await app.db.query<{ id: number }[]>(
      'select p.campaign_id as id from draw d join draw_period p on p.id = d.draw_period_id where d.slug = $1',
      [slug],
    );
    return String(row!.id).padStart(4, '0');
  };
  const codesOf = async (work: Promise<unknown>) => {
    const fault = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(InputError);
    return (fault as InputError).findings.map(({ code }) => code);
  };

  it('receive nothing before the result is published', async () => {
    const [first] = await winners();
    expect(
      await codesOf(app.get(Winners).handOver(by(first!, people.organiser), { place: 'Hội trường' })),
    ).toEqual(['draws.missing.not-published']);
    await app.get(Closing).publish({ slug }, people.organiser, SIGNATURE);
  });

  it('are handed the prize once identity and tax are settled', async () => {
    const special = (await winners()).find(({ prize }) => prize === 'special')!;
    const service = app.get(Winners);
    expect(await codesOf(service.handOver(by(special, people.organiser), { place: 'Hội trường' }))).toEqual([
      'draws.missing.identity-unchecked',
    ]);
    await service.contact(by(special, people.partner), { channel: 'phone', outcome: 'reached' });
    expect(await codesOf(service.checkIdentity(by(special, people.partner), '024000000000'))).toEqual([
      'draws.missing.identity-differs',
    ]);
    const [promotion] = await app.db.query<{ id: number }[]>(
      `select p.campaign_id as id from draw d join draw_period p on p.id = d.draw_period_id where d.slug = $1`,
      [slug],
    );
    const number = `024${String(promotion!.id).padStart(4, '0')}${String(special.payer).padStart(5, '0')}`;
    await service.checkIdentity(by(special, people.partner), number);
    const [list] = await app.db.query<{ id: number }[]>(
      `insert into exclusion_list (promotion_id, kind, title, added_at) values ($1, 'staff', 'Cán bộ', now()) returning id`,
      [promotion!.id],
    );
    const mark = app.get(Vault).fingerprint(`cccd:${number}`);
    await app.db.query('insert into exclusion (exclusion_list_id, fingerprint) values ($1, $2)', [
      list!.id,
      mark,
    ]);
    expect(await codesOf(service.handOver(by(special, people.organiser), { place: 'Hội trường' }))).toEqual([
      'draws.missing.holder-excluded',
    ]);
    await app.db.query('update exclusion_list set withdrawn_at = now(), withdrawn_by = $2 where id = $1', [
      list!.id,
      people.organiser.id,
    ]);
    expect(await codesOf(service.handOver(by(special, people.organiser), { place: 'Hội trường' }))).toEqual([
      'draws.missing.tax-unsettled',
    ]);
    await service.settleTax(by(special, people.partner), 'winner');
    await service.handOver(by(special, people.organiser), { place: 'Hội trường' });
    const [tax] = await app.db.query<{ tax: string }[]>(
      `select facts ->> 'tax' as tax from winner_step where winner_id = $1 and kind = 'tax-settled'`,
      [special.id],
    );
    expect(tax!.tax).toBe('4500000');
    expect(await codesOf(service.handOver(by(special, people.organiser), { place: 'Hội trường' }))).toEqual([
      'draws.missing.outcome-before',
    ]);
  });

  it('show their name and their photo only while they agree, also after the hand-over', async () => {
    const special = (await winners()).find(({ prize }) => prize === 'special')!;
    const sign = by(special, people.partner);
    const name = `Nguyễn Văn Số ${special.payer}<`;
    const page = async () => (await app.visitor().get(`/draws/${slug}`).expect(200)).text;
    expect(await page()).not.toContain(name);
    await app.get(Winners).consent(sign, { name: false, photo: true });
    expect(await page()).not.toContain(name);
    await app.get(Winners).consent(sign, { name: true, photo: true });
    expect(await page()).toContain(name);
    const file = `/office/draws/${slug}/winners/${special.id}`;
    const post = { name: 'yes', password: SIGNATURE.password };
    await people.partner.form(`${file}/consent`, post).expect(303);
    const shown = (await people.partner.get(file)).text;
    expect(shown).toMatch(/name="name" value="yes" checked/);
    expect(shown).not.toMatch(/name="photo" value="yes" checked/);
    await people.partner.form(`${file}/consent`, { password: SIGNATURE.password }).expect(303);
    expect(await page()).not.toContain(name);
  });

  it('have nothing done for them without a password', async () => {
    const [first] = await winners();
    const sign = { ...by(first!, people.partner), signature: { password: 'không phải' } };
    const wrong = ['officers.findings.password.wrong'];
    const contact = { channel: 'phone', outcome: 'reached' } as const;
    expect(await codesOf(app.get(Winners).contact(sign, contact))).toEqual(wrong);
    expect(await codesOf(app.get(Winners).consent(sign, { name: true, photo: true }))).toEqual(wrong);
    expect(await codesOf(app.get(WinnerNotices).issue(sign))).toEqual(wrong);
    const plan = `/office/draws/${slug}/plan`;
    const answer = await people.organiser
      .form(plan, { title: 'Kỳ khác', password: 'không phải' })
      .expect(422);
    expect(answer.text).toContain('name="password"');
  });

  it('are told by a notice that the public page confirms', async () => {
    const [first] = await winners();
    const code = await app.get(WinnerNotices).issue(by(first!, people.partner));
    const page = await app.visitor().get(`/notices/${code}`).expect(200);
    expect(page.text).toContain(first!.code);
    expect(page.text).not.toContain('Nguyễn');
    await app.visitor().get('/notices/2222-2222-2222').expect(404);
    await app.db.query(`update notice set body_vi = replace(body_vi, $2, '99999') where code = $1`, [
      code,
      first!.code,
    ]);
    const altered = await app.visitor().get(`/notices/${code}?lang=en`);
    expect(altered.text).not.toContain('Yes, this notice is from us');
  });

  it('are told no more by a notice that was withdrawn', async () => {
    const [first, second] = await winners();
    const sign = by(first!, people.partner);
    const code = await app.get(WinnerNotices).issue(sign);
    expect(await codesOf(app.get(WinnerNotices).withdraw(by(second!, people.partner), code))).toEqual([
      'draws.missing.no-notice',
    ]);
    const file = `/office/draws/${slug}/winners/${first!.id}`;
    const post = { notice: code, password: SIGNATURE.password };
    await people.partner.form(`${file}/notice-withdrawal`, post).expect(303);
    expect((await app.visitor().get(`/notices/${code}?lang=en`).expect(200)).text).toContain('withdrawn');
    await people.partner.form(`${file}/notice-withdrawal`, post).expect(422);
  });

  it('keep the win when a proposal to disqualify is dropped', async () => {
    const [, second] = await winners();
    const sign = by(second!, people.organiser);
    expect(await codesOf(app.get(Vacancies).drop(sign, 'nhầm người'))).toEqual(['draws.missing.no-proposal']);
    await app.get(Vacancies).disqualify(sign, 'Nghi trùng tên với cán bộ');
    await app.get(Vacancies).drop(by(second!, people.partner), 'Đã đối chiếu, không phải');
    await app.get(Vacancies).disqualify(by(second!, people.partner), 'Nghi lần nữa');
    await app.get(Vacancies).drop(sign, 'Đã đối chiếu lần nữa');
    expect((await people.organiser.get(`/office/draws/${slug}/winners`)).text).not.toContain('Bị loại');
  });

  it('who are disqualified by two organisations leave a place that a later source fills', async () => {
    const { organiser, partner, colleague } = people;
    const [out] = await winners();
    const reason = 'Nhân viên của ngân hàng';
    await app.get(Vacancies).disqualify(by(out!, organiser), reason);
    expect(await codesOf(app.get(Vacancies).disqualify(by(out!, colleague), reason))).toEqual([
      'draws.missing.two-organisations',
    ]);
    await app.get(Vacancies).disqualify(by(out!, partner), '');
    app.clock.set('2023-06-05T02:00:00Z');
    const number = await app.get(Replacements).publishAddendum(slug, organiser, SIGNATURE, [DICE]);
    expect(number).toBe(1);
    app.clock.set('2023-06-06T02:00:00Z');
    const value = '11111222223333344444';
    await app.get(Sources).record({ slug, replacement: 1, source: 'hall', value }, organiser, SIGNATURE);
    await app.get(Sources).record({ slug, replacement: 1, source: 'hall', value }, partner, SIGNATURE);
    await app.get(Drawing).draw(slug, organiser, SIGNATURE, 1);
    await app.get(Closing).recompute({ slug, replacement: 1 }, organiser, SIGNATURE);
    const hash = await resultHashOf(app, slug);
    await app.get(Closing).certify({ slug, replacement: 1 }, organiser, SIGNATURE, hash);
    await app.get(Closing).certify({ slug, replacement: 1 }, partner, SIGNATURE, hash);
    await app.get(Closing).publish({ slug, replacement: 1 }, organiser, SIGNATURE);
    const now = await winners();
    const last = now.at(-1)!;
    expect([last.prize, last.place]).toEqual([out!.prize, out!.place]);
    expect(last.payer).not.toBe(out!.payer);
    const files = await app.get(Bundles).files(slug);
    expect([...files.keys()]).toContain('replacements/01/addendum.json');
    expect((await verifyFiles(bundleFiles(files))).findings).toEqual([]);
    expect(await pythonFindings(app, slug)).toEqual([]);
  });

  it('who do not come in time lose the prize only after the last day, and with minutes', async () => {
    const { organiser, partner } = people;
    const [, gone, late] = await winners();
    const expire = () =>
      app.get(Vacancies).giveUp(by(gone!, partner), { outcome: 'expired', reason: 'Không đến nhận' });
    app.clock.set('2023-07-01T16:59:00Z');
    expect(await codesOf(expire())).toEqual(['draws.missing.claim-running']);
    app.clock.set('2023-07-01T17:00:00Z');
    expect(await codesOf(expire())).toEqual(['draws.missing.never-contacted']);
    await app.get(Winners).contact(by(gone!, partner), { channel: 'letter', outcome: 'no-answer' });
    await expire();
    const file = (id: number) => `/office/draws/${slug}/winners/${id}`;
    const paper = await organiser.get(`${file(gone!.id)}/papers/vacancy`).expect(200);
    for (const words of ['Không đến nhận', 'hết ngày 01/7/2023', 'không trả lời', '1.000.000 đồng'])
      expect(paper.text).toContain(words);
    await organiser.get(`${file(late!.id)}/papers/vacancy`).expect(404);
    expect((await organiser.get(`/office/draws/${slug}/winners`)).text).toContain('quá hạn nhận 01/7/2023');
    const number = `024${await promotionDigits()}${String(late!.payer).padStart(5, '0')}`;
    await app.get(Winners).checkIdentity(by(late!, partner), number);
    const handOver = (reason: string) =>
      app.get(Winners).handOver(by(late!, organiser), { place: 'Hội trường', reason });
    expect(await codesOf(handOver(''))).toEqual(['draws.missing.claim-late']);
    await handOver('Người trúng nằm viện');
    const minutes = await organiser.get(`${file(late!.id)}/papers/hand-over`).expect(200);
    expect(minutes.text).toContain('Người trúng nằm viện');
    const next = await app.get(Replacements).publishAddendum(slug, organiser, SIGNATURE, [DICE]);
    expect(next).toBe(2);
    const registration = await organiser.get(`/office/draws/${slug}/papers/registration`).expect(200);
    for (const words of ['ĐĂNG KÝ', 'Chương trình thử', 'Giải Đặc biệt', 'Chín mươi lăm triệu đồng'])
      expect(registration.text).toContain(words);
  });
});
