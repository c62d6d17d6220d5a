import { createHmac, hash as hashOnce, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { checkpointBody } from '../rules/draw/checkpoint.js';
import { KEY_TYPE, keyId, keyText, type NoteKey, noteText, signedMessage } from '../rules/merkle/note.js';
import type { StoredTreeBuilder } from '../rules/merkle/stored-tree.js';
import { barExcluded } from '../entries/excluded.queries.js';
import type { Signature } from '../officers/officers.service.js';
import { Signer } from '../platform/crypto/ed25519.js';
import { Vault } from '../platform/crypto/vault.js';
import { documentOf, type DrawRow } from './draw.queries.js';
import { HolderCrew } from './holder-crew.js';
import type { Holders } from './holders.js';
import { keepList } from './keep-list.js';
import { allPayers, completenessOf, listedEntries } from './list.queries.js';
import type { ListedEntries } from './listed-entries.js';
import { type Actor, type Acting, Office } from './office.service.js';

/** A faster SHA-256 than the one that runs in browsers. */
export function hash(bytes: Uint8Array): Uint8Array {
  // One call that answers a text costs a third of an object per hash.
  const text = hashOnce('sha256', bytes, 'binary');
  const digest = new Uint8Array(32);
  for (let at = 0; at < 32; at++) digest[at] = text.charCodeAt(at);
  return digest;
}

/** Closes the list, hashes it and signs the checkpoint, in one transaction: all of it is there, or nothing. */
@Injectable()
export class Freezing {
  constructor(
    private readonly office: Office,
    private readonly vault: Vault,
    private readonly signer: Signer,
  ) {}

  freeze(slug: string, officer: Actor, signature: Signature): Promise<boolean> {
    return this.office.act({ slug, act: 'freeze', officer, signature }, async (acting) => {
      const { tx, draw, now } = acting;
      await closeList(acting);
      const secret = randomBytes(32);
      await tx.query('insert into draw_secret (draw_id, sealed) values ($1, $2)', [
        draw.id,
        this.vault.seal(secret.toString('base64')),
      ]);
      const entries = await listedEntries(tx, draw);
      const holders = await this.holders(tx, draw, entries, secret);
      const tree = await keepList(tx, draw.id, entries, holders);
      const rules = await documentOf(tx, draw.id, 'rules');
      const root = Buffer.from(tree.build().root()).toString('hex');
      const body = checkpointBody({
        origin: this.signer.name,
        draw: draw.slug,
        size: tree.size,
        root,
        rulesHash: rules!.hash,
      });
      await this.keepCheckpoint(acting, body, tree, root);
      return {
        complete: true,
        facts: { size: tree.size, root, rulesHash: rules!.hash, at: now.toISOString() },
      };
    });
  }

  /** One salt per person and draw, made from a secret of this draw that is kept sealed. */
  private async holders(
    tx: EntityManager,
    draw: DrawRow,
    entries: ListedEntries,
    secret: Buffer,
  ): Promise<Holders> {
    const crew = new HolderCrew(secret, this.vault);
    try {
      await allPayers(
        tx,
        draw,
        (payerId, ...sealed) => {
          if (entries.holds(payerId)) crew.add(payerId, ...sealed);
        },
        () => crew.keepUp(),
      );
      return await crew.finished();
    } finally {
      await crew.dismiss();
    }
  }

  private async keepCheckpoint(
    { tx, draw, now }: Acting,
    body: string,
    tree: StoredTreeBuilder,
    root: string,
  ) {
    const key: NoteKey = {
      name: this.signer.name,
      type: KEY_TYPE.signature,
      publicKey: this.signer.publicKey,
    };
    const line = { name: key.name, keyId: keyId(key), blob: this.signer.sign(signedMessage(body)) };
    await tx.query(
      `insert into frozen_list (draw_id, size, root, groups, body, note, operator_key, completeness, at)
       values ($1, $2, decode($3, 'hex'), $4, $5, $6, $7, $8, $9)`,
      [
        draw.id,
        tree.size,
        root,
        Buffer.from(tree.groups()),
        body,
        noteText({ body, signatures: [line] }),
        keyText(key),
        JSON.stringify(await completenessOf(tx, draw)),
        now,
      ],
    );
  }
}

/** The salt of a person on the list of one draw: goes to the person and to auditors, never to the public. */
export const saltOf = (secret: Buffer, payerId: number): Uint8Array =>
  new Uint8Array(createHmac('sha256', secret).update(`salt ${payerId}`).digest());

/** From here on no import issues a code into this period or voids one; who was excluded meanwhile is not on it. */
async function closeList({ tx, draw, officer, now }: Acting): Promise<void> {
  await tx.query('select from promotion where id = $1 for no key update', [draw.campaignId]);
  await tx.query(
    `insert into list_closing (draw_period_id, closed_at, closed_by) values ($1, $2, $3) on conflict do nothing`,
    [draw.periodId, now, officer.id],
  );
  await barExcluded(tx, {
    promotionId: draw.campaignId,
    periodId: draw.periodId,
    at: now,
    officerId: officer.id,
  });
}
