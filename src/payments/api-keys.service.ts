import { createHash, randomBytes } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { prepared } from '../platform/database/prepared.js';

export interface KeyHolder {
  readonly id: number;
  readonly promotion_id: number;
  readonly organisation_id: number;
  readonly source_id: number;
  readonly source: string;
  readonly slug: string;
  readonly hash: Buffer;
  readonly webhook_secret: Buffer | null;
}

/** Keys of partners' programs: shown once, kept as a hash, good for one promotion and one source, revocable. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly vault: Vault,
    private readonly journal: Journal,
  ) {}

  /** The key and the secret for webhooks, in clear for this one time. */
  async make(
    tx: EntityManager,
    of: { promotionId: number; organisationId: number; source: string; title: string },
    officerId: number,
  ): Promise<{ key: string; webhookSecret: string }> {
    const prefix = randomBytes(4).toString('hex');
    const key = `td_${prefix}_${randomBytes(32).toString('base64url')}`;
    const webhookSecret = randomBytes(32).toString('base64url');
    const [made] = await tx.query<{ id: number }[]>(
      `insert into api_key (promotion_id, organisation_id, source_id, title, prefix, hash, webhook_secret, created_at, created_by)
       select $1, $2, s.id, $4, $5, $6, $7, $8, $9 from payment_source s where s.code = $3 returning id`,
      [
        of.promotionId,
        of.organisationId,
        of.source,
        of.title,
        prefix,
        hashOf(key),
        this.vault.seal(webhookSecret),
        this.clock.now(),
        officerId,
      ],
    );
    await this.journal.record(tx, {
      officer: officerId,
      act: 'key.made',
      subject: `api-key/${String(made?.id)}`,
      facts: { promotion: of.promotionId, organisation: of.organisationId, source: of.source },
    });
    return { key, webhookSecret };
  }

  async revoke(tx: EntityManager, promotionId: number, id: number, officerId: number): Promise<void> {
    await tx.query(
      'update api_key set revoked_at = $3, revoked_by = $4 where id = $2 and promotion_id = $1 and revoked_at is null',
      [promotionId, id, this.clock.now(), officerId],
    );
    await this.journal.record(tx, { officer: officerId, act: 'key.revoked', subject: `api-key/${id}` });
  }

  /** Who holds this key of this promotion. @throws UnauthorizedException for every other key, without saying why. */
  async holder(slug: string, authorization: string | undefined): Promise<KeyHolder> {
    return this.found('hash', slug, this.hashIn(authorization));
  }

  /** @throws UnauthorizedException when no key of this promotion has this hash. */
  async demand(slug: string, hash: Buffer): Promise<void> {
    await this.found('hash', slug, hash);
  }

  /** The hash of a key as it is sent. @throws UnauthorizedException when it cannot be one. */
  hashIn(authorization: string | undefined): Buffer {
    const key = /^Bearer (td_[0-9a-f]{8}_[\w-]{43})$/.exec(authorization ?? '')?.[1];
    if (!key) throw new UnauthorizedException('payments.faults.key');
    return hashOf(key);
  }

  /** Who holds the key with this public prefix, for webhooks, whose body is signed instead. */
  byPrefix(slug: string, prefix: string): Promise<KeyHolder> {
    return this.found('prefix', slug, prefix);
  }

  private async found(by: 'hash' | 'prefix', slug: string, value: Buffer | string): Promise<KeyHolder> {
    const [holder] = await prepared<KeyHolder>(
      this.db,
      `key-by-${by}`,
      `select k.id, k.promotion_id, k.organisation_id, k.source_id, s.code as source, c.slug, k.hash, k.webhook_secret
       from api_key k join campaign c on c.id = k.promotion_id join payment_source s on s.id = k.source_id
       where c.slug = $1 and k.${by} = $2 and k.revoked_at is null`,
      [slug, value],
    );
    if (!holder) throw new UnauthorizedException('payments.faults.key');
    return holder;
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
