import { Controller, Get, NotFoundException, Param, ParseIntPipe, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Public } from '../platform/http/access.js';
import { localDate } from '../platform/http/format.js';
import { asFiles, Tables } from '../platform/http/tables.js';
import { descentOf, kinOf } from './succession.queries.js';
import { childrenOn, searchOn, treePage, versionsOf } from './unit.queries.js';
import { UnitDay, UnitPage, UnitSearch } from './units.dto.js';

const COLUMNS = [
  'id',
  'unit_code',
  'kind',
  'type',
  'name',
  'full_name',
  'parent_id',
  'parent_code',
  'valid_from',
  'valid_to',
];
const AT_ONCE = 5_000;

@ApiTags('units')
@Public()
@Controller('api/v1/units')
export class UnitsApi {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly tables: Tables,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Units of a day: by code or name, with or without marks (`q=tan yen`), or those under a parent.',
  })
  async list(@Query() { q, on = this.today(), under, parent }: UnitSearch) {
    const units = q?.trim()
      ? await searchOn(this.db, q, on, under ?? null)
      : await childrenOn(this.db, on, parent ?? null);
    return { on, units };
  }

  @Get('all')
  @ApiOperation({
    summary:
      'The whole tree of a day, or all below a unit, page by page; `after` the last id goes on from there.',
  })
  async all(@Query() { on = this.today(), under, after, limit = 500 }: UnitPage) {
    const units = await treePage(this.db, on, { under, after, limit });
    return { on, units, next: units.length === limit ? units.at(-1)?.unitId : undefined };
  }

  @Get(asFiles('all'))
  @ApiOperation({ summary: 'The whole tree of a day, or all below a unit, as CSV or as an Excel workbook' })
  async table(
    @Query() { on = this.today(), under }: UnitPage,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const rows = this.rows(on, under);
    await this.tables.send(request, reply, { name: `units-${on}`, columns: COLUMNS, rows });
  }

  private async *rows(on: string, under?: number) {
    for (let after: number | undefined = 0; after !== undefined;) {
      const page: Awaited<ReturnType<typeof treePage>> = await treePage(this.db, on, {
        under,
        after,
        limit: AT_ONCE,
      });
      for (const {
        unitId,
        code,
        kind,
        type,
        name,
        fullName,
        parentId,
        parentCode,
        validFrom,
        validTo,
      } of page)
        yield [unitId, code, kind, type, name, fullName, parentId, parentCode, validFrom, validTo];
      after = page.length === AT_ONCE ? page.at(-1)?.unitId : undefined;
    }
  }

  @Get(':id')
  @ApiOperation({
    summary: 'A unit through time: its names, codes and parents, what it came from and what became of it.',
  })
  async one(@Param('id', ParseIntPipe) id: number, @Query() { on = this.today() }: UnitDay) {
    const versions = await versionsOf(this.db, id);
    if (versions.length === 0) throw new NotFoundException();
    return { id, on, versions, ...(await kinOf(this.db, id)), today: await descentOf(this.db, id, on) };
  }

  private today(): string {
    return localDate(this.clock.now());
  }
}
