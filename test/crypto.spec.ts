import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from '../src/platform/config.js';
import { Signer, verifySignature } from '../src/platform/crypto/ed25519.js';
import { KeyedHash } from '../src/platform/crypto/keyed-hash.js';
import { loadKeys } from '../src/platform/crypto/keys.js';
import { Vault } from '../src/platform/crypto/vault.js';

const key = () => randomBytes(32);

describe('the vault', () => {
  const old = { id: 'k1', key: key() };
  const keys = { data: [old], fingerprint: key(), operator: key() };
  const vault = new Vault(keys);

  it('opens what it sealed, and never seals alike', () => {
    const text = 'Nguyễn Thị Ánh 024199000001';
    expect(vault.open(vault.seal(text))).toBe(text);
    expect(vault.seal(text).equals(vault.seal(text))).toBe(false);
  });

  it('refuses when any byte was changed', () => {
    const sealed = vault.seal('0912345678');
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      expect(() => vault.open(altered)).toThrow();
    }
  });

  it('opens with an old key what was sealed before a new one came, and seals with the new one', () => {
    const sealed = vault.seal('old');
    const rotated = new Vault({ ...keys, data: [{ id: 'k2', key: key() }, old] });
    expect(rotated.open(sealed)).toBe('old');
    expect(rotated.keyIdOf(rotated.seal('new'))).toBe('k2');
    const forgotten = new Vault({ ...keys, data: [{ id: 'k2', key: key() }] });
    expect(() => forgotten.open(sealed)).toThrow('sealed with the key "k1", which DATA_KEYS does not hold');
  });

  it('gives equal texts equal fingerprints under one key only', () => {
    expect(vault.fingerprint('x').equals(vault.fingerprint('x'))).toBe(true);
    expect(new Vault({ ...keys, fingerprint: key() }).fingerprint('x').equals(vault.fingerprint('x'))).toBe(
      false,
    );
  });
});

describe('keyed hashes of many texts', () => {
  const hex = (secret: Buffer, text: Buffer) => {
    const target = Buffer.alloc(40);
    new KeyedHash(secret).write(Buffer.concat([Buffer.alloc(3), text]), 3, 3 + text.length, target, 5);
    return target.toString('hex', 5, 37);
  };

  it('are those of RFC 4231, 4.2 to 4.4, 4.7 and 4.8', () => {
    const cases = [
      [
        Buffer.alloc(20, 0x0b),
        'Hi There',
        'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
      ],
      [
        Buffer.from('Jefe'),
        'what do ya want for nothing?',
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      ],
      [
        Buffer.alloc(20, 0xaa),
        Buffer.alloc(50, 0xdd),
        '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
      ],
      [
        Buffer.alloc(131, 0xaa),
        'Test Using Larger Than Block-Size Key - Hash Key First',
        '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
      ],
      [
        Buffer.alloc(131, 0xaa),
        'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
        '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
      ],
    ] as const;
    for (const [secret, text, digest] of cases) expect(hex(secret, Buffer.from(text))).toBe(digest);
  });

  it('agree with node:crypto for every length of text and key', () => {
    const bytes = randomBytes(200);
    for (let length = 0; length <= 200; length++)
      for (const secret of [bytes.subarray(0, 32), bytes.subarray(length)])
        expect(hex(secret, bytes.subarray(0, length))).toBe(
          createHmac('sha256', secret).update(bytes.subarray(0, length)).digest('hex'),
        );
  });
});

describe('the signer', () => {
  it('signs as RFC 8032, 7.1, TEST 2', () => {
    const hex = (text: string) => Buffer.from(text, 'hex');
    const signer = new Signer(
      'test',
      hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
    );
    expect(Buffer.from(signer.publicKey).toString('hex')).toBe(
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    );
    const signature = signer.sign(hex('72'));
    expect(Buffer.from(signature).toString('hex')).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(verifySignature(signer.publicKey, hex('72'), signature)).toBe(true);
    expect(verifySignature(signer.publicKey, hex('73'), signature)).toBe(false);
    expect(verifySignature(signer.publicKey, hex('72'), signature.subarray(1))).toBe(false);
    expect(verifySignature(new Uint8Array(31), hex('72'), signature)).toBe(false);
  });
});

describe('keys', () => {
  it('are made once, also when three instances start at the same moment, and readable by their owner only', async () => {
    const DATA_DIR = mkdtempSync(join(tmpdir(), 'thidua-keys-'));
    const config = readConfig({ DATA_DIR });
    const three = await Promise.all([loadKeys(config), loadKeys(config), loadKeys(config)]);
    expect(new Set(three.map((keys) => keys.operator.toString('hex'))).size).toBe(1);
    expect(statSync(join(DATA_DIR, 'keys/operator')).mode & 0o777).toBe(0o600);
    expect(three[0].data[0]?.key).toHaveLength(32);
  });

  it('come from the environment when it holds them', async () => {
    const OPERATOR_KEY = key().toString('base64');
    const DATA_KEYS = `k2:${key().toString('base64')},k1:${key().toString('base64')}`;
    const keys = await loadKeys(
      readConfig({ OPERATOR_KEY, DATA_KEYS, DATA_DIR: mkdtempSync(join(tmpdir(), 'k-')) }),
    );
    expect(keys.operator.toString('base64')).toBe(OPERATOR_KEY);
    expect(keys.data.map(({ id }) => id)).toEqual(['k2', 'k1']);
  });
});

describe('settings', () => {
  it('take an empty variable as one that is not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ PORT: 3000 });
  });

  it.each([
    ['PORT', '0'],
    ['PORT', '3000.5'],
    ['PUBLIC_URL', 'thidua.example.vn'],
    ['PUBLIC_URL', 'https://thidua.example.vn/path'],
    ['DATA_KEYS', 'k1:short'],
    ['LOG_LEVEL', 'loud'],
    ['TRUST_PROXY', 'yes'],
    ['DRAND_RELAYS', 'ftp://relay'],
    ['ADMIN_PASSWORD', 'short'],
  ])('refuse %s=%s by name', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(`${name}: expected`);
  });
});
