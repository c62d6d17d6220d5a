import type { Field } from './profile.js';

/** What can be wrong with one row. The words for each stand in the catalogue, with an example of right. */
export type FindingCode =
  | 'missing'
  | 'too-long'
  | 'characters'
  | 'not-utf8'
  | 'legacy-letters'
  | 'quotes'
  | 'columns'
  | 'national-id'
  | 'tax-code'
  | 'phone'
  | 'payer-missing'
  | 'amount'
  | 'amount-zero'
  | 'amount-negative'
  | 'moment'
  | 'moment-serial'
  | 'moment-future'
  | 'status'
  | 'reverses-itself'
  | 'conflict'
  | 'formula';

export interface Finding {
  readonly column: Field | 'row';
  readonly code: FindingCode;
  readonly got: string;
}
