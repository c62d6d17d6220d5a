import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { decimalOf } from '../rules/scoring/decimal.js';
import { trialsOf, type Trial } from '../rules/scoring/simulate.js';
import { EMPTY_STATES, type EmptyState } from '../rules/scoring/treatment.js';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import type { BoardQuery } from './board.pages.js';
import { campaignFrame } from './campaign-frame.js';
import { Sights, type Sight } from './sight.service.js';

interface PolicyQuery extends BoardQuery {
  readonly state?: string;
}

/** The policy simulator: every unit under every way to treat the empty and the small. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class PolicyPages {
  constructor(
    private readonly sights: Sights,
    private readonly views: Views,
  ) {}

  @Get(':slug/policies')
  @Header('content-type', 'text/html; charset=utf-8')
  async policies(
    @Param('slug') slug: string,
    @Query() query: PolicyQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const { contest } = sight.cut;
    const state = EMPTY_STATES.find((one) => one === query.state) ?? 'no-cases';
    const groups = contest.groups.filter(({ code }) =>
      contest.plan.groups.some((one) => one.code === code && one.units.length > 0),
    );
    const group = groups.find(({ code }) => code === query.group) ?? groups[0];
    const trials = trialsIn(sight, group?.code ?? '', state);
    const link = (change: Record<string, string>) =>
      `?${new URLSearchParams({ state, group: group?.code ?? '', ...change }).toString()}`;
    return this.views.page(request, 'standings/policies', {
      ...campaignFrame(sight, this.views.locale(request), { label: 'standings.policies.title' }),
      chosen: state,
      states: EMPTY_STATES.map((one) => ({ state: one, href: link({ state: one }), current: one === state })),
      groups: groups.map((one) => ({ ...one, href: link({ group: one.code }), current: one === group })),
      inForce: contest.indicators.map(({ nameVi, nameEn, rule }) => ({
        nameVi,
        nameEn,
        policy: rule.policies[state],
      })),
      trials: trials.map(({ policy, rows }) => ({
        policy,
        gain: rows.filter(({ scoreMoves }) => scoreMoves > 0).length,
        lose: rows.filter(({ scoreMoves }) => scoreMoves < 0).length,
      })),
      rows: rowsOf(sight, trials),
    });
  }
}

function trialsIn({ cut, day }: Sight, group: string, state: EmptyState): Trial[] {
  const all = cut.planOn(day);
  const plan = { ...all, groups: all.groups.filter(({ code }) => code === group) };
  const units = plan.groups.flatMap(({ units: members }) => members);
  return trialsOf(plan, new Map(units.map((unit) => [unit, cut.contestant(unit, day)])), state);
}

/** One row per unit: who has such cells at all comes first, then by what is at stake for it. */
function rowsOf({ cut }: Sight, trials: readonly Trial[]) {
  const { decimals } = cut.contest.plan;
  const [first] = trials;
  const stake = (unit: number) =>
    Math.max(...trials.map(({ rows }) => Math.abs(rows.find((row) => row.unit === unit)?.scoreMoves ?? 0)));
  return (first?.rows ?? [])
    .toSorted((a, b) => b.decided - a.decided || stake(b.unit) - stake(a.unit))
    .map(({ unit, decided }) => ({
      name: cut.contest.units.get(unit)?.name ?? '',
      href: `/campaigns/${cut.contest.slug}/units/${unit}`,
      decided,
      results: trials.map(({ rows }) => {
        const row = rows.find((one) => one.unit === unit);
        const moves = row?.scoreMoves ?? 0;
        return {
          score: decimalOf(row?.published ?? 0, decimals),
          rank: row?.rank ?? null,
          moves: moves === 0 ? null : decimalOf(moves, decimals),
          direction: moves > 0 ? 'up' : 'down',
        };
      }),
    }));
}
