import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { columnHead, columnHeads, type Link } from '../platform/http/column-head.js';
import { clockTime, localDate } from '../platform/http/format.js';
import { Views } from '../platform/http/views.js';
import { sortingOf, type Order } from './board-order.js';
import { notesOf } from './board-notes.js';
import { boardRows, type Listed } from './board-view.js';
import { changesSince, type Change } from './published-places.js';
import { campaignFrame } from './campaign-frame.js';
import { cellKey } from './contest.js';
import { passageViews } from './passage-view.js';
import { PublicPages } from './public-pages.service.js';
import { Publications } from './publications.service.js';
import { Sights, type Glance, type Sight } from './sight.service.js';

export interface BoardQuery extends Glance {
  readonly group?: string;
  readonly by?: string;
  /** A column, see `Order`; `dir` is asc or desc. */
  readonly sort?: string;
  readonly dir?: string;
  readonly q?: string;
  readonly page?: string;
  /** The day slider: day 1 is the first. */
  readonly day?: string;
}

const SIZE = 50;
/** Columns that every board sorts by, beside its indicators. */
const SORTED = ['place', 'change', 'unit', 'score', 'other'];

@ApiExcludeController()
@Public()
@Controller('campaigns')
export class BoardPages {
  constructor(
    private readonly sights: Sights,
    private readonly publications: Publications,
    private readonly views: Views,
    private readonly pages: PublicPages,
  ) {}

  @Get(':slug')
  @Header('content-type', 'text/html; charset=utf-8')
  async board(
    @Param('slug') slug: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    return this.pages.page(request, async () =>
      this.views.page(request, 'standings/board', await this.model(slug, query, request)),
    );
  }

  /** The same board for other sites, in a frame. */
  @Get(':slug/embed')
  @Header('content-type', 'text/html; charset=utf-8')
  async embedded(
    @Param('slug') slug: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    return this.pages.page(request, async () => {
      const model = await this.model(slug, query, request);
      return this.views.page(request, 'standings/embed', { ...model, layout: 'embed' });
    });
  }

  private async model(slug: string, query: BoardQuery, request: FastifyRequest) {
    const sight = await this.sights.see(slug, query, request.officer);
    const groups = groupsOf(sight);
    const group = groups.find(({ code }) => code === query.group) ?? groups[0];
    const code = group?.code ?? '';
    const order = orderOf(query);
    const { by } = order;
    const from = (Math.max(1, Number(query.page) || 1) - 1) * SIZE;
    const q = String(query.q ?? '')
      .trim()
      .slice(0, 80);
    const last = await this.publications.before(sight);
    const changes = changesSince(last, sight, code);
    const wanted = { group: code, day: sight.day, order, changes, query: q, from, size: SIZE };
    const listed = boardRows(sight.cut, wanted);
    const on = sight.on === sight.lastOn ? undefined : sight.on;
    const kept = { group: code, by, q, on, sort: order.sort, dir: order.dir, ...special(query) };
    const link = linker(slug, kept);
    return {
      ...campaignFrame(sight, this.views.locale(request)),
      passages: passageViews(sight.cut, sight.day),
      groups: groups.map((one) => ({ ...one, href: link({ group: one.code }), current: one === group })),
      ...headsOf(sight, code, order, link),
      ...rowsOf(sight, listed, changes, await this.sights.disputed(sight)),
      last: last && { number: last.number, as_of: last.as_of },
      by,
      q,
      notes: notesOf(sight.cut, sight.day, { group: code }),
      legend: LEGEND,
      links: linksOf(sight, link),
      data: dataOf({ ...query, ...order, group: code, q }, sight),
      groupCode: code,
      question: { ...questionOf(sight), versions: await this.sights.rulesVersions(sight) },
      pages: pagesOf(listed, from, link),
      keep: keepOf(kept),
      live: !sight.special && on === undefined && !sight.frozen,
      scripts: ['standings-live.js'],
    };
  }
}

function headsOf(sight: Sight, group: string, order: Order, link: Link) {
  const sorting = sortingOf(order);
  const columns = columnsOf(sight, group);
  return {
    columns: columns.map((one) => ({ ...one, head: columnHead(sorting, one.code, link) })),
    heads: columnHeads(sorting, SORTED, link),
  };
}

function rowsOf(
  sight: Sight,
  listed: Listed,
  changes: ReadonlyMap<number, Change> | null,
  disputed: ReadonlySet<string>,
) {
  const rows = listed.rows.map((row) => ({
    ...row,
    ...rowLinks(sight.cut.contest.slug, row.unit, sight),
    cells: row.cells.map((cell) => ({ ...cell, disputed: disputed.has(cellKey(row.unit, cell.indicator)) })),
    band: bandNamed(sight, row.band),
    change: changes?.get(row.unit) ?? null,
  }));
  return { rows, comparable: changes !== null };
}

export const orderOf = ({ by, sort, dir }: BoardQuery): Order => ({
  by: by === 'progress' ? 'progress' : 'level',
  sort: typeof sort === 'string' && sort ? sort.slice(0, 80) : undefined,
  dir: dir === 'asc' || dir === 'desc' ? dir : undefined,
});

/** Groups that have members, as the board names them. */
const groupsOf = ({ cut: { contest } }: Sight) =>
  contest.groups.filter(({ code }) =>
    contest.plan.groups.some((group) => group.code === code && group.units.length > 0),
  );

const special = ({ knownAt, rules, tree }: Glance) => ({ knownAt, rules, tree });

const LEGEND = ['good', 'watch', 'late', 'off'];

/** The band's name, for a code. */
export const bandNamed = ({ cut }: Sight, band: string | null) =>
  cut.contest.bands.find(({ code }) => code === band) ?? null;

/** What the form that asks for another board shows: the keys of this one. */
function questionOf({ cut, on, special: asked, board }: Sight) {
  const { knownAt, contest } = cut;
  return {
    open: asked,
    kept: ['group', 'by', 'sort', 'dir'],
    on,
    knownAt: asked && knownAt ? `${localDate(knownAt)}T${clockTime(knownAt)}` : '',
    rules: asked ? contest.rulesNumber : '',
    tree: asked ? contest.treeOn : '',
    firstOn: board.startsOn,
  };
}

/** The keys of this board, for programs and spreadsheets. */
function dataOf({ group, q, by, sort, dir, ...query }: BoardQuery, { on }: Sight): string {
  const view = { by: by === 'level' ? undefined : by, sort, dir, q };
  const keys = Object.entries({ on, group, ...view, ...special(query) }).filter(
    (one): one is [string, string] => Boolean(one[1]),
  );
  return new URLSearchParams(keys).toString();
}

/** Addresses of this board with something changed. */
function linker(slug: string, kept: Record<string, string | undefined>): Link {
  return (change) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...kept, ...change }))
      if (value && !(name === 'by' && value === 'level')) query.set(name, value);
    const text = query.toString();
    return `/campaigns/${slug}${text ? `?${text}` : ''}`;
  };
}

function linksOf(sight: Sight, link: Link) {
  const day = (step: number) => {
    const on = sight.cut.contest.start + sight.day + step;
    const text = new Date(on * 86_400_000).toISOString().slice(0, 10);
    return text < sight.board.startsOn || text > sight.lastOn ? null : link({ on: text, page: undefined });
  };
  return {
    level: link({ by: 'level', page: undefined }),
    progress: link({ by: 'progress', page: undefined }),
    previous: day(-1),
    next: day(1),
    latest: sight.on === sight.lastOn ? null : link({ on: undefined, page: undefined }),
    plain: link({ q: undefined, page: undefined }),
  };
}

function pagesOf({ total }: Listed, from: number, link: Link) {
  if (total <= SIZE) return null;
  const page = from / SIZE + 1;
  return {
    from: from + 1,
    to: Math.min(total, from + SIZE),
    total,
    previous: page > 1 ? link({ page: String(page - 1) }) : undefined,
    next: from + SIZE < total ? link({ page: String(page + 1) }) : undefined,
  };
}

const keepOf = (kept: Record<string, string | undefined>) =>
  Object.entries(kept).flatMap(([name, value]) => (value && name !== 'q' ? [{ name, value }] : []));

function columnsOf({ cut, on, lastOn }: Sight, group: string) {
  const weights = cut.contest.plan.groups.find(({ code }) => code === group)?.weights ?? {};
  const at = on === lastOn ? '' : `?on=${on}`;
  return cut.contest.indicators
    .filter(({ code }) => (weights[code] ?? 0) > 0)
    .map(({ code, nameVi, nameEn }, index) => ({
      code,
      nameVi,
      nameEn,
      number: index + 1,
      weight: (weights[code] ?? 0) / 1_000_000,
      href: `/campaigns/${cut.contest.slug}/indicators/${code}${at}`,
    }));
}

function rowLinks(slug: string, unit: number, { on, lastOn }: Sight) {
  const at = on === lastOn ? '' : `?on=${on}`;
  return {
    href: `/campaigns/${slug}/units/${unit}${at}`,
    why: `/campaigns/${slug}/units/${unit}/score${at}`,
  };
}
