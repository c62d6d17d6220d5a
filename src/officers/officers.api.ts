import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/http/access.js';
import { OfficersPageDto, OfficersQuery } from './officers.dto.js';
import { OfficersQueries, PAGE } from './officers.queries.js';

@ApiTags('officers')
@Controller('api/v1/officers')
@Allow('administrator', 'organiser', 'auditor')
export class OfficersApi {
  constructor(private readonly queries: OfficersQueries) {}

  /** Officers by name, 50 on a page. */
  @Get()
  @ApiOperation({ summary: 'Officers with their organisations and rights, for administrators.' })
  async list(@Query() query: OfficersQuery): Promise<OfficersPageDto> {
    const { q = '', role = '', organisation = '', state = '', page = 1 } = query;
    const rows = await this.queries.list({ q, role, organisation, state }, (page - 1) * PAGE);
    return { officers: rows.map(({ total: _total, ...officer }) => officer), total: rows[0]?.total ?? 0 };
  }
}
