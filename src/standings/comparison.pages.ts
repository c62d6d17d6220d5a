import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { decimalOf } from '../rules/scoring/decimal.js';
import { CAUSES, type Difference } from '../rules/scoring/difference.js';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import type { BoardQuery } from './board.pages.js';
import { campaignFrame } from './campaign-frame.js';
import { Comparisons, type Compared, type Side } from './comparison.service.js';
import { Sights, type Sight } from './sight.service.js';

interface CompareQuery extends BoardQuery {
  readonly from?: string;
  readonly to?: string;
}

const WEEK = 7;

/** Two moments side by side: who moved, and why. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class ComparisonPages {
  constructor(
    private readonly sights: Sights,
    private readonly comparisons: Comparisons,
    private readonly views: Views,
  ) {}

  @Get(':slug/compare')
  @Header('content-type', 'text/html; charset=utf-8')
  async compare(
    @Param('slug') slug: string,
    @Query() query: CompareQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, {}, request.officer);
    const to = this.comparisons.sideOf(sight, query.to, this.comparisons.sideOf(sight, 'now', NO_SIDE));
    const from = this.comparisons.sideOf(sight, query.from, earlier(sight, this.comparisons));
    const compared = await this.comparisons.compare(sight, from, to);
    const groups = sight.cut.contest.groups.filter(({ code }) =>
      compared.differences.some((one) => one.group === code),
    );
    const group = groups.find(({ code }) => code === query.group) ?? groups[0];
    const locale = this.views.locale(request);
    return this.views.page(request, 'standings/compare', {
      ...campaignFrame(sight, locale, { label: 'standings.compare.title' }),
      from,
      to,
      fromValue: valueOf(from),
      toValue: valueOf(to, sight),
      choices: sight.publications.map((one) => ({
        value: `#${one.number}`,
        number: one.number,
        on: one.as_of,
      })),
      groups: groups.map((one) => ({
        ...one,
        current: one === group,
        href: `?${new URLSearchParams({ from: valueOf(from), to: valueOf(to, sight), group: one.code }).toString()}`,
      })),
      group,
      causes: CAUSES,
      rows: rowsOf(compared, group?.code ?? ''),
    });
  }
}

const NO_SIDE: Side = { on: '', knownAt: null, rulesVersionId: null, treeOn: null, publication: null };

/** The last published standings, else a week ago. */
function earlier(sight: Sight, comparisons: Comparisons): Side {
  const [last] = sight.publications;
  if (last) return comparisons.sideOf(sight, `#${last.number}`, NO_SIDE);
  const day = new Date(Date.parse(sight.lastOn) - WEEK * 86_400_000).toISOString().slice(0, 10);
  return comparisons.sideOf(sight, day, NO_SIDE);
}

const valueOf = ({ publication, on }: Side, sight?: Sight) =>
  publication !== null ? `#${publication}` : sight && on === sight.lastOn ? 'now' : on;

function rowsOf({ cut, differences }: Compared, group: string) {
  const { decimals } = cut.contest.plan;
  const points = (value: number) => decimalOf(value, decimals);
  return differences
    .filter((one) => one.group === group)
    .toSorted((a, b) => (a.after?.rank ?? FAR) - (b.after?.rank ?? FAR))
    .map((one) => ({
      name: cut.contest.units.get(one.unit)?.name ?? '',
      href: `/campaigns/${cut.contest.slug}/units/${one.unit}`,
      before: one.before && { rank: one.before.rank, score: points(one.before.published) },
      after: one.after && { rank: one.after.rank, score: points(one.after.published) },
      total: one.before && one.after ? points(one.after.published - one.before.published) : null,
      change: changeOf(one),
      moves: one.moves.map(({ cause, points: moved, places }) => ({
        cause,
        points: moved === 0 ? null : points(moved),
        places: places === 0 ? null : places,
      })),
    }));
}

const FAR = Number.MAX_SAFE_INTEGER;

function changeOf({ before, after }: Difference) {
  if (!before?.rank || !after?.rank) return { direction: 'new', size: 0 };
  const places = before.rank - after.rank;
  return { direction: places > 0 ? 'up' : places < 0 ? 'down' : 'same', size: Math.abs(places) };
}
