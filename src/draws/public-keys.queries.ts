import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { KEY_TYPE, keyText } from '../rules/merkle/note.js';
import { Signer } from '../platform/crypto/ed25519.js';
import { noteKey } from './witness.service.js';

/** Public keys in C2SP form, `name+id+base64`. */
export interface PublicKeys {
  readonly operator: { readonly name: string; readonly text: string };
  /** Keys under which this operator closed lists before the present one. */
  readonly earlier: readonly string[];
  readonly witnesses: readonly WitnessKey[];
}

interface WitnessKey {
  readonly name: string;
  readonly text: string;
  readonly organisation: string;
  readonly registeredAt: Date;
  readonly withdrawnAt: Date | null;
}

/** Every public key that somebody needs to check what this installation published. */
@Injectable()
export class PublicKeysQueries {
  constructor(
    private readonly db: DataSource,
    private readonly signer: Signer,
  ) {}

  async all(): Promise<PublicKeys> {
    const { name, publicKey } = this.signer;
    const text = keyText({ name, type: KEY_TYPE.signature, publicKey });
    const earlier = await this.db.query<{ key: string }[]>(
      `select operator_key as key from frozen_list where operator_key <> $1 group by operator_key order by max(at) desc`,
      [text],
    );
    const witnesses = await this.db.query<(Omit<WitnessKey, 'text'> & { publicKey: Buffer })[]>(
      `select k.name, k.public_key as "publicKey", g.name as organisation, k.registered_at as "registeredAt",
              k.withdrawn_at as "withdrawnAt"
       from witness_key k join organisation g on g.id = k.organisation_id order by g.name, k.id`,
    );
    return {
      operator: { name, text },
      earlier: earlier.map(({ key }) => key),
      witnesses: witnesses.map((row) => ({ ...row, text: keyText(noteKey(row)) })),
    };
  }
}
