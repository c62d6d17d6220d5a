import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { TooManyAttempts } from '../platform/http/too-many-attempts.js';

const WINDOW = 15 * 60_000;
/** Wrong tries in the window before the door stays shut: for one name, and from one address (an office shares one). */
const MOST = { name: 8, address: 80 };

/** Throttles sign-in in the database, so that it holds for all instances together. */
@Injectable()
export class Attempts {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly vault: Vault,
  ) {}

  /**
   * Writes the attempt down before anything is compared, so that guesses sent at the same time all count.
   * @throws TooManyAttempts when the name or the address has used up its tries; a refused one is not counted.
   */
  async begin(name: string, address: string): Promise<number> {
    const marks = { name: this.mark('name', name), address: this.mark('address', address) };
    const now = this.clock.now();
    return this.db.transaction(async (tx) => {
      await alone(tx, marks.name);
      await alone(tx, marks.address);
      await tx.query(`delete from login_attempt where at < $1`, [new Date(now.getTime() - 4 * WINDOW)]);
      const waits = [
        await this.wait(tx, 'name_mark', marks.name, now, MOST.name),
        await this.wait(tx, 'address_mark', marks.address, now, MOST.address),
      ];
      const wait = Math.max(...waits);
      if (wait > 0) throw new TooManyAttempts(Math.ceil(wait / 1000));
      const rows = await tx.query<{ id: number }[]>(
        `insert into login_attempt (name_mark, address_mark, at) values ($1, $2, $3) returning id`,
        [marks.name, marks.address, now],
      );
      return Number(rows[0]?.id);
    });
  }

  /**
   * For an officer who is signed in and signs an act again inside its transaction: counted apart from what strangers
   * try on the name. Tries of one officer take turns until `tx` ends.
   * @throws TooManyAttempts
   */
  async beginAgain(tx: EntityManager, officerId: number): Promise<void> {
    const mark = this.mark('again', String(officerId));
    await alone(tx, mark);
    const wait = await this.wait(tx, 'name_mark', mark, this.clock.now(), MOST.name);
    if (wait > 0) throw new TooManyAttempts(Math.ceil(wait / 1000));
  }

  /** Kept although the act's transaction is rolled back; not awaited, for the act still holds its connection. */
  failedAgain(officerId: number): void {
    const mark = this.mark('again', String(officerId));
    this.db
      .query(`insert into login_attempt (name_mark, address_mark, at) values ($1, $1, $2)`, [
        mark,
        this.clock.now(),
      ])
      .catch((fault: unknown) =>
        new Logger('Attempts').error(`a failed try was not counted: ${String(fault)}`),
      );
  }

  /** A right sign-in clears the name's earlier failures, not the address's. */
  async succeed(tx: EntityManager, attempt: number): Promise<void> {
    await tx.query(`update login_attempt set succeeded = true where id = $1`, [attempt]);
  }

  /** Milliseconds until a further try is allowed; 0 when it is now. */
  private async wait(
    tx: EntityManager,
    column: 'name_mark' | 'address_mark',
    mark: Buffer,
    now: Date,
    most: number,
  ): Promise<number> {
    const cleared =
      column === 'name_mark'
        ? `and id > coalesce((select max(id) from login_attempt
      where name_mark = $1 and succeeded), 0)`
        : '';
    const rows = await tx.query<{ at: Date }[]>(
      `select at from login_attempt where ${column} = $1 and not succeeded and at > $2 ${cleared}
       order by at desc offset $3 limit 1`,
      [mark, new Date(now.getTime() - WINDOW), most - 1],
    );
    return rows[0] ? rows[0].at.getTime() + WINDOW - now.getTime() : 0;
  }

  private mark(kind: string, text: string): Buffer {
    return this.vault.fingerprint(`attempt ${kind} ${text.trim().toLowerCase()}`);
  }
}

/** Attempts on the same name or from the same address are counted one after the other. */
const alone = (tx: EntityManager, mark: Buffer) =>
  tx.query(`select pg_advisory_xact_lock($1::bigint)`, [mark.readBigInt64BE(0).toString()]);
