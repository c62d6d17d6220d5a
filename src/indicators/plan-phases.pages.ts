import { Body, Controller, Header, Param, ParseIntPipe, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { PlanForms } from './plan-forms.service.js';
import { PlanPage } from './plan-page.js';
import { PlanPhases } from './plan-phases.service.js';

/** Phases are added to a plan and taken out of it. */
@ApiExcludeController()
@Allow('organiser')
@Controller('office/campaigns/:slug/phases')
export class PlanPhasesPages {
  constructor(
    private readonly db: DataSource,
    private readonly forms: PlanForms,
    private readonly phases: PlanPhases,
    private readonly page: PlanPage,
  ) {}

  @Post()
  @Header('content-type', 'text/html; charset=utf-8')
  add(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const text = (field: string) => posted(body, `phase.${field}`);
    const form = {
      kind: text('kind'),
      titleVi: text('titleVi'),
      titleEn: text('titleEn'),
      startsOn: text('startsOn'),
      endsOn: text('endsOn'),
    };
    const act = async () => {
      await this.db.transaction(async (tx) =>
        this.phases.add(tx, officer, await this.forms.mine(tx, officer, slug), form),
      );
      return seeOther(reply, `/office/campaigns/${slug}`, { kind: 'success', key: 'campaigns.done.phase' });
    };
    return orAgain(reply, act, (findings) =>
      this.page.draw(request, officer, slug, findings, body as object),
    );
  }

  @Post(':id/removal')
  async remove(
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.db.transaction(async (tx) =>
      this.phases.remove(tx, officer, await this.forms.mine(tx, officer, slug), id),
    );
    return seeOther(reply, `/office/campaigns/${slug}`, {
      kind: 'success',
      key: 'campaigns.done.phaseRemoved',
    });
  }
}
