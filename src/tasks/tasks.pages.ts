import {
  Body,
  Controller,
  Get,
  Header,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import { campaignBySlug, participantsOf, type Campaign } from '../campaigns/campaigns.queries.js';
import { Officers } from '../officers/officers.service.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { lineChart } from '../platform/http/charts.js';
import { Views } from '../platform/http/views.js';
import { burnUpOf, tasksOf, type BurnUpDay } from './tasks.queries.js';
import { Tasks } from './tasks.service.js';

const HTML = 'text/html; charset=utf-8';

/** The plan's tasks: how far each is, and the burn-up of all. */
@ApiExcludeController()
@Allow('reporter', 'organiser')
@Controller('office/tasks/:slug')
export class TasksPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly tasks: Tasks,
    private readonly officers: Officers,
  ) {}

  @Get()
  @Header('content-type', HTML)
  list(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    return this.draw(request, officer, slug, [], {});
  }

  @Post()
  @Header('content-type', HTML)
  add(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const owner = posted(body, 'owner');
    const task = {
      titleVi: posted(body, 'titleVi'),
      titleEn: posted(body, 'titleEn'),
      ownerUnitId: /^\d+$/.test(owner) ? Number(owner) : null,
      dueOn: posted(body, 'dueOn'),
    };
    return this.act(request, reply, officer, slug, body, 'added', (tx, campaign) =>
      this.tasks.add(tx, officer, campaign, task),
    );
  }

  @Post(':id/progress')
  @Header('content-type', HTML)
  move(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const step = {
      status: posted(body, `status-${id}`),
      happenedOn: posted(body, `happenedOn-${id}`),
      note: posted(body, `note-${id}`),
    };
    return this.act(request, reply, officer, slug, body, 'moved', (tx, campaign) =>
      this.tasks.progress(tx, officer, campaign, id, step),
    );
  }

  @Post(':id/drop')
  @Header('content-type', HTML)
  drop(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.act(request, reply, officer, slug, body, 'dropped', (tx, campaign) =>
      this.tasks.drop(tx, officer, campaign, id, posted(body, `reason-${id}`)),
    );
  }

  private act(
    request: FastifyRequest,
    reply: FastifyReply,
    officer: Officer,
    slug: string,
    body: unknown,
    done: string,
    work: (tx: EntityManager, campaign: Campaign) => Promise<void>,
  ) {
    const doIt = async () => {
      await this.db.transaction(async (tx) => work(tx, await this.campaign(slug)));
      return seeOther(reply, `/office/tasks/${slug}`, { kind: 'success', key: `tasks.done.${done}` });
    };
    return orAgain(reply, doIt, (findings) => this.draw(request, officer, slug, findings, body as object));
  }

  private async campaign(slug: string): Promise<Campaign> {
    const campaign = await campaignBySlug(this.db, slug);
    if (!campaign || campaign.kind === 'promotion') throw new NotFoundException();
    return campaign;
  }

  private async draw(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    findings: Finding[],
    values: object,
  ): Promise<string> {
    const campaign = await this.campaign(slug);
    const english = this.views.locale(request) === 'en';
    const organises = await this.officers.may(officer, 'organiser', {
      unitId: campaign.unitId,
      campaignId: campaign.id,
    });
    return this.views.page(request, 'tasks/list', {
      title: 'tasks.title',
      crumbs: [
        { label: 'shell.nav.office', href: '/office' },
        { label: english ? campaign.titleEn : campaign.titleVi, href: `/office/readings/${slug}` },
      ],
      campaign,
      campaignTitle: english ? campaign.titleEn : campaign.titleVi,
      tab: 'tasks',
      organises,
      ...(await this.progress(request, campaign)),
      ...(await this.choices(request, campaign, organises)),
      findings,
      values,
    });
  }

  private async progress(request: FastifyRequest, campaign: Campaign) {
    const today = this.tasks.today();
    const list = await tasksOf(this.db, campaign.id, '9999-12-31');
    const last = today < campaign.endsOn ? today : campaign.endsOn;
    const started = last >= campaign.startsOn;
    const burnUp = started ? await burnUpOf(this.db, campaign.id, campaign.startsOn, last) : [];
    const now = burnUp.at(-1);
    return {
      today,
      tasks: list.map((task) => ({
        ...task,
        look: lookOf(task.status, task.dueOn < today),
        late: task.status !== 'done' && task.dueOn < today,
      })),
      now: now && { ...now, left: now.scope - now.done - now.underWay },
      chart: list.length > 0 && burnUp.length > 1 ? this.burnUp(request, burnUp) : '',
      weekly: burnUp.filter((_, at) => at % 7 === 6 || at === burnUp.length - 1),
    };
  }

  /** Work added after the launch shows as a step of the upper line. */
  private burnUp(request: FastifyRequest, days: readonly BurnUpDay[]): string {
    const words = (key: string) => this.views.text(request, key);
    const points = (of: (day: BurnUpDay) => number) => days.map((one) => ({ day: one.day, value: of(one) }));
    return lineChart({
      description: words('tasks.burnUpChart'),
      lines: [
        { kind: 'actual', label: words('tasks.statuses.done'), points: points(({ done }) => done) },
        {
          kind: 'forecast',
          label: words('tasks.begun'),
          points: points(({ done, underWay }) => done + underWay),
        },
        { kind: 'target', label: words('tasks.scope'), points: points(({ scope }) => scope) },
      ],
      unit: 'number',
      locale: this.views.locale(request),
    });
  }

  private async choices(request: FastifyRequest, campaign: Campaign, organises: boolean) {
    const words = (status: string) => this.views.text(request, `tasks.statuses.${status}`);
    const units = organises ? await participantsOf(this.db, campaign) : [];
    return {
      statuses: ['not-started', 'under-way', 'done'].map((value) => ({ value, label: words(value) })),
      owners: [
        { value: '', label: '–' },
        ...units.map(({ unitId, fullName }) => ({ value: unitId, label: fullName })),
      ],
    };
  }
}

const lookOf = (status: string, overdue: boolean) =>
  status === 'done' ? 'good' : overdue ? 'late' : status === 'under-way' ? 'info' : 'off';
