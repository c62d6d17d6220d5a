import { randomBytes } from 'node:crypto';
import { Bundles } from '../src/draws/bundle.service.js';
import { PublicKeysQueries } from '../src/draws/public-keys.queries.js';
import { Signer } from '../src/platform/crypto/ed25519.js';
import { parseKeys } from '../src/rules/draw/keys.js';
import { KEY_TYPE, keyText, parseKey } from '../src/rules/merkle/note.js';
import { startApp, type TestApp } from './support/app.js';
import { bringTo } from './support/ceremony.js';
import { makeOfficers, makePromotion } from './support/draw.js';

describe('the page of public keys', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const lines = async () => (await app.visitor().get('/keys.txt').expect(200)).text.trimEnd().split('\n');
  /** What a browser shows: the templates write `+` and `=` as entities. */
  const page = async (lang: string) =>
    (await app.visitor().get(`/keys?lang=${lang}`).expect(200)).text.replace(/&#x([0-9A-F]+);/gi, (_, hex) =>
      String.fromCharCode(Number.parseInt(hex as string, 16)),
    );

  it('gives the key of the operator before anybody witnessed, in both languages', async () => {
    const { name, publicKey } = app.get(Signer);
    const operator = keyText({ name, type: KEY_TYPE.signature, publicKey });
    expect(await lines()).toEqual([operator]);
    for (const [lang, words] of [
      ['vi', 'Chưa có nhân chứng nào ký'],
      ['en', 'No witness has signed yet'],
    ] as const) {
      expect(await page(lang)).toContain(operator);
      expect(await page(lang)).toContain(words);
    }
  });

  it('gives the keys that the bundle of a witnessed list carries, and not those withdrawn', async () => {
    const slug = await bringTo(app, await makeOfficers(app), await makePromotion(app), 'witnessed');
    const trust = parseKeys((await app.get(Bundles).files(slug)).get('keys.txt')!.toString())!;
    const carried = [...trust.operators, ...trust.witnesses].map((key) => keyText(key));
    expect(trust.witnesses).toHaveLength(2);
    expect((await lines()).sort()).toEqual([...carried].sort());
    const shown = await page('en');
    for (const key of carried) expect(shown).toContain(key);

    const gone = trust.witnesses[0]!;
    await app.db.query('update witness_key set withdrawn_at = registered_at where name = $1', [gone.name]);
    expect(await lines()).not.toContain(keyText(gone));
    expect(await page('en')).toMatch(/Withdrawn/);
  });

  it('goes on naming the key under which earlier lists were closed when the operator has a new one', async () => {
    const former = (await lines())[0]!;
    const renewed = new Signer('renewed.example', randomBytes(32));
    const { operator, earlier } = await new PublicKeysQueries(app.db, renewed).all();
    expect(parseKey(operator.text)).toEqual({
      name: 'renewed.example',
      type: KEY_TYPE.signature,
      publicKey: renewed.publicKey,
    });
    expect(earlier).toEqual([former]);
  });
});
