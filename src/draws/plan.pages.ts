import { Body, Controller, Get, Header, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { posted, wholeNumber } from '../platform/http/form.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import type { Chain } from '../verify/beacon.js';
import type { Plan, PlannedPrize } from './plan.js';
import { PlanForm } from './plan-form.queries.js';
import { Planning } from './plan.service.js';
import { HTML } from './room.pages.js';
import { signatureIn, withoutSecrets } from './room.service.js';
import { sourcesIn } from './source-form.js';

interface Which {
  promotion: string;
  period: string;
}
/** Lines of prizes on the form. */
const LINES = 10;

@ApiExcludeController()
@Controller('office/draws/:promotion/:period/plan')
@Allow('organiser')
export class PlanPages {
  constructor(
    private readonly views: Views,
    private readonly planning: Planning,
    private readonly form: PlanForm,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async show(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param() { promotion, period }: Which,
  ): Promise<string> {
    const { values } = await this.form.values(promotion, period);
    return this.page(request, officer, { promotion, period }, values);
  }

  @Post()
  @Header('content-type', HTML)
  async keep(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param() { promotion, period }: Which,
    @Body() body: unknown,
  ): Promise<string> {
    const { slug } = await this.form.values(promotion, period);
    const plan = planIn(body, await this.form.chains());
    const signature = signatureIn(body);
    try {
      if (slug) await this.planning.change(officer, signature, slug, plan);
      else await this.planning.plan(officer, signature, { promotion, period }, plan);
    } catch (fault) {
      if (!(fault instanceof InputError)) throw fault;
      reply.code(422);
      return this.page(request, officer, { promotion, period }, withoutSecrets(body), fault.findings);
    }
    return seeOther(reply, `/office/draws/${promotion}/${period}`, {
      kind: 'success',
      key: 'draws.done.planned',
    });
  }

  private async page(
    request: FastifyRequest,
    officer: Officer,
    { promotion, period }: Which,
    values: Record<string, unknown>,
    findings: Finding[] = [],
  ) {
    return this.views.page(request, 'draws/plan', {
      title: 'draws.plan.title',
      crumbs: [
        { href: '/office', label: 'shell.nav.office' },
        { href: '/office/draws', label: 'draws.office.title' },
        { href: `/office/draws/${promotion}/${period}`, label: `${promotion}/${period}` },
        { label: 'draws.plan.title' },
      ],
      lines: Array.from({ length: LINES }, (_, at) => ({
        at,
        n: at + 1,
        name: values[`prizeVi${at}`],
        nameEn: values[`prizeEn${at}`],
        quantity: values[`quantity${at}`],
        value: values[`value${at}`],
      })),
      values,
      findings,
      ...(await this.form.choices(officer, { promotion, period }, values)),
    });
  }
}

function planIn(body: unknown, chains: readonly Chain[]): Plan {
  const text = (name: string) => posted(body, name);
  const prizes: PlannedPrize[] = Array.from({ length: LINES }, (_, at) => at)
    .filter((at) => text(`prizeVi${at}`) !== '')
    .map((at) => ({
      id: `prize-${at + 1}`,
      nameVi: text(`prizeVi${at}`),
      nameEn: text(`prizeEn${at}`),
      quantity: wholeNumber(text(`quantity${at}`)),
      value: wholeNumber(text(`value${at}`)),
    }));
  return {
    title: text('title'),
    organizer: text('organizer'),
    registrationRef: text('registrationRef') || null,
    place: text('place') || null,
    drawsAt: localInstant(text('drawsAt')),
    method: text('method') as Plan['method'],
    winsPerHolder: text('winsPerHolder') === '' ? null : Number(text('winsPerHolder')),
    witnessesWanted: Number(text('witnessesWanted')),
    objectionDays: Number(text('objectionDays')),
    prizes,
    sources: sourcesIn(body, chains),
  };
}

/** `2023-06-01T09:00` as a clock in Viet Nam shows it. */
const localInstant = (text: string) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? new Date(`${text}:00+07:00`).toISOString() : text;
