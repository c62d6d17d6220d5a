import { Injectable } from '@nestjs/common';
import { InputError } from '../platform/http/input-error.js';
import { Lookups } from './lookups.service.js';
import type { Promotion } from './promotions.service.js';
import { Receipts } from './receipts.service.js';

/** The answer to "which codes do I have, and why has this payment none", with receipts. */
@Injectable()
export class OwnCodes {
  constructor(
    private readonly lookups: Lookups,
    private readonly receipts: Receipts,
  ) {}

  async find(promotion: Promotion, asked: { subject: string; digits: string }, address: string) {
    demandForm(asked);
    const payments = await this.lookups.find(promotion.id, asked.subject, asked.digits, address);
    if (!payments) return { asked: true, notFound: true };
    return {
      asked: true,
      publicKey: this.receipts.publicKey,
      standing: payments.flatMap(({ codes }) => codes).filter(({ voidedAt }) => voidedAt === null).length,
      payments: payments.map((payment) => ({
        ...payment,
        codes: payment.codes.map((code) => ({
          ...code,
          receipt: this.receipts.receipt(promotion.slug, payment, code),
        })),
      })),
    };
  }
}

function demandForm({ subject, digits }: { subject: string; digits: string }): void {
  const findings = [];
  if (subject.trim() === '' || subject.length > 64)
    findings.push({ field: 'subject', code: 'entries.findings.subject' });
  if (!/^\d{4}$/.test(digits)) findings.push({ field: 'digits', code: 'entries.findings.digits' });
  if (findings.length > 0) throw new InputError(findings);
}
