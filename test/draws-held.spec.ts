import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Bundles } from '../src/draws/bundle.service.js';
import { Closing } from '../src/draws/closing.service.js';
import { Freezing } from '../src/draws/freeze.service.js';
import { Planning } from '../src/draws/plan.service.js';
import { chance, Drawing } from '../src/draws/result.service.js';
import { Sources } from '../src/draws/sources.service.js';
import { Strikes } from '../src/draws/strikes.service.js';
import { Witnesses } from '../src/draws/witness.service.js';
import { Objections } from '../src/draws/objections.service.js';
import { InputError } from '../src/platform/http/input-error.js';
import { commitmentOf } from '../src/rules/draw/digest.js';
import type { DrawRules } from '../src/rules/draw/documents.js';
import { draw } from '../src/rules/draw/draw.js';
import { EntryList } from '../src/rules/draw/entries.js';
import { cosignature, cosignedMessage, KEY_TYPE, keyText, noteText } from '../src/rules/merkle/note.js';
import { Vault } from '../src/platform/crypto/vault.js';
import { Signer } from '../src/platform/crypto/ed25519.js';
import { verifyFiles } from '../src/verify/verify.js';
import { type TestApp, startApp } from './support/app.js';
import { bundleFiles, QUICKNET, ROUNDS } from './support/bundle.js';
import { bringTo, DIGITS, resultHashOf, rootOf, statesOf, type Step } from './support/ceremony.js';
import {
  DICE,
  makeOfficers,
  makePromotion,
  type Officer,
  type Officers,
  PRIZES,
  planDraw,
  SIGNATURE,
} from './support/draw.js';
import { pythonFindings } from './support/python.js';
import { PASSWORD } from './support/sign-in.js';

describe('what must hold', () => {
  let app: TestApp;
  let people: Officers;
  beforeAll(async () => {
    app = await startApp();
    people = await makeOfficers(app);
  });
  afterAll(() => app.close());

  const drawAt = async (step: Step, change = {}, entries = 12, perHolder = 2) =>
    bringTo(app, people, await makePromotion(app, entries, perHolder), step, change);
  const refused = async (work: Promise<unknown>): Promise<string[]> => {
    const fault = await work.then(
      (value) => value,
      (error: unknown) => error,
    );
    if (!(fault instanceof InputError)) return [`not refused: ${String(fault)}`];
    return fault.findings.map(({ code }) => code.replace('draws.missing.', ''));
  };
  const forbidden = async (work: Promise<unknown>) =>
    expect(await work.catch((error: { status?: number }) => error.status)).toBe(403);
  const journalled = async (slug: string, act: string) => {
    const [row] = await app.db.query<{ n: number }[]>(
      `select count(*)::int as n from journal_entry where subject = $1 and act = $2`,
      [`draw/${slug}`, act],
    );
    return row!.n;
  };
  /** Sound under both implementations, except for what is expected. */
  const judged = async (slug: string, expected: string[] = []) => {
    const report = await verifyFiles(bundleFiles(await app.get(Bundles).files(slug, true)));
    expect([...new Set(report.findings.map(({ code }) => code))]).toEqual(expected);
    expect([...new Set(await pythonFindings(app, slug, true))]).toEqual(expected);
    return report;
  };
  const completed = async (slug: string, value = DIGITS) => {
    await app.get(Sources).record({ slug, source: 'hall', value }, people.organiser, SIGNATURE);
    await app.get(Sources).record({ slug, source: 'hall', value }, people.witness, SIGNATURE);
    await app.get(Drawing).draw(slug, people.organiser, SIGNATURE);
  };

  /** What the draw would come to with these dice if nobody were struck, from the published files alone. */
  const resultWithout = async (slug: string) => {
    const files = await app.get(Bundles).files(slug);
    const rules = JSON.parse(files.get('rules.json')!.toString()) as DrawRules;
    const list = EntryList.of(files.get('entries.csv')!);
    const inputs = {
      rules,
      list,
      root: await rootOf(app, slug),
      values: new Map([['hall', DIGITS]]),
      strikes: [],
    };
    return draw(inputs, chance);
  };
  it('keeps whoever is excluded when the list is frozen off it, also with codes that nobody voided', async () => {
    const promotion = await makePromotion(app, 12, 2);
    const number = `024${String(promotion.id).padStart(4, '0')}00003`;
    const [list] = await app.db.query<{ id: number }[]>(
      `insert into exclusion_list (promotion_id, kind, title, added_at) values ($1, 'staff', 'Cán bộ', now()) returning id`,
      [promotion.id],
    );
    await app.db.query('insert into exclusion (exclusion_list_id, fingerprint) values ($1, $2)', [
      list!.id,
      app.get(Vault).fingerprint(`cccd:${number}`),
    ]);
    const slug = await bringTo(app, people, promotion, 'frozen');
    const [frozen] = await app.db.query<{ size: number; listed: number; barred: number }[]>(
      `select size, (completeness -> 'total' ->> 'listed')::int as listed, (completeness -> 'total' ->> 'barred')::int as barred
       from frozen_list f join draw d on d.id = f.draw_id where d.slug = $1`,
      [slug],
    );
    expect(frozen).toEqual({ size: 10, listed: 10, barred: 2 });
  });

  it('an organiser alone gets no further than the freeze, and cannot certify alone', async () => {
    const frozen = await drawAt('frozen');
    const { organiser, colleague } = people;
    await forbidden(app.get(Witnesses).cosign(frozen, organiser, SIGNATURE, await rootOf(app, frozen)));
    expect(
      await refused(
        app.get(Sources).record({ slug: frozen, source: 'hall', value: DIGITS }, organiser, SIGNATURE),
      ),
    ).toEqual(['not-witnessed']);
    const drawn = await drawAt('drawn');
    expect(await refused(app.get(Closing).certify({ slug: drawn }, organiser, SIGNATURE, 'x'))).toEqual([
      'not-recomputed',
    ]);
    await app.get(Closing).recompute({ slug: drawn }, organiser, SIGNATURE);
    const hash = await resultHashOf(app, drawn);
    await app.get(Closing).certify({ slug: drawn }, organiser, SIGNATURE, hash);
    expect(await refused(app.get(Closing).certify({ slug: drawn }, colleague, SIGNATURE, hash))).toEqual([
      'organisation-certified',
    ]);
    expect(await refused(app.get(Closing).certify({ slug: drawn }, organiser, SIGNATURE, hash))).toEqual([
      'officer-certified',
      'organisation-certified',
    ]);
    expect(await refused(app.get(Closing).publish({ slug: drawn }, organiser, SIGNATURE))).toEqual([
      'not-certified',
    ]);
    await judged(drawn);
  });

  it('an organisation whose officer froze the list does not witness it under another role', async () => {
    const slug = await drawAt('frozen');
    const own = await makeOfficers(app);
    await app.db.query('update officer set organisation_id = $2 where id = $1', [
      own.witness.id,
      people.organiser.organisationId,
    ]);
    const moved = { ...own.witness, organisationId: people.organiser.organisationId };
    expect(await refused(app.get(Witnesses).cosign(slug, moved, SIGNATURE, await rootOf(app, slug)))).toEqual(
      ['own-organisation'],
    );
  });

  it('a partner alone can neither freeze, draw nor publish', async () => {
    await forbidden(app.get(Freezing).freeze(await drawAt('objections-open'), people.partner, SIGNATURE));
    await forbidden(app.get(Drawing).draw(await drawAt('sources-complete'), people.partner, SIGNATURE));
    const certified = await drawAt('certified');
    await forbidden(app.get(Closing).publish({ slug: certified }, people.partner, SIGNATURE));
    await judged(certified);
  });

  it('an administrator has no act at all, and the tables refuse to be rewritten', async () => {
    const slug = await drawAt('drawn');
    const { id, ...rest } = people.auditor;
    await app.db.query(`update role_grant set role = 'administrator' where officer_id = $1`, [id]);
    await forbidden(app.get(Closing).recompute({ slug }, { id, ...rest }, SIGNATURE));
    await app.db.query(`update role_grant set role = 'auditor' where officer_id = $1`, [id]);
    const key = `(select id from draw where slug = '${slug}')`;
    for (const sql of [
      `update draw_document set body = '{}' where draw_id = ${key}`,
      `delete from draw_act where draw_id = ${key}`,
      `update prize set value = 1 where draw_id = ${key}`,
      `update draw set draws_at = now() where id = ${key}`,
      `insert into prize (draw_id, code, ordinal, name_vi, name_en, quantity, value) values (${key}, 'x', 99, 'x', 'x', 1, 1)`,
      `update winner set code = '00001' where draw_id = ${key}`,
      `delete from source_value where draw_id = ${key}`,
      `truncate certification`,
      `insert into draw_act (draw_id, state, at) values (${key}, 'published', now())`,
    ])
      await expect(app.db.query(sql)).rejects.toThrow(/append-only|refused|published/);
    await judged(slug);
  });

  it('a witness who cosigned another list is refused', async () => {
    const slug = await drawAt('frozen');
    expect(await refused(app.get(Witnesses).cosign(slug, people.witness, SIGNATURE, 'f'.repeat(64)))).toEqual(
      ['other-list'],
    );
    const other = await drawAt('frozen');
    const signer = new Signer('thanh-tra.example', randomBytes(32));
    const key = { name: signer.name, type: KEY_TYPE.cosignature, publicKey: signer.publicKey };
    const [row] = await app.db.query<{ body: string }[]>(
      'select body from frozen_list f join draw d on d.id = f.draw_id where d.slug = $1',
      [other],
    );
    const at = Math.floor(Date.parse('2023-05-31T02:00:00Z') / 1000);
    const line = noteText({
      body: '\n',
      signatures: [cosignature(key, at, signer.sign(cosignedMessage(row!.body, at)))],
    }).trim();
    const given = { key: keyText(key), line };
    expect(await refused(app.get(Witnesses).upload(slug, people.witness, SIGNATURE, given))).toEqual([
      'not-this-checkpoint',
    ]);
    expect(await app.get(Witnesses).upload(other, people.witness, SIGNATURE, given)).toBe(true);
    expect(await refused(app.get(Witnesses).upload(other, people.partner, SIGNATURE, given))).toEqual([
      'key-of-others',
    ]);
    const root = await rootOf(app, slug);
    for (const officer of [people.witness, people.partner])
      await app.get(Witnesses).cosign(slug, officer, SIGNATURE, root);
    await completed(slug);
    await judged(slug);
    const files = await app.get(Bundles).files(slug, true);
    files.delete('files.txt');
    const [, ...lines] = files.get('checkpoint.txt')!.toString().split('\n— ');
    const kept = files.get('checkpoint.txt')!.toString().replace(`\n— ${lines[1]!.trimEnd()}`, `\n${line}`);
    const spliced = new Map([...files, ['checkpoint.txt', Buffer.from(kept)]]);
    const { findings } = await verifyFiles(bundleFiles(spliced));
    expect(findings.map(({ code }) => code)).toEqual(['witnesses-missing']);
  });

  it('a stale tab and a replayed form change nothing', async () => {
    const slug = await drawAt('planned');
    const [, period] = slug.split('/');
    const room = `/office/draws/${slug.split('/')[0]}/${period}`;
    const stale = { draw: slug, password: PASSWORD, seen: '0'.repeat(64) };
    await people.organiser.form(`${room}/rules`, stale).expect(422);
    expect(await statesOf(app, slug)).toEqual([]);
    const fresh = { draw: slug, password: PASSWORD };
    await people.organiser.form(`${room}/rules`, fresh).expect(303);
    await people.organiser.form(`${room}/rules`, fresh).expect(303);
    expect(await journalled(slug, 'draw.publish-rules')).toBe(1);
    await people.organiser.form(`${room}/rules`, { ...fresh, password: 'sai mật khẩu rồi' }).expect(422);
    await people.organiser.form(`${room}/rules`, { ...fresh, _csrf: 'forged' }).expect(403);
    expect(await statesOf(app, slug)).toEqual(['rules-published']);
  });

  it('an officer whose right was revoked a second ago is refused', async () => {
    const slug = await drawAt('sources-complete');
    const { colleague } = people;
    await app.db.query(
      'update role_grant set revoked_at = now(), revoked_by = officer_id where officer_id = $1',
      [colleague.id],
    );
    await forbidden(app.get(Drawing).draw(slug, colleague, SIGNATURE));
    const room = `/office/draws/${slug.split('/')[0]}/ky-1`;
    await colleague.form(`${room}/draw`, { draw: slug, password: PASSWORD }).expect(403);
    await app.db.query('update role_grant set revoked_at = null, revoked_by = null where officer_id = $1', [
      colleague.id,
    ]);
    expect(await statesOf(app, slug)).not.toContain('drawn');
    await app.get(Drawing).draw(slug, people.organiser, SIGNATURE);
    await judged(slug);
  });

  it('a beacon round chosen in the past is refused at the rules, at the freeze and for late witnesses', async () => {
    const beacon = { id: 'beacon', kind: 'drand', chain: QUICKNET, round: 1000 } as const;
    app.clock.set('2023-09-01T00:00:00Z');
    const promotion = await makePromotion(app, 6);
    const slug = await planDraw(app, promotion, people.organiser, { sources: [beacon], objectionDays: 0 });
    expect(await refused(app.get(Planning).publishRules(slug, people.organiser, SIGNATURE))).toEqual([
      'beacon-too-early',
    ]);
    app.clock.set('2023-08-23T15:00:00Z');
    await app.get(Planning).publishRules(slug, people.organiser, SIGNATURE);
    await app.get(Objections).open(slug, people.organiser, SIGNATURE);
    app.clock.set('2023-08-23T15:55:00Z');
    expect(await refused(app.get(Freezing).freeze(slug, people.organiser, SIGNATURE))).toEqual([
      'beacon-too-early',
    ]);
    app.clock.set('2023-08-23T15:10:00Z');
    await app.get(Freezing).freeze(slug, people.organiser, SIGNATURE);
    const root = await rootOf(app, slug);
    app.clock.set('2023-08-23T15:20:00Z');
    await app.get(Witnesses).cosign(slug, people.partner, SIGNATURE, root);
    app.clock.set('2023-08-23T15:56:00Z');
    expect(await refused(app.get(Witnesses).cosign(slug, people.witness, SIGNATURE, root))).toEqual([
      'beacon-passed',
    ]);
    app.clock.set('2023-08-23T15:30:00Z');
    await app.get(Witnesses).cosign(slug, people.witness, SIGNATURE, root);
    await app
      .get(Strikes)
      .propose(slug, people.organiser, SIGNATURE, { code: '00002', reason: 'chưa ai đồng ý' });
    app.clock.set('2023-08-23T16:00:00Z');
    const record = (value: string) =>
      app.get(Sources).record({ slug, source: 'beacon', value }, people.organiser, SIGNATURE);
    const decide = (decision: 'confirmed' | 'rejected') =>
      app.get(Strikes).decide(slug, people.partner, SIGNATURE, { code: '00002', decision });
    expect(await refused(record(ROUNDS[1000]))).toEqual(['strikes-undecided']);
    expect(await refused(decide('confirmed'))).toEqual(['beacon-spoke']);
    await decide('rejected');
    expect(await refused(record(ROUNDS[1001]))).toEqual(['beacon-invalid']);
    expect(
      await refused(
        app.get(Strikes).propose(slug, people.organiser, SIGNATURE, { code: '00001', reason: 'quá muộn' }),
      ),
    ).toEqual(['beacon-spoke']);
    expect(await record(ROUNDS[1000])).toBe('recorded');
    await app.get(Drawing).draw(slug, people.organiser, SIGNATURE);
    await judged(slug);
  });

  it('takes dice that match, typed alike by two officers; says so when they differ', async () => {
    const slug = await drawAt('witnessed');
    const { organiser, colleague } = people;
    const type = (officer: Officer, value: string) =>
      app.get(Sources).record({ slug, source: 'hall', value }, officer, SIGNATURE);
    expect(await refused(type(organiser, '1234'))).toEqual(['pattern']);
    expect(await refused(type(organiser, `${DIGITS}x`))).toEqual(['pattern']);
    expect(await type(organiser, DIGITS)).toBe('first');
    expect(await refused(type(organiser, DIGITS))).toEqual(['second-officer']);
    expect(await type(colleague, DIGITS.replace('3', '4'))).toBe('mismatch');
    expect(await type(colleague, DIGITS)).toBe('first');
    expect(await type(organiser, DIGITS)).toBe('recorded');
    await app.get(Drawing).draw(slug, organiser, SIGNATURE);
    await judged(slug);
  });

  it('opens a sealed secret only when it fits the seal, and never draws with one missing', async () => {
    const promotion = await makePromotion(app, 6);
    const secret = randomBytes(32);
    const name = `${promotion.slug}/ky-1`;
    const sealed = {
      id: 'bank',
      kind: 'commitment',
      commitment: commitmentOf(name, 'bank', secret),
    } as const;
    const slug = await bringTo(app, people, promotion, 'witnessed', { sources: [DICE, sealed] });
    const open = (value: string) =>
      app.get(Sources).record({ slug, source: 'bank', value }, people.partner, SIGNATURE);
    expect(await refused(open(randomBytes(32).toString('hex')))).toEqual(['other-secret']);
    await app.get(Sources).record({ slug, source: 'hall', value: DIGITS }, people.organiser, SIGNATURE);
    await app.get(Sources).record({ slug, source: 'hall', value: DIGITS }, people.partner, SIGNATURE);
    expect(await refused(app.get(Drawing).draw(slug, people.organiser, SIGNATURE))).toEqual([
      'not-sources-complete',
    ]);
    await open(secret.toString('hex'));
    await app.get(Drawing).draw(slug, people.organiser, SIGNATURE);
    await judged(slug);
  });

  it('passes over a winner who was struck, by two organisations and in time, and moves nobody else', async () => {
    const promotion = await makePromotion(app, 12);
    const slug = await bringTo(app, people, promotion, 'witnessed');
    const { organiser, colleague, partner } = people;
    const unstruck = await resultWithout(slug);
    const code = unstruck.winners[2]!.code;
    const strike = { code, reason: 'Cán bộ của đơn vị tổ chức' };
    await app.get(Strikes).propose(slug, organiser, SIGNATURE, strike);
    expect(
      await refused(app.get(Sources).record({ slug, source: 'hall', value: DIGITS }, organiser, SIGNATURE)),
    ).toEqual(['strikes-undecided']);
    const decide = (officer: Officer) =>
      app.get(Strikes).decide(slug, officer, SIGNATURE, { code, decision: 'confirmed' });
    expect(await refused(decide(colleague))).toEqual(['two-organisations']);
    await decide(partner);
    app.clock.set('2023-06-01T02:00:00Z');
    await completed(slug);
    const { results } = await judged(slug);
    const { seed, winners, skipped } = results[0]!;
    expect(seed).toBe(unstruck.seed);
    expect(winners.map((winner) => winner.code)).not.toContain(code);
    expect(skipped).toContainEqual({ position: unstruck.winners[2]!.position, code, reason: 'struck' });
    const places = new Map(winners.map((winner) => [winner.code, winner.position]));
    const others = unstruck.winners.filter((winner) => winner.code !== code);
    expect(others.map((winner) => places.get(winner.code))).toEqual(others.map(({ position }) => position));
  });

  it('ends with nobody when the last entry is struck', async () => {
    const slug = await drawAt('witnessed', {}, 1, 1);
    await app
      .get(Strikes)
      .propose(slug, people.organiser, SIGNATURE, { code: '00001', reason: 'không đủ điều kiện' });
    await app.get(Strikes).decide(slug, people.partner, SIGNATURE, { code: '00001', decision: 'confirmed' });
    app.clock.set('2023-06-01T02:00:00Z');
    await completed(slug);
    const { results } = await judged(slug);
    expect(results[0]!.winners).toEqual([]);
    expect(results[0]!.skipped).toEqual([{ position: 1, code: '00001', reason: 'struck' }]);
  });

  it('leaves places undrawn when there are more prizes than entries', async () => {
    const slug = await drawAt('witnessed', {}, 3, 1);
    await completed(slug);
    const { results } = await judged(slug);
    expect(results[0]!.winners).toHaveLength(3);
  });

  it('draws a prize of quantity 10.000, with both methods', async () => {
    for (const method of ['ticket', 'seedrandom'] as const) {
      const prizes = [{ ...PRIZES[0]!, quantity: 10_000 }];
      const slug = await drawAt('witnessed', { prizes, method, winsPerHolder: null }, 10_100, 5);
      await completed(slug);
      const { results } = await judged(slug);
      expect(results[0]!.winners).toHaveLength(10_000);
    }
  });

  it('does one act once, however many click on however many instances', async () => {
    const slug = await drawAt('sources-complete');
    const second = await startApp({ databaseUrl: app.databaseUrl, dataDir: app.dataDir });
    second.clock.set('2023-06-01T02:00:00Z');
    const clicks = Array.from({ length: 8 }, (_, at) =>
      (at % 2 ? app : second)
        .get(Drawing)
        .draw(slug, at % 4 < 2 ? people.organiser : people.colleague, SIGNATURE),
    );
    const done = await Promise.all(clicks);
    await second.close();
    expect(done.filter(Boolean)).toHaveLength(1);
    expect(await journalled(slug, 'draw.draw')).toBe(1);
    const [row] = await app.db.query<{ n: number }[]>(
      'select count(*)::int as n from winner w join draw d on d.id = w.draw_id where d.slug = $1',
      [slug],
    );
    expect(row!.n).toBe(6);
    await judged(slug);
  });

  it('becomes void in public, with the agreement of another organisation, and is followed by a draw of another name', async () => {
    const promotion = await makePromotion(app, 6);
    const slug = await bringTo(app, people, promotion, 'drawn');
    const { organiser, colleague, partner } = people;
    const reason = 'Hội trường mất điện';
    await app.get(Closing).void(slug, organiser, SIGNATURE, reason);
    await app.get(Closing).void(slug, colleague, SIGNATURE, reason);
    expect(await statesOf(app, slug)).not.toContain('void');
    await app.get(Closing).void(slug, partner, SIGNATURE, 'đồng ý hủy');
    expect(await statesOf(app, slug)).toContain('void');
    expect(await refused(app.get(Closing).publish({ slug }, organiser, SIGNATURE))).toEqual(['is-void']);
    expect((await app.get(Bundles).files(slug)).has('result.json')).toBe(true);
    const next = await planDraw(app, promotion, organiser);
    expect(next).toBe(`${promotion.slug}/ky-1/2`);
    const page = await app.visitor().get(`/draws/${promotion.slug}/ky-1?number=1&lang=en`).expect(200);
    expect(page.text).toContain(reason);
  });

  it('loses its connection at every write of every act and is each time in a state of the table; no source comes before the freeze', async () => {
    const promotion = await makePromotion(app, 30, 3);
    const slug = await bringTo(app, people, promotion, 'planned', { objectionDays: 0 });
    let kills = 0;
    const early = () =>
      app.get(Sources).record({ slug, source: 'hall', value: DIGITS }, people.witness, SIGNATURE);
    for (const [step, acts] of stepsOf(app, people, slug)) {
      if (['rules-published', 'objections-open', 'frozen'].includes(step))
        expect(await refused(early())).toEqual(['not-witnessed']);
      for (const act of acts) {
        const before = { states: await statesOf(app, slug), rows: await rowsOf(app) };
        for (let write = 1; ; write++) {
          const done = await dying(app, write, act);
          if (done) break;
          kills++;
          expect({ states: await statesOf(app, slug), rows: await rowsOf(app) }).toEqual(before);
        }
      }
      expect((await statesOf(app, slug)).at(-1)).toBe(step);
    }
    expect(kills).toBeGreaterThan(40);
    await judged(slug);
  });
});

type Acts = [Step, (() => Promise<unknown>)[]];

/** Every act from the plan to the publication, as `bringTo` does them, each to be tried again and again. */
function stepsOf(app: TestApp, { organiser, partner, witness }: Officers, slug: string): Acts[] {
  const at = (moment: string, act: () => Promise<unknown>) => () => {
    app.clock.set(moment);
    return act();
  };
  const cosign = (officer: Officer) => async () =>
    app.get(Witnesses).cosign(slug, officer, SIGNATURE, await rootOf(app, slug));
  const type = (officer: Officer) => () =>
    app.get(Sources).record({ slug, source: 'hall', value: DIGITS }, officer, SIGNATURE);
  const certify = (officer: Officer) => async () =>
    app.get(Closing).certify({ slug }, officer, SIGNATURE, await resultHashOf(app, slug));
  return [
    ['rules-published', [() => app.get(Planning).publishRules(slug, organiser, SIGNATURE)]],
    ['objections-open', [() => app.get(Objections).open(slug, organiser, SIGNATURE)]],
    ['frozen', [at('2023-05-31T02:00:00Z', () => app.get(Freezing).freeze(slug, organiser, SIGNATURE))]],
    ['witnessed', [at('2023-05-31T03:00:00Z', cosign(partner)), cosign(witness)]],
    ['sources-complete', [at('2023-06-01T02:00:00Z', type(organiser)), type(witness)]],
    ['drawn', [() => app.get(Drawing).draw(slug, organiser, SIGNATURE)]],
    [
      'certified',
      [
        () => app.get(Closing).recompute({ slug }, organiser, SIGNATURE),
        certify(partner),
        certify(organiser),
      ],
    ],
    ['published', [() => app.get(Closing).publish({ slug }, organiser, SIGNATURE)]],
  ];
}

/** Does the act, but the database drops its connection before the n-th write of it, or before the commit. @returns whether it was done. */
async function dying(app: TestApp, write: number, act: () => Promise<unknown>): Promise<boolean> {
  const { db } = app;
  const transaction = db.transaction.bind(db) as (
    work: (tx: EntityManager) => Promise<unknown>,
  ) => Promise<unknown>;
  let writes = 0;
  const mortal = (work: (tx: EntityManager) => Promise<unknown>) =>
    transaction(async (tx) => {
      const query = tx.query.bind(tx);
      const perhaps = async () => {
        if (++writes !== write) return;
        const [{ pid }] = (await query('select pg_backend_pid() as pid')) as [{ pid: number }];
        await db.query('select pg_terminate_backend($1, 5000)', [pid]);
      };
      tx.query = (async (sql: string, values?: unknown[]) => {
        if (/\b(insert|update|delete|add_job|pg_notify)\b/i.test(sql)) await perhaps();
        return query(sql, values);
      }) as typeof tx.query;
      const result = await work(tx);
      await perhaps();
      return result;
    });
  db.transaction = ((...words: unknown[]) =>
    words.length === 1
      ? mortal(words[0] as never)
      : (transaction as (...all: unknown[]) => unknown)(...words)) as never;
  try {
    await act();
  } catch (fault) {
    if (writes < write) throw fault;
  } finally {
    delete (db as Partial<typeof db>).transaction;
  }
  return writes < write;
}

/** How many rows there are of everything that an act on a draw writes. */
async function rowsOf(app: TestApp): Promise<Record<string, number>> {
  const tables = [
    'draw_act',
    'draw_document',
    'draw_secret',
    'frozen_list',
    'frozen_part',
    'list_closing',
    'witness_key',
    'cosignature',
  ];
  tables.push('source_reading', 'source_value', 'winner', 'recomputation', 'certification', 'journal_entry');
  const [row] = await app.db.query<Record<string, number>[]>(
    `select ${tables.map((table) => `(select count(*)::int from ${table}) as ${table}`).join(', ')}`,
  );
  return row!;
}
