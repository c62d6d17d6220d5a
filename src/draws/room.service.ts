import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { posted } from '../platform/http/form.js';
import { seeOther } from '../platform/http/flash.js';
import { day, type Locale, moment } from '../platform/http/format.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { drawBySlug, type DrawRow } from './draw.queries.js';
import type { Actor } from './office.service.js';
import { RoomQueries } from './room.queries.js';

/** Draws the control room, and answers every act that is posted there. */
@Injectable()
export class Room {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly queries: RoomQueries,
  ) {}

  async page(
    request: FastifyRequest,
    draw: DrawRow,
    officer: Actor,
    wrong: { findings?: Finding[]; values?: unknown; act?: string; replacement?: number } = {},
  ): Promise<string> {
    return this.views.page(request, 'draws/room', {
      title: draw.title,
      crumbs: [
        { href: '/office', label: 'shell.nav.office' },
        { href: '/office/draws', label: 'draws.office.title' },
        { label: draw.title },
      ],
      scripts: ['draw-room.js'],
      ...(await this.queries.room(draw, officer, wrong.replacement)),
      officer,
      here: `/office/draws/${draw.promotion}/${draw.period}`,
      there: `/draws/${draw.promotion}/${draw.period}`,
      ...wrong,
    });
  }

  /**
   * Does the work and goes back to the room, where it is said once what was done. What is missing or wrong is said in the
   * room too, beside what was typed; passwords are never given back.
   * `work` answers with the key under `draws.done` of what it did.
   */
  async answer(
    exchange: { request: FastifyRequest; reply: FastifyReply; officer: Actor; body: unknown; act: string },
    work: (slug: string) => Promise<string>,
  ): Promise<string> {
    const { request, reply, officer, body, act } = exchange;
    const slug = posted(body, 'draw');
    try {
      const key = await work(slug);
      const draw = await drawBySlug(this.db.manager, slug);
      return seeOther(reply, roomOf(draw, replacementIn(body)), {
        kind: 'success',
        key: `draws.done.${key}`,
      });
    } catch (fault) {
      if (!(fault instanceof InputError)) throw fault;
      const draw = await drawBySlug(this.db.manager, slug);
      reply.code(422);
      const findings = readable(fault.findings, this.views.locale(request));
      return this.page(request, draw, officer, {
        findings,
        values: withoutSecrets(body),
        act,
        replacement: replacementIn(body),
      });
    }
  }
}

export const roomOf = (draw: DrawRow, replacement = 0) =>
  `/office/draws/${draw.promotion}/${draw.period}${replacement > 0 ? `/replacements/${replacement}` : ''}${draw.number > 1 ? `?number=${draw.number}` : ''}`;

export const replacementIn = (body: unknown) =>
  Math.max(0, Math.floor(Number(posted(body, 'replacement')) || 0));

/** What was typed, to be shown again: passwords are never given back. */
export function withoutSecrets(body: unknown): Record<string, unknown> {
  const { password: _, code: __, ...values } = body as Record<string, unknown>;
  return values;
}

/** Instants and days in a finding as people write them. */
export function readable(findings: readonly Finding[], locale: Locale): Finding[] {
  const words = (value: unknown) =>
    typeof value !== 'string'
      ? value
      : /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)
        ? moment(value, locale)
        : /^\d{4}-\d\d-\d\d$/.test(value)
          ? day(value, locale)
          : value;
  return findings.map((finding) => ({
    ...finding,
    got: words(finding.got),
    expected: words(finding.expected),
  }));
}

/** The officer's signature out of a posted form. */
export const signatureIn = (body: unknown) => ({
  password: posted(body, 'password', false),
  code: posted(body, 'code'),
});
