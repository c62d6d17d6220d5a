import { Controller, Get, Header, NotFoundException, Param, ParseIntPipe, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Public } from '../platform/http/access.js';
import { localDate } from '../platform/http/format.js';
import { Views } from '../platform/http/views.js';
import { descentOf, kinOf } from './succession.queries.js';
import { ancestorsOn, childrenOn, countsOn, lastDayWithUnits, searchOn, versionsOf } from './unit.queries.js';
import { UnitDay, UnitSearch } from './units.dto.js';

const HTML = 'text/html; charset=utf-8';

@ApiExcludeController()
@Public()
@Controller('units')
export class UnitsPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(
    @Req() request: FastifyRequest,
    @Query() { q = '', on = this.today(), parent }: UnitSearch,
  ): Promise<string> {
    const above = parent === undefined ? [] : await ancestorsOn(this.db, parent, on);
    const here = above.at(-1);
    const searched = q.trim() !== '';
    const units = searched
      ? await searchOn(this.db, q, on, parent ?? null, 50)
      : await childrenOn(this.db, on, parent ?? null);
    return this.views.page(request, 'units/list', {
      title: here?.fullName ?? 'units.list.title',
      lead: 'units.list.lead',
      crumbs: crumbs(above, on),
      units,
      lastOn: units.length > 0 ? null : await lastDayWithUnits(this.db, on),
      counts: here || searched ? undefined : await countsOn(this.db, on),
      searched,
      q,
      on,
      parent,
    });
  }

  @Get(':id')
  @Header('content-type', HTML)
  async one(
    @Req() request: FastifyRequest,
    @Param('id', ParseIntPipe) id: number,
    @Query() { on = this.today() }: UnitDay,
  ): Promise<string> {
    const versions = await versionsOf(this.db, id);
    const latest = versions.at(-1);
    if (!latest) throw new NotFoundException();
    const alive = versions.some(({ validTo }) => validTo === null || validTo > on);
    return this.views.page(request, 'units/unit', {
      title: latest.fullName,
      crumbs: crumbs((await ancestorsOn(this.db, id, on)).slice(0, -1), on),
      versions,
      alive,
      ...(await kinOf(this.db, id)),
      today: await descentOf(this.db, id, on),
      below: alive ? await childrenOn(this.db, on, id) : [],
      on,
    });
  }

  private today(): string {
    return localDate(this.clock.now());
  }
}

const crumbs = (above: readonly { unitId: number; fullName: string }[], on: string) => [
  { label: 'units.list.title', href: `/units?on=${on}` },
  ...above.map(({ unitId, fullName }) => ({ label: fullName, href: `/units?on=${on}&parent=${unitId}` })),
];
