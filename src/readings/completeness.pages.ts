import { Body, Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { columnHeads, type Link } from '../platform/http/column-head.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted, postedList } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { linkOf, paged } from '../platform/http/paged.js';
import { Views } from '../platform/http/views.js';
import { listed, missingOf, ONLY, SORTED, sortingOf, type CompletenessQuery } from './completeness-list.js';
import { completenessOf, type Completeness } from './completeness.queries.js';
import { LockExceptions } from './lock-exceptions.service.js';
import { frameOf, isEnglish, Workplace } from './workplace.js';

const HTML = 'text/html; charset=utf-8';

/** Who has reported, who has not, and who may report late. */
@ApiExcludeController()
@Allow('reporter', 'organiser')
@Controller('office/readings/:slug')
export class CompletenessPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly workplace: Workplace,
    private readonly locks: LockExceptions,
  ) {}

  @Get('completeness')
  @Header('content-type', HTML)
  list(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Query() query: CompletenessQuery & { page?: string },
  ): Promise<string> {
    return this.draw(request, officer, slug, { query });
  }

  @Post('locks')
  @Header('content-type', HTML)
  async reopen(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const units = postedList(body, 'unit')
      .filter((id) => /^\d+$/.test(id))
      .map(Number);
    const wanted = {
      units,
      firstOn: posted(body, 'firstOn'),
      lastOn: posted(body, 'lastOn'),
      openUntil: posted(body, 'openUntil'),
      reason: posted(body, 'reason'),
    };
    const act = async () => {
      const { campaign } = await this.workplace.of(officer, slug, ['organiser']);
      await this.db.transaction((tx) => this.locks.grant(tx, campaign, officer, wanted));
      return seeOther(reply, `/office/readings/${slug}/completeness`, {
        kind: 'success',
        key: 'readings.done.reopened',
      });
    };
    return orAgain(reply, act, (findings) =>
      this.draw(request, officer, slug, { findings, values: body as object }),
    );
  }

  private async draw(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    { query = {} as CompletenessQuery & { page?: string }, findings = [] as Finding[], values = {} },
  ): Promise<string> {
    const place = await this.workplace.of(officer, slug);
    const mine = new Set(place.units.map(({ unitId }) => unitId));
    const lastOn = this.locks.lastOn(place.campaign);
    const all = await completenessOf(this.db, place.campaign, lastOn);
    const rows = all.filter(({ unitId }) => mine.has(unitId));
    return this.views.page(request, 'readings/completeness', {
      title: 'readings.completeness.title',
      ...frameOf(place, 'completeness', isEnglish(this.views, request)),
      lastOn,
      units: rows,
      ...listModel(rows, query),
      exceptions: await this.locks.open(this.db.manager, place.campaign),
      findings,
      values,
    });
  }
}

/** One page of the list, with the ways to its groups, orders and other pages. */
function listModel(rows: readonly Completeness[], query: CompletenessQuery & { page?: string }) {
  const kept = keptOf(query);
  const link = linkOf(kept);
  const { shown, pages } = paged(listed(rows, query), query.page, link);
  const hidden = { group: kept.group, sort: kept.sort, dir: kept.dir };
  return {
    lines: shown.map((row) => ({ ...row, look: lookOf(row.complete), missing: missingOf(row) })),
    groups: groupsOf(rows, kept, link),
    heads: columnHeads(sortingOf(query), SORTED, link),
    only: ['', ...ONLY],
    q: kept.q,
    chosen: kept.only ?? '',
    keep: Object.entries(hidden).flatMap(([name, value]) => (value ? [{ name, value }] : [])),
    question: new URLSearchParams(kept).toString(),
    pages,
  };
}

function groupsOf(rows: readonly Completeness[], { group = '' }: Kept, link: Link) {
  const groups = [...new Map(rows.map((row) => [row.group, { ...row, code: row.group }])).values()];
  if (groups.length < 2) return [];
  return [{ code: '' }, ...groups].map((one) => ({
    ...one,
    href: link({ group: one.code, page: undefined }),
    current: one.code === group,
  }));
}

type Kept = Partial<Record<'group' | 'q' | 'only' | 'sort' | 'dir', string>>;

const keptOf = ({ group, q, only, sort, dir }: CompletenessQuery): Kept =>
  Object.fromEntries(
    Object.entries({ group, q, only, sort, dir }).flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() ? [[name, value.trim().slice(0, 80)]] : [],
    ),
  );

const lookOf = (complete: string | null) =>
  complete === null ? 'off' : Number(complete) >= 95 ? 'good' : Number(complete) >= 70 ? 'watch' : 'late';
