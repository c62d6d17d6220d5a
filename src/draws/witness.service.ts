import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  cosignature,
  cosignedMessage,
  KEY_TYPE,
  type NoteKey,
  noteText,
  parseKey,
  parseNote,
  validSignatures,
} from '../rules/merkle/note.js';
import type { Signature } from '../officers/officers.service.js';
import { Signer, verifySignature } from '../platform/crypto/ed25519.js';
import { Vault } from '../platform/crypto/vault.js';
import { frozenOf } from './frozen.queries.js';
import { type Acting, type Actor, Office, refuse } from './office.service.js';

interface KeyRow {
  id: number;
  name: string;
  publicKey: Buffer;
  sealed: Buffer | null;
}

/** Officers of other organisations put their signature under the checkpoint, here or with a key of their own. */
@Injectable()
export class Witnesses {
  constructor(
    private readonly office: Office,
    private readonly vault: Vault,
  ) {}

  /**
   * With the key that is kept here for this officer, made at the first time.
   * `root` is what the witness saw and compared: a page that shows another list signs nothing.
   */
  cosign(slug: string, officer: Actor, signature: Signature, root: string): Promise<boolean> {
    return this.office.act({ slug, act: 'cosign', officer, signature }, async (acting) => {
      const { tx, draw, now } = acting;
      const frozen = (await frozenOf(tx, draw.id))!;
      if (frozen.root !== root) refuse('other-list', frozen.root, root, 'root');
      const key = (await keptKey(tx, officer)) ?? (await this.makeKey(acting));
      const signer = new Signer(key.name, Buffer.from(this.vault.open(key.sealed!), 'base64'));
      const seconds = Math.floor(now.getTime() / 1000);
      const line = cosignature(noteKey(key), seconds, signer.sign(cosignedMessage(frozen.body, seconds)));
      return keep(acting, key.id, noteText({ body: '\n', signatures: [line] }).slice(2), now);
    });
  }

  /**
   * The line that the offline kit printed, with the key it belongs to.
   * @throws InputError unless the line is a cosignature of exactly this checkpoint by exactly this key.
   */
  upload(slug: string, officer: Actor, signature: Signature, given: { key: string; line: string }) {
    return this.office.act({ slug, act: 'cosign', officer, signature }, async (acting) => {
      const { tx, draw, now } = acting;
      const key = parseKey(given.key.trim());
      if (key?.type !== KEY_TYPE.cosignature) return refuse('key-malformed', undefined, given.key, 'key');
      const frozen = (await frozenOf(tx, draw.id))!;
      const line = given.line.trim();
      const note = parseNote(`${frozen.body}\n${line}\n`);
      const [valid] = note ? validSignatures(note, [key], verifySignature) : [];
      if (valid?.time === undefined)
        return refuse('not-this-checkpoint', undefined, line.slice(0, 100), 'line');
      const signedAt = new Date(valid.time * 1000);
      if (signedAt.getTime() < Math.floor(frozen.at.getTime() / 1000) * 1000 || signedAt > now)
        return refuse('cosigned-at', frozen.at.toISOString(), signedAt.toISOString(), 'line');
      return keep(acting, await this.foreignKey(acting, key), line, signedAt);
    });
  }

  private async makeKey({ tx, draw, officer, now }: Acting): Promise<KeyRow> {
    const seed = randomBytes(32);
    const name = `${draw.promotion}.witness/${officer.organisationId}-${officer.id}-${seed.toString('hex', 0, 2)}`;
    const { publicKey } = new Signer(name, seed);
    const sealed = this.vault.seal(seed.toString('base64'));
    const [row] = await tx.query<{ id: number }[]>(
      `insert into witness_key (organisation_id, officer_id, name, public_key, sealed, registered_at)
       values ($1, $2, $3, $4, $5, $6) returning id`,
      [officer.organisationId, officer.id, name, Buffer.from(publicKey), sealed, now],
    );
    return { id: row!.id, name, publicKey: Buffer.from(publicKey), sealed };
  }

  /** A key that is kept elsewhere is known from its first signature on, for the organisation that brought it. */
  private async foreignKey({ tx, officer, now }: Acting, key: NoteKey): Promise<number> {
    const [known] = await tx.query<{ id: number; organisationId: number; name: string }[]>(
      `select id, organisation_id as "organisationId", name from witness_key where public_key = $1 or name = $2`,
      [Buffer.from(key.publicKey), key.name],
    );
    if (known && (known.organisationId !== officer.organisationId || known.name !== key.name))
      return refuse('key-of-others', undefined, key.name, 'key');
    if (known) return known.id;
    const [row] = await tx.query<{ id: number }[]>(
      `insert into witness_key (organisation_id, officer_id, name, public_key, registered_at)
       values ($1, $2, $3, $4, $5) returning id`,
      [officer.organisationId, officer.id, key.name, Buffer.from(key.publicKey), now],
    );
    return row!.id;
  }
}

async function keptKey(tx: EntityManager, officer: Actor): Promise<KeyRow | undefined> {
  const [row] = await tx.query<KeyRow[]>(
    `select id, name, public_key as "publicKey", sealed from witness_key
     where officer_id = $1 and organisation_id = $2 and sealed is not null and withdrawn_at is null`,
    [officer.id, officer.organisationId],
  );
  return row;
}

export const noteKey = ({ name, publicKey }: { name: string; publicKey: Uint8Array }): NoteKey => ({
  name,
  type: KEY_TYPE.cosignature,
  publicKey: new Uint8Array(publicKey),
});

async function keep({ tx, draw, facts, officer, now }: Acting, keyId: number, line: string, signedAt: Date) {
  await tx.query(
    `insert into cosignature (draw_id, witness_key_id, organisation_id, officer_id, line, signed_at, at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [draw.id, keyId, officer.organisationId, officer.id, line.trim(), signedAt, now],
  );
  const complete = facts.state === 'frozen' && facts.cosigned.length + 1 >= facts.witnessesWanted;
  return { complete, facts: { organisation: officer.organisationId, signedAt: signedAt.toISOString() } };
}
