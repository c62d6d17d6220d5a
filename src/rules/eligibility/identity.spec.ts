import { holderIdentity, isNationalId, isTaxCode, phoneNumber, taxCode } from './identity.js';

describe('a tax code', () => {
  it.each(['0100112437', '0100233488', '0100109106', '0311638525', '0314409058-002', '0314409058002'])(
    'takes %s',
    (code) => expect(isTaxCode(code)).toBe(true),
  );

  it.each(['0100233480', '0314409058-000', '0100000000', '010011243', '01001124370', '', '01001I2437'])(
    'refuses %s',
    (code) => expect(isTaxCode(code)).toBe(false),
  );

  it('has no valid check digit on a stem whose sum divides by eleven', () => {
    for (let digit = 0; digit <= 9; digit++) expect(isTaxCode(`200000005${digit}`)).toBe(false);
  });

  it('is written with its dash', () => {
    expect(taxCode('0314409058002')).toBe('0314409058-002');
    expect(taxCode('0100112437')).toBe('0100112437');
  });
});

describe('a phone number', () => {
  it.each([
    '0912345678',
    '+84912345678',
    '84912345678',
    '0084912345678',
    '091 234 5678',
    '0912.345.678',
    '(091) 234-5678',
  ])('is one number however it is spelled: %s', (text) => expect(phoneNumber(text)).toBe('+84912345678'));

  it.each(['12ab', '091234567', '09123456789', '0112345678', ''])('refuses %s', (text) =>
    expect(phoneNumber(text)).toBeNull(),
  );

  it('takes a landline', () => expect(phoneNumber('0204 385 4321')).toBe('+842043854321'));
});

describe('a holder', () => {
  it('is the personal number first, then the tax code, then the phone', () => {
    expect(isNationalId('024091012345')).toBe(true);
    expect(isNationalId('02409101234')).toBe(false);
    expect(holderIdentity({ nationalId: '024091012345', phone: '+84912345678' })).toBe('cccd:024091012345');
    expect(holderIdentity({ taxCode: '0314409058002' })).toBe('mst:0314409058-002');
    expect(holderIdentity({ taxCode: '024091012345' })).toBe('cccd:024091012345');
    expect(holderIdentity({ phone: '+84912345678' })).toBe('phone:+84912345678');
    expect(holderIdentity({})).toBeNull();
  });
});
