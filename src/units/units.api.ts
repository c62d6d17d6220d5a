import { Controller, Get, NotFoundException, Param, ParseIntPipe, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Public } from '../platform/http/access.js';
import { localDate } from '../platform/http/format.js';
import { descentOf, kinOf } from './succession.queries.js';
import { childrenOn, searchOn, versionsOf } from './unit.queries.js';
import { UnitDay, UnitSearch } from './units.dto.js';

@ApiTags('units')
@Public()
@Controller('api/v1/units')
export class UnitsApi {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
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
