import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { inEveryForm, Tables } from '../platform/http/tables.js';
import { Amendments } from './amendment.service.js';
import { amendedRules, amendedScores } from './amendment-view.js';
import { type PolicyQuery, policyTable, policyView } from './policy-view.js';
import { Simulations } from './simulation.service.js';

/** The tables an organiser decides by, before anything is published. */
@ApiTags('standings')
@ApiParam({ name: 'slug', example: '92-ngay-dem' })
@Allow('organiser')
@Controller('api/v1/office/campaigns/:slug')
export class OfficeTablesApi {
  constructor(
    private readonly simulations: Simulations,
    private readonly amendments: Amendments,
    private readonly tables: Tables,
  ) {}

  @Get(inEveryForm('simulation'))
  @ApiOperation({ summary: 'A plan on the desk, tried under every way to treat one empty state' })
  @ApiQuery({ name: 'figures', required: false, description: 'campaign whose figures are taken' })
  @ApiQuery({ name: 'state', required: false, description: 'not-applicable, no-cases, few-cases or missing' })
  @ApiQuery({ name: 'group', required: false, description: 'code of a group; the first when left out' })
  async simulation(
    @Param('slug') slug: string,
    @Query() query: PolicyQuery & { figures?: string },
    @SignedIn() officer: Officer,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { ground } = await this.simulations.see(officer, slug, query.figures);
    await this.tables.send(request, reply, policyTable(slug, policyView(ground, query)));
  }

  @Get(inEveryForm('amendment/changes'))
  @ApiOperation({ summary: 'What a draft of the rules changes' })
  async amendedRules(
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tables.send(request, reply, amendedRules(await this.amendments.preview(officer, slug)));
  }

  @Get(inEveryForm('amendment/scores'))
  @ApiOperation({ summary: 'Every score and place that a draft of the rules moves' })
  async amendedScores(
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.tables.send(request, reply, amendedScores(await this.amendments.preview(officer, slug)));
  }
}
