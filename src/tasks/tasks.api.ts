import { Controller, Get, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { campaignBySlug } from '../campaigns/campaigns.queries.js';
import { Public } from '../platform/http/access.js';
import { asFiles, inEveryForm, Tables } from '../platform/http/tables.js';
import { burnUpTable, tasksTable } from './tasks-table.js';
import { burnUpOf, tasksOf } from './tasks.queries.js';
import { Tasks } from './tasks.service.js';

@ApiTags('tasks')
@Public()
@Controller('api/v1/campaigns/:slug')
export class TasksApi {
  constructor(
    private readonly db: DataSource,
    private readonly tasks: Tasks,
    private readonly tables: Tables,
  ) {}

  /** The tasks of the plan, how far they are, and scope and done day by day. */
  @Get('tasks')
  @ApiOperation({ summary: 'The tasks of a campaign: owner, due day, status.' })
  async list(@Param('slug') slug: string) {
    return this.of(slug);
  }

  @Get([...asFiles('tasks'), ...inEveryForm('tasks/burn-up')])
  @ApiOperation({ summary: 'The tasks, or how many were done by each day; as CSV or as an Excel workbook' })
  async table(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { tasks, burnUp } = await this.of(slug);
    const wanted = request.url.includes('/burn-up') ? burnUpTable(slug, burnUp) : tasksTable(slug, tasks);
    await this.tables.send(request, reply, wanted);
  }

  private async of(slug: string) {
    const campaign = await campaignBySlug(this.db, slug);
    if (!campaign?.rulesVersionId) throw new NotFoundException();
    const today = this.tasks.today();
    const last = today < campaign.endsOn ? today : campaign.endsOn;
    const burnUp =
      last >= campaign.startsOn ? await burnUpOf(this.db, campaign.id, campaign.startsOn, last) : [];
    return { tasks: await tasksOf(this.db, campaign.id, today), burnUp };
  }
}
