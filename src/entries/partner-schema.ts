import { FIELDS } from '../payments/reading/profile.js';

const ROW = {
  source_ref: 'PAY-20220915-0001',
  dossier_code: 'H01.2-220915-0042',
  procedure_code: '1.000100',
  unit_code: '07201',
  national_id: '024091000001',
  full_name: 'Nguyễn Văn Thử',
  phone: '0912345678',
  amount: 50000,
  paid_at: '2022-09-15T10:00:00+07:00',
  channel: 'VNPAY',
  method: 'qr',
  status: 'settled',
};

export const PAYMENT_EXAMPLE = {
  payments: [
    ROW,
    {
      ...ROW,
      source_ref: 'REV-20220916-0001',
      paid_at: '2022-09-16T08:00:00+07:00',
      reverses: 'PAY-20220915-0001',
    },
  ],
};

/** A row of the interface has the columns of the portal feed. */
export const PAYMENTS_SCHEMA = {
  type: 'object',
  required: ['payments'],
  properties: {
    payments: {
      type: 'array',
      minItems: 1,
      maxItems: 10_000,
      items: {
        type: 'object',
        required: ['source_ref', 'amount', 'paid_at'],
        properties: Object.fromEntries(
          FIELDS.map((field) => [field, { type: field === 'amount' ? 'integer' : 'string' }]),
        ),
      },
    },
  },
};
