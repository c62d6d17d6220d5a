import { Controller, Get, NotFoundException, Param, ParseIntPipe, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../platform/http/access.js';
import { filterOf } from './journal-filter.js';
import { JournalEntryDto, JournalPageDto, JournalQuery } from './journal.dto.js';
import { JournalQueries, type JournalRow } from './journal.queries.js';

@ApiTags('journal')
@Controller('api/v1/journal')
@Allow('auditor', 'administrator', 'organiser')
export class JournalApi {
  constructor(private readonly queries: JournalQueries) {}

  /** Entries of the journal, oldest first. */
  @Get()
  @ApiOperation({
    summary: 'Official acts in the order of the chain, filtered like the page; ask on with `after`.',
  })
  async page(@Query() { after = 0, limit = 100, ...filter }: JournalQuery): Promise<JournalPageDto> {
    const entries: JournalRow[] = [];
    const asked = filterOf({
      ...filter,
      officer: filter.officer === undefined ? '' : String(filter.officer),
    });
    for await (const row of this.queries.all(asked, after, limit)) {
      entries.push(row);
      if (entries.length === limit) break;
    }
    return { entries, next: entries.length === limit ? Number(entries.at(-1)?.id) : null };
  }

  /** One entry. */
  @Get(':id')
  @ApiOperation({ summary: 'One official act with its facts and its place in the hash chain.' })
  async one(@Param('id', ParseIntPipe) id: number): Promise<JournalEntryDto> {
    const found = await this.queries.one(id);
    if (!found) throw new NotFoundException();
    const { officer: _officer, organisation: _organisation, ...entry } = found;
    return entry;
  }
}
