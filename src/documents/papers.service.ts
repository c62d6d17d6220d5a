import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { localDate } from '../platform/http/format.js';
import { TEMPLATES } from '../platform/http/templates-folder.js';
import { Views } from '../platform/http/views.js';

export type PaperKind = 'registration' | 'rules' | 'minutes' | 'winners' | 'hand-over' | 'vacancy' | 'report';

export interface Paper {
  readonly number: number;
  readonly year: number;
  readonly html: string;
  readonly drawnUpAt: Date;
}

/** Official papers: drawn up from templates, numbered in a register of the year, kept as they were signed. */
@Injectable()
export class Papers {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly views: Views,
  ) {}

  /** The paper as a page that carries its own style: for the bundle, for the printer, for a mail. */
  html(kind: PaperKind, model: Record<string, unknown>): string {
    const page = this.views.document(`documents/${kind}`, { title: '', crumbs: [], bare: true, ...model });
    const style = readFileSync(join(TEMPLATES, 'assets/document.css'), 'utf8');
    return page
      .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
      .replace(/<link rel="icon"[^>]*>\n?/, '')
      .replace(/<script[^>]*><\/script>\n?/g, '');
  }

  /**
   * The paper of this kind about this subject; drawn up, with the next number of its register, when there is none yet.
   * `model` is called with the number. To call again gives the same paper.
   */
  async drawUp(
    subject: string,
    kind: PaperKind,
    officerId: number | null,
    model: (tx: EntityManager, number: string, day: string) => Promise<Record<string, unknown>>,
  ): Promise<Paper> {
    return this.db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock(7403500, hashtext($1))', [kind]);
      const known = await this.find(subject, kind, tx);
      if (known) return known;
      const now = this.clock.now();
      const year = Number(localDate(now).slice(0, 4));
      const [next] = await tx.query<{ number: number }[]>(
        'select coalesce(max(number), 0)::int + 1 as number from paper where kind = $1 and year = $2',
        [kind, year],
      );
      const number = next!.number;
      const html = this.html(kind, await model(tx, String(number).padStart(2, '0'), localDate(now)));
      await tx.query(
        `insert into paper (kind, subject, year, number, html, sha256, drawn_up_at, drawn_up_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [kind, subject, year, number, html, createHash('sha256').update(html).digest(), now, officerId],
      );
      return { number, year, html, drawnUpAt: now };
    });
  }

  async find(
    subject: string,
    kind: PaperKind,
    tx: EntityManager = this.db.manager,
  ): Promise<Paper | undefined> {
    const [row] = await tx.query<Paper[]>(
      `select number, year, html, drawn_up_at as "drawnUpAt" from paper where subject = $1 and kind = $2 order by id desc limit 1`,
      [subject, kind],
    );
    return row;
  }
}

/** `ngày 01 tháng 6 năm 2023`: days below 10 and the months 1 and 2 take a zero in front (Nghị định 30/2020/NĐ-CP). */
export function officialDay(day: string): string {
  const [year, month = '', date = ''] = day.split('-');
  const shortMonth = Number(month) < 3 ? month : String(Number(month));
  return `ngày ${date} tháng ${shortMonth} năm ${year}`;
}

/** `08 giải`: counts below 10 take a zero in official prose. */
export const officialCount = (count: number): string =>
  count < 10 ? `0${count}` : String(count).replace(/\B(?=(\d{3})+$)/g, '.');
