import type { ServerResponse } from 'node:http';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { DatabaseUrl } from '../database/database-url.js';
import { log } from '../log.js';

const CHANNEL = 'live';
const HEARTBEAT = 25_000;
const SLOW = 65_536;
const LISTENERS = 5_000;

/** Heard after a lost connection: something may have been told in between. */
export const MISSED = 'missed';

/** What an instance hears when something was told. */
export type Heard = (topic: string, data: unknown) => void;

/**
 * Tells open pages, on every instance, what was committed: NOTIFY inside the transaction of the act, one LISTEN per instance,
 * one prepared buffer per broadcast.
 */
@Injectable()
export class Live implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly pages = new Map<string, Set<ServerResponse>>();
  private readonly heard = new Set<Heard>();
  private readonly openTo = new Set<string>();
  private client?: pg.Client;
  private heart?: NodeJS.Timeout;
  private closed = false;

  constructor(private readonly database: DatabaseUrl) {}

  /** Topics of this kind (the word before the colon) may be followed by everybody; all others by officers only. */
  publicKind(kind: string): void {
    this.openTo.add(kind);
  }

  isPublic(topic: string): boolean {
    return this.openTo.has(topic.split(':', 1)[0] ?? '');
  }

  /** Calls back on this instance for whatever any instance tells. */
  hear(callback: Heard): void {
    this.heard.add(callback);
  }

  /** Does this instance hear what is told? A program that does not serve pages does not. */
  get listening(): boolean {
    return this.client !== undefined;
  }

  /** Heard by everybody once `tx` commits, by nobody if it does not. `data` must be small (8,000 bytes) and public in its topic. */
  async tell(tx: EntityManager, topic: string, data: object): Promise<void> {
    await tx.query('select pg_notify($1, $2)', [CHANNEL, JSON.stringify([topic, data])]);
  }

  /** Begins listening; called by a serving instance. A lost connection is made again, and open pages are told to reload what they show. */
  async start(): Promise<void> {
    this.heart ??= setInterval(() => this.send([...this.pages.values()], ': \n\n'), HEARTBEAT).unref();
    const client = new pg.Client({ connectionString: this.database.url, application_name: 'thidua live' });
    client.on('notification', ({ payload }) => this.spread(payload ?? ''));
    client.on('error', () => client.end().catch(() => undefined));
    client.on('end', () => this.again());
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.client = client;
    } catch (fault) {
      log.warn({ fault: (fault as Error).message }, 'live pages cannot listen to the database');
    }
  }

  private again(): void {
    this.client = undefined;
    if (this.closed) return;
    setTimeout(() => {
      if (this.closed) return;
      void this.start().then(() => {
        for (const callback of this.heard) callback(MISSED, {});
        this.send([...this.pages.values()], 'event: missed\ndata: {}\n\n');
      });
    }, 1000).unref();
  }

  private spread(payload: string): void {
    const [topic, data] = JSON.parse(payload) as [string, unknown];
    for (const callback of this.heard) callback(topic, data);
    const followers = this.pages.get(topic);
    if (followers) this.send([followers], `data: ${JSON.stringify(data)}\n\n`);
  }

  private send(groups: Set<ServerResponse>[], text: string): void {
    const bytes = Buffer.from(text);
    for (const page of groups.flatMap((group) => [...group])) {
      if (page.writableLength > SLOW) page.destroy();
      else page.write(bytes);
    }
  }

  /** Keeps the response open and writes what is told on this topic. False when the instance is full. */
  follow(topic: string, page: ServerResponse): boolean {
    const all = [...this.pages.values()].reduce((sum, group) => sum + group.size, 0);
    if (all >= LISTENERS) return false;
    const group = this.pages.get(topic) ?? new Set();
    this.pages.set(topic, group.add(page));
    page.on('close', () => {
      group.delete(page);
      if (group.size === 0 && this.pages.get(topic) === group) this.pages.delete(topic);
    });
    page.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    page.write('retry: 2000\n\n');
    return true;
  }

  /** Ends every open page, so that the server can close. */
  beforeApplicationShutdown(): void {
    this.closed = true;
    clearInterval(this.heart);
    for (const group of this.pages.values()) for (const page of group) page.end();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client?.end().catch(() => undefined);
  }
}
