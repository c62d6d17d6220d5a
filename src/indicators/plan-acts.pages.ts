import { Body, Controller, Header, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted, postedList } from '../platform/http/form.js';
import { PlanActs } from './plan-acts.js';
import { PlanForms } from './plan-forms.service.js';
import { PlanPage } from './plan-page.js';
import { weightRows } from './weight-form.js';

const HTML = 'text/html; charset=utf-8';

/** What an organiser does to a plan: every act is posted, and leads back to the plan. */
@ApiExcludeController()
@Allow('organiser')
@Controller('office/campaigns/:slug')
export class PlanActsPages {
  constructor(
    private readonly db: DataSource,
    private readonly forms: PlanForms,
    private readonly acts: PlanActs,
    private readonly page: PlanPage,
  ) {}

  @Post('decision')
  @Header('content-type', HTML)
  decision(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.act(request, reply, officer, slug, 'decision', body, (tx, campaign) =>
      this.acts.edits.decision(tx, officer, campaign, posted(body, 'decisionRef')),
    );
  }

  @Post('weights')
  @Header('content-type', HTML)
  weights(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const rows = weightRows(body as Record<string, unknown>);
    return this.act(request, reply, officer, slug, 'weights', body, (tx, campaign) =>
      this.acts.edits.weights(tx, officer, campaign, rows),
    );
  }

  @Post('units')
  @Header('content-type', HTML)
  units(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const lines = posted(body, 'units')
      .split(/[\n;]+/)
      .map((line) => line.trim())
      .filter(Boolean);
    return this.act(request, reply, officer, slug, 'units', body, async (tx, campaign) => {
      await this.acts.edits.addUnits(tx, officer, campaign, posted(body, 'group'), lines);
    });
  }

  @Post('units/removal')
  @Header('content-type', HTML)
  removeUnits(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const units = postedList(body, 'unit').map(Number).filter(Number.isInteger);
    return this.act(request, reply, officer, slug, 'unitsRemoved', body, (tx, campaign) =>
      this.acts.edits.removeUnits(tx, officer, campaign, units),
    );
  }

  @Post('publication')
  @Header('content-type', HTML)
  publish(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.act(request, reply, officer, slug, 'published', body, (tx, campaign) =>
      this.acts.plans.publish(tx, slug, officer.id, campaign.rulesVersionId ? amendmentIn(body) : undefined),
    );
  }

  @Post('amendment')
  @Header('content-type', HTML)
  amend(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.act(request, reply, officer, slug, 'amending', body, (tx) =>
      this.acts.plans.amend(tx, slug, officer.id),
    );
  }

  /** The decision of an amendment is noted first; then what it moves is shown under its number. */
  @Post('amendment/decision')
  @Header('content-type', HTML)
  decideAmendment(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const work = (tx: EntityManager) => this.acts.plans.decide(tx, slug, officer.id, amendmentIn(body));
    return this.act(request, reply, officer, slug, 'decision', body, work, '/amendment');
  }

  @Post('amendment/removal')
  @Header('content-type', HTML)
  drop(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.act(request, reply, officer, slug, 'dropped', body, (tx) =>
      this.acts.plans.dropAmendment(tx, slug, officer.id),
    );
  }

  private act(
    request: FastifyRequest,
    reply: FastifyReply,
    officer: Officer,
    slug: string,
    done: string,
    body: unknown,
    work: (tx: EntityManager, campaign: Campaign) => Promise<void>,
    on = '',
  ): Promise<string> {
    const doIt = async () => {
      await this.db.transaction(async (tx) => work(tx, await this.forms.mine(tx, officer, slug)));
      return seeOther(reply, `/office/campaigns/${slug}${on}`, {
        kind: 'success',
        key: `campaigns.done.${done}`,
      });
    };
    return orAgain(reply, doIt, (findings) =>
      this.page.draw(request, officer, slug, findings, body as object),
    );
  }
}

const amendmentIn = (body: unknown) => ({
  decisionRef: posted(body, 'decisionRef'),
  decidedOn: posted(body, 'decidedOn'),
  reason: posted(body, 'reason'),
});
