import { Controller, Get, Header, Param, ParseIntPipe, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { csvLine } from '../platform/tables/csv-line.js';
import { Views } from '../platform/http/views.js';
import { ChoicesQueries } from './choices.queries.js';
import { OfficerPage } from './officer-page.js';
import { type OfficerFilter, OfficersQueries, PAGE } from './officers.queries.js';

const HTML = 'text/html; charset=utf-8';

/** The list of officers, and one of them. */
@ApiExcludeController()
@Controller('officers')
@Allow('administrator', 'organiser', 'auditor')
export class OfficersPages {
  constructor(
    private readonly views: Views,
    private readonly queries: OfficersQueries,
    private readonly choices: ChoicesQueries,
    private readonly officerPage: OfficerPage,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(@Req() request: FastifyRequest, @Query() query: Record<string, unknown>): Promise<string> {
    const filter = filterOf(query);
    const page = Math.max(1, Math.trunc(Number(query.page)) || 1);
    const officers = await this.queries.list(filter, (page - 1) * PAGE);
    const t = (key: string) => this.views.text(request, key);
    const organisations = (await this.choices.organisations()).map(({ code, name }) => ({
      value: code,
      label: name,
    }));
    return this.views.page(request, 'officers/list', {
      title: 'officers.list.title',
      crumbs: [{ href: '/office', label: 'shell.nav.office' }, { label: 'officers.list.title' }],
      officers,
      filter,
      isFiltered: Object.values(filter).some((value) => value !== ''),
      roles: [{ value: '', label: t('officers.list.anyRole') }, ...this.choices.roles(t)],
      organisations: [{ value: '', label: t('officers.list.anyOrganisation') }, ...organisations],
      states: ['', 'open', 'closed'].map((value) => ({
        value,
        label: t(`officers.list.state.${value || 'any'}`),
      })),
      pager: pagerOf(filter, page, officers.length, officers[0]?.total ?? 0),
      csv: `/officers/export.csv?${search(filter)}`,
    });
  }

  @Get('export.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="officers.csv"')
  async csv(@Query() query: Record<string, unknown>): Promise<string> {
    const officers = await this.queries.list(filterOf(query), 0, 100_000);
    const head = ['id', 'login', 'name', 'organisation', 'roles', 'second_factor', 'closed_at'];
    const rows = officers.map((one) => [
      one.id,
      one.login,
      one.name,
      one.organisation,
      one.roles.join(' '),
      one.hasSecondFactor,
      one.disabledAt?.toISOString() ?? '',
    ]);
    return `\uFEFF${[head, ...rows].map(csvLine).join('')}`;
  }

  @Get(':id')
  @Header('content-type', HTML)
  one(
    @Req() request: FastifyRequest,
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    return this.officerPage.show(request, id, officer, {});
  }
}

const word = (value: unknown) => (typeof value === 'string' ? value.trim().slice(0, 100) : '');

const filterOf = (query: Record<string, unknown>): OfficerFilter => ({
  q: word(query.q),
  role: word(query.role),
  organisation: word(query.organisation),
  state: word(query.state),
});

const search = (filter: OfficerFilter, page?: number) =>
  new URLSearchParams(
    Object.entries({ ...filter, page: page ? String(page) : '' }).filter(([, value]) => value !== ''),
  ).toString();

function pagerOf(filter: OfficerFilter, page: number, shown: number, total: number) {
  const to = (number: number) => `/officers?${search(filter, number)}`;
  const from = (page - 1) * PAGE + 1;
  return {
    from,
    to: from + shown - 1,
    total,
    previous: page > 1 ? to(page - 1) : undefined,
    next: from + shown - 1 < total ? to(page + 1) : undefined,
  };
}
