import { Injectable } from '@nestjs/common';
import { paymentHash, receiptBody } from '../rules/draw/receipt.js';
import { KEY_TYPE, keyId, keyText, type NoteKey, noteText, signedMessage } from '../rules/merkle/note.js';
import { Signer } from '../platform/crypto/ed25519.js';
import type { OwnPayment } from './lookup.queries.js';

/** Receipts for codes: notes that the operator signs, to be kept by the holder against the operator. */
@Injectable()
export class Receipts {
  private readonly key: NoteKey;

  constructor(private readonly signer: Signer) {
    this.key = { name: signer.name, type: KEY_TYPE.signature, publicKey: signer.publicKey };
  }

  /** The public key as it is published, to check a receipt with. */
  get publicKey(): string {
    return keyText(this.key);
  }

  receipt(campaign: string, { reference }: OwnPayment, code: OwnPayment['codes'][number]): string {
    const body = receiptBody({
      campaign,
      period: code.period,
      code: code.code,
      issuedAt: new Date(code.issuedAt).toISOString(),
      paymentHash: paymentHash(reference),
    });
    const blob = this.signer.sign(signedMessage(body));
    return noteText({ body, signatures: [{ name: this.key.name, keyId: keyId(this.key), blob }] });
  }
}
