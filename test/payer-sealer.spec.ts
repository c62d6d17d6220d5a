import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { saltOf } from '../src/draws/freeze.service.js';
import { HolderMaker } from '../src/draws/holder-maker.js';
import { MARKS, isTidy, packPayer, PayerSealer, payerText } from '../src/entries/issue/payer-sealer.js';
import { identityOf, keyOf, payerKindOf } from '../src/payments/reading/payer-key.js';
import { GcmBatch } from '../src/platform/crypto/gcm-batch.js';
import { Vault } from '../src/platform/crypto/vault.js';
import { holderOf } from '../src/rules/draw/digest.js';

/**
 * AES-256 of the test cases of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B:
 * key, nonce, clear data, text, sealed text, tag.
 */
const KEY = 'feffe9928665731c6d6a8f9467308308'.repeat(2);
const TEXT =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255';
const SEALED =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad';
const VECTORS = [
  ['13', '0'.repeat(64), '0'.repeat(24), '', '', '', '530f8afbc74536b9a963b4f1c4cb738b'],
  [
    '14',
    '0'.repeat(64),
    '0'.repeat(24),
    '',
    '0'.repeat(32),
    'cea7403d4d606b6e074ec5d3baf39d18',
    'd0d1c8a799996bf0265b98b5d48ab919',
  ],
  ['15', KEY, 'cafebabefacedbaddecaf888', '', TEXT, SEALED, 'b094dac5d93471bdec1a502270e3cc6c'],
  [
    '16',
    KEY,
    'cafebabefacedbaddecaf888',
    'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    TEXT.slice(0, 120),
    SEALED.slice(0, 120),
    '76fc6ece0f4e1768cddf8853bb2d551b',
  ],
] as const;
const hex = (text: string) => Buffer.from(text, 'hex');

describe('many texts sealed at once', () => {
  it.each(VECTORS)(
    'agree with test case %s of the mode’s authors',
    (_, key, nonce, clear, text, sealed, tag) => {
      const memory = Buffer.concat([hex(nonce), hex(text), Buffer.alloc(16)]);
      new GcmBatch(createSecretKey(hex(key)), hex(clear)).seal({
        memory,
        starts: Uint32Array.of(12),
        lengths: Uint32Array.of(text.length / 2),
        count: 1,
      });
      expect(memory.toString('hex')).toBe(nonce + sealed + tag);
    },
  );

  it('agree with node:crypto one by one, for every length', () => {
    const key = randomBytes(32);
    const clear = Buffer.from('\x01\x02k1', 'latin1');
    const texts = Array.from({ length: 300 }, (_, length) => ({
      nonce: randomBytes(12),
      text: randomBytes(length),
    }));
    const memory = Buffer.concat(texts.flatMap(({ nonce, text }) => [nonce, text, Buffer.alloc(16)]));
    const lengths = Uint32Array.from(texts, ({ text }) => text.length);
    let at = 0;
    const starts = lengths.map((length) => (at += 28 + length) - length - 16);
    new GcmBatch(createSecretKey(key), clear).seal({ memory, starts, lengths, count: texts.length });
    const expected = texts.flatMap(({ nonce, text }) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(clear);
      return [nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()];
    });
    expect(memory.equals(Buffer.concat(expected))).toBe(true);
  });

  it('open again, and refuse when any byte was changed', () => {
    const gcm = new GcmBatch(createSecretKey(randomBytes(32)), Buffer.from('k1'));
    const texts = { starts: Uint32Array.of(12, 57), lengths: Uint32Array.of(17, 0), count: 2 };
    const clear = randomBytes(12 + 17 + 16 + 12 + 16);
    const sealed = Buffer.from(clear);
    gcm.seal({ memory: sealed, ...texts });
    const opened = Buffer.from(sealed);
    gcm.open({ memory: opened, ...texts });
    expect(opened.subarray(12, 29).equals(clear.subarray(12, 29))).toBe(true);
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered[at]! ^= 1;
      expect(() => gcm.open({ memory: altered, ...texts })).toThrow('altered');
    }
  });
});

describe('payers sealed by the thousand', () => {
  const keys = {
    data: [{ id: 'k1', key: randomBytes(32) }],
    fingerprint: randomBytes(32),
    operator: randomBytes(32),
  };
  const vault = new Vault(keys);
  const NAMES = [
    'Nguyễn Thị Ánh',
    'Nguyễn  Thị\u00a0Ánh',
    'Nguyễn Thị Ánh'.normalize('NFD'),
    'AN',
    'Ång\u212bström',
    '東京',
  ];
  const IDENTITIES = ['cccd:001091000001', 'mst:0100112437', 'mst:0100112437-001', 'phone:+84912345678'];

  it('stand as the vault would have sealed them, and match by its fingerprints', () => {
    const payers = Array.from({ length: 500 }, (_, index) => ({
      key: keyOf(IDENTITIES[index % IDENTITIES.length]!) + 4 * index,
      phone: index % 3 === 0 ? 0 : 912_345_678 + index,
      name: NAMES[index % NAMES.length]!,
    }));
    const packed = Buffer.alloc(100_000);
    let end = 0;
    for (const payer of payers) {
      const bytes = Buffer.from(payer.name);
      end = packPayer(packed, end, payer, { bytes, from: 0, to: bytes.length });
    }
    const { rows, marks } = new PayerSealer(keys, 12).make(packed.subarray(0, end), 1001);
    const read = rowsOf(Buffer.from(rows));
    expect(read).toHaveLength(payers.length);
    for (const [index, [promotion, id, kind, identity, phone, sealed]] of read.entries()) {
      const payer = payers[index]!;
      const number = payer.phone > 0 ? `+84${payer.phone}` : '';
      expect(promotion!.readInt32BE()).toBe(12);
      expect(id!.readBigInt64BE()).toBe(BigInt(1001 + index));
      expect(kind!.toString()).toBe(payerKindOf(payer.key));
      expect(identity).toEqual(vault.fingerprint(identityOf(payer.key)));
      expect(phone).toEqual(number === '' ? null : vault.fingerprint(`phone:${number}`));
      const name = payer.name.normalize('NFC').replace(/\s+/gu, ' ');
      expect(vault.open(sealed!)).toBe(payerText(identityOf(payer.key), name, number));
      expect(Buffer.from(marks.subarray(index * MARKS, index * MARKS + 32))).toEqual(identity);
    }
    expect(new PayerSealer(keys, 12).make(packed.subarray(0, end), null)).toEqual({
      rows: new Uint8Array(0),
      marks,
    });
  });

  it('take a name as it stands only when it stands in the kept form', () => {
    for (let point = 1; point < 0x2_0000; point++) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const name = `a${String.fromCodePoint(point)}b${String.fromCodePoint(point)}`;
      const bytes = Buffer.from(name);
      const kept = name.normalize('NFC').replace(/\s+/gu, ' ');
      if (isTidy(bytes, 0, bytes.length) && kept !== name) throw new Error(`U+${point.toString(16)}`);
    }
    const tidy = (name: string) => isTidy(Buffer.from(name), 0, Buffer.byteLength(name));
    expect(NAMES.map(tidy)).toEqual([true, false, false, true, false, false]);
  });
});

describe('stand-ins of people', () => {
  it('are those of the rules, whichever key sealed the person', () => {
    const key = (id: string) => ({ id, key: randomBytes(32) });
    const [old, made] = [key('k1'), key('k2')];
    const keys = { fingerprint: randomBytes(32), operator: randomBytes(32) };
    const both = new Vault({ ...keys, data: [made, old] });
    const vaults = [new Vault({ ...keys, data: [old] }), both];
    const secret = randomBytes(32);
    const people = Array.from({ length: 60 }, (_, payer) => `cccd:0240910${String(payer).padStart(5, '0')}`);
    const packed = people.flatMap((identity, payer) => {
      const sealed = vaults[payer % 2]!.seal(payerText(identity, 'Nguyễn Văn Thử', '+84912345678'));
      const head = Buffer.alloc(6);
      head.writeUInt32LE(payer + 1);
      head.writeUInt16LE(sealed.length, 4);
      return [head, sealed];
    });
    const records = Buffer.from(new HolderMaker(secret, both).make(Buffer.concat(packed)));
    for (const [payer, identity] of people.entries()) {
      const at = payer * 36;
      expect(records.readUInt32LE(at)).toBe(payer + 1);
      expect(records.toString('hex', at + 4, at + 36)).toBe(holderOf(saltOf(secret, payer + 1), identity));
    }
  });
});

/** Rows of binary COPY as their fields. */
function rowsOf(bytes: Buffer): (Buffer | null)[][] {
  const rows: (Buffer | null)[][] = [];
  for (let at = 0; at < bytes.length;) {
    const fields = bytes.readUInt16BE(at);
    at += 2;
    rows.push(
      Array.from({ length: fields }, () => {
        const length = bytes.readInt32BE(at);
        at += 4;
        if (length < 0) return null;
        at += length;
        return bytes.subarray(at - length, at);
      }),
    );
  }
  return rows;
}
