import {
  BadRequestException,
  Controller,
  Get,
  Header,
  NotFoundException,
  Param,
  Query,
} from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { isFrozen } from '../rules/calendar/board.js';
import { Clock } from '../platform/clock.js';
import { Public } from '../platform/http/access.js';
import { boardOf } from './board-acts.queries.js';
import { eventsSince } from './events.queries.js';

const MOST = 5_000;

@ApiTags('standings')
@Public()
@Controller('api/v1/campaigns')
export class EventsApi {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  @Get(':slug/events')
  @Header('content-type', 'application/x-ndjson; charset=utf-8')
  @Header('cache-control', 'no-cache')
  @ApiOperation({
    summary: 'Everything that happened, one JSON object per line',
    description:
      'Readings approved, standings published (with the leader of each group and whether it changed), board frozen, thawed, ' +
      `final. At most ${MOST} lines; ask again with \`since\` set to the token of the last line. While the board is frozen the feed stops there.`,
  })
  @ApiParam({ name: 'slug', example: '92-ngay-dem' })
  @ApiQuery({ name: 'since', required: false, description: 'token of the last event seen' })
  async events(@Param('slug') slug: string, @Query('since') since?: string): Promise<string> {
    const board = await boardOf(this.db, slug);
    if (!board) throw new NotFoundException();
    const until = isFrozen(board) && board.frozen ? board.frozen : this.clock.now();
    const rows = await eventsSince(this.db, board.campaignId, tokenOf(since), until, MOST);
    return rows
      .map(({ at, key, type, data }) => `${JSON.stringify({ token: `${at}~${key}`, type, at, data })}\n`)
      .join('');
  }
}

function tokenOf(text: string | undefined): { at: string; key: string } {
  if (!text) return { at: '0001-01-01T00:00:00Z', key: '' };
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)~([rst]\d{12})$/.exec(text);
  if (!match?.[1] || !match[2])
    throw new BadRequestException(`not a token of this feed: ${text.slice(0, 60)}`);
  return { at: match[1], key: match[2] };
}
