import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { digestText } from '../src/entries/digests.service.js';
import { ApiKeys } from '../src/payments/api-keys.service.js';
import { type TestApp, startApp } from './support/app.js';
import { batchOf, makePromotion, type MadePromotion, standing } from './support/promotion.js';
import { signIn } from './support/sign-in.js';

describe('the interface for partners', () => {
  let app: TestApp;
  let promotion: MadePromotion;
  let key: string;
  let webhookSecret: string;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2023-04-02T08:00:00+07:00');
    promotion = await makePromotion(app);
    const officer = await signIn(app, { organisation: 'bank' });
    const of = {
      promotionId: promotion.id,
      organisationId: officer.organisationId,
      source: 'portal',
      title: 'Máy chủ',
    };
    ({ key, webhookSecret } = await app.db.transaction((tx) => app.get(ApiKeys).make(tx, of, officer.id)));
  });
  afterAll(() => app.close());

  const row = (source_ref: string, more: object = {}) => ({
    source_ref,
    national_id: '024091000001',
    full_name: 'Nguyễn Văn Thử',
    amount: 50_000,
    paid_at: '2022-09-15T10:00:00+07:00',
    channel: 'VNPAY',
    ...more,
  });
  const path = () => `/api/v1/promotions/${promotion.slug}/payments`;
  const send = (payments: unknown, idempotency: string, bearer = key) =>
    app
      .visitor()
      .post(path())
      .set('authorization', `Bearer ${bearer}`)
      .set('idempotency-key', idempotency)
      .send({ payments });
  const ended = async (id: number) => {
    for (let wait = 0; wait < 300; wait++) {
      const batch = await batchOf(app, id);
      if (!['waiting', 'running'].includes(batch.state)) return batch;
      await new Promise((go) => setTimeout(go, 50));
    }
    throw new Error('the import did not end');
  };

  it('takes a batch once, however often it is sent', async () => {
    const first = (await send([row('A'), row('B'), row('C', { amount: 'x' })], 'monday').expect(202)).body;
    expect(await ended(first.batch)).toMatchObject({
      state: 'done',
      received: 3,
      eligible: 2,
      quarantined: 1,
    });
    expect(
      (await send([row('A'), row('B'), row('C', { amount: 'x' })], 'monday').expect(202)).body,
    ).toMatchObject({ batch: first.batch, again: true });
    await send([row('D')], 'monday').expect(409);
    const told = (await app.visitor().get(first.href).set('authorization', `Bearer ${key}`).expect(200)).body;
    expect(told).toMatchObject({
      state: 'done',
      received: 3,
      eligible: 2,
      refused: 0,
      quarantined: 1,
      duplicate: 0,
      entries: 2,
    });
    expect(await standing(app, promotion)).toEqual(['A 00001', 'B 00002']);
  });

  it('takes the same batch once when it is sent at the same moment', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => send([row('P1'), row('P2')], 'race')));
    const batches = new Set(answers.filter(({ status }) => status === 202).map(({ body }) => body.batch));
    expect(batches.size).toBe(1);
    expect(await ended([...batches][0]!)).toMatchObject({ received: 2, eligible: 2 });
  });

  it('refuses a wrong key, a missing Idempotency-Key and another shape in problem JSON', async () => {
    await send([row('X')], 'x', key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A')).expect(401);
    const other = await makePromotion(app);
    await app
      .visitor()
      .post(`/api/v1/promotions/${other.slug}/payments`)
      .set('authorization', `Bearer ${key}`)
      .set('idempotency-key', 'x')
      .send({ payments: [row('X')] })
      .expect(401);
    await app
      .visitor()
      .post(path())
      .set('authorization', `Bearer ${key}`)
      .send({ payments: [row('X')] })
      .expect(422);
    const answer = await send({}, 'y').expect(422);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body.findings[0].field).toBe('payments');
  });

  it('takes a webhook that is signed and fresh, and no other', async () => {
    const prefix = key.split('_')[1]!;
    const body = JSON.stringify({ payments: [row('W1')] });
    const stamp = String(Math.floor(Date.parse('2023-04-02T08:00:00+07:00') / 1000));
    const signature = (text: string, time = stamp) =>
      `sha256=${createHmac('sha256', webhookSecret).update(`${time}.${text}`).digest('hex')}`;
    const post = (given: string, time = stamp) =>
      app
        .visitor()
        .post(`/api/v1/promotions/${promotion.slug}/webhooks/${prefix}`)
        .set('content-type', 'application/json')
        .set('idempotency-key', 'hook-1')
        .set('x-timestamp', time)
        .set('x-signature', given)
        .send(body);
    await post(signature(body.replace('50000', '90000'))).expect(401);
    const old = String(Number(stamp) - 3600);
    await post(signature(body, old), old).expect(401);
    const taken = (await post(signature(body)).expect(202)).body;
    expect(await ended(taken.batch)).toMatchObject({ state: 'done', eligible: 1 });
  });

  it('takes a digest under the Ed25519 key of its source', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    await app.db.query(`update payment_source set digest_key = $1 where code = 'portal'`, [raw]);
    const word = { source: 'portal', day: '2022-09-15', count: 5, amount: 250_000, fileHash: '' };
    const post = (count: number) =>
      app
        .visitor()
        .post(`/api/v1/promotions/${promotion.slug}/digests`)
        .set('authorization', `Bearer ${key}`)
        .send({
          ...word,
          count,
          signature: sign(null, Buffer.from(digestText(word)), privateKey).toString('base64'),
        });
    await post(6).expect(422);
    await post(5).expect(201);
  });

  it('is described with an example', async () => {
    const { body } = await app.visitor().get('/api/openapi.json').expect(200);
    expect(
      body.paths['/api/v1/promotions/{slug}/payments'].post.requestBody.content['application/json'].examples
        .two.value.payments,
    ).toHaveLength(2);
  });

  it('refuses a revoked key', async () => {
    await app.db.query(
      `update api_key set revoked_at = now(), revoked_by = created_by where promotion_id = $1`,
      [promotion.id],
    );
    await send([row('Z')], 'z').expect(401);
  });
});
