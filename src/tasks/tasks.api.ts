import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { campaignBySlug } from '../campaigns/campaigns.queries.js';
import { Public } from '../platform/http/access.js';
import { burnUpOf, tasksOf } from './tasks.queries.js';
import { Tasks } from './tasks.service.js';

@ApiTags('tasks')
@Public()
@Controller('api/v1/campaigns/:slug/tasks')
export class TasksApi {
  constructor(
    private readonly db: DataSource,
    private readonly tasks: Tasks,
  ) {}

  /** The tasks of the plan, how far they are, and scope and done day by day. */
  @Get()
  @ApiOperation({ summary: 'The tasks of a campaign: owner, due day, status.' })
  async list(@Param('slug') slug: string) {
    const campaign = await campaignBySlug(this.db, slug);
    if (!campaign?.rulesVersionId) throw new NotFoundException();
    const today = this.tasks.today();
    const last = today < campaign.endsOn ? today : campaign.endsOn;
    const burnUp =
      last >= campaign.startsOn ? await burnUpOf(this.db, campaign.id, campaign.startsOn, last) : [];
    return { tasks: await tasksOf(this.db, campaign.id, today), burnUp };
  }
}
