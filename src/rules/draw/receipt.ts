import { textHash } from './digest.js';
import { isHex64 } from './entries.js';

/** What a holder is given when a code is issued, protocol §10. */
export interface Receipt {
  readonly campaign: string;
  readonly period: string;
  readonly code: string;
  /** ISO 8601, UTC. */
  readonly issuedAt: string;
  /** 64 hex digits: hash of the payment's reference, so that the receipt names the payment to those who know it. */
  readonly paymentHash: string;
}

/** The body of the receipt's signed note. Throws RangeError for a line break in a value or a malformed hash. */
export function receiptBody({ campaign, period, code, issuedAt, paymentHash: hash }: Receipt): string {
  const lines = [campaign, period, code, issuedAt];
  if (lines.some((line) => line === '' || /\s/.test(line)) || !isHex64(hash))
    throw new RangeError('a receipt: wanted values without spaces and a hash of 64 hex digits');
  return [
    'thidua receipt/1',
    `campaign ${campaign}`,
    `period ${period}`,
    `code ${code}`,
    `issued ${issuedAt}`,
    `payment ${hash}`,
    '',
  ].join('\n');
}

/** Shape only: the receipt, or undefined. */
export function parseReceipt(body: string): Receipt | undefined {
  const match =
    /^thidua receipt\/1\ncampaign (\S+)\nperiod (\S+)\ncode ([0-9A-Z]{1,32})\nissued (\S+)\npayment ([0-9a-f]{64})\n$/.exec(
      body,
    );
  if (!match) return undefined;
  const [, campaign, period, code, issuedAt, hash] = match as unknown as string[];
  return { campaign: campaign!, period: period!, code: code!, issuedAt: issuedAt!, paymentHash: hash! };
}

/** The payment's reference as it stands in a receipt. */
export const paymentHash = (reference: string): string => textHash(reference.normalize('NFC'));
