import { Body, Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { campaigns } from '../campaigns/campaigns.queries.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted, postedList } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { PlanForms } from './plan-forms.service.js';
import { PlanPage } from './plan-page.js';

const HTML = 'text/html; charset=utf-8';
const KINDS = ['district', 'department', 'commune'];

/** Where an organiser makes campaigns and finds them again. */
@ApiExcludeController()
@Allow('organiser')
@Controller('office/campaigns')
export class PlansPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly forms: PlanForms,
    private readonly planPage: PlanPage,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(@Req() request: FastifyRequest): Promise<string> {
    const listed = (await campaigns(this.db, true)).filter(({ kind }) => kind !== 'promotion');
    return this.views.page(request, 'campaigns/list', {
      title: 'campaigns.list.title',
      lead: 'campaigns.list.lead',
      crumbs: [{ label: 'shell.nav.office', href: '/office' }],
      actions: [
        {
          href: '/office/campaigns/new',
          label: this.views.text(request, 'campaigns.new.title'),
          primary: true,
          icon: 'plus',
        },
      ],
      listed,
    });
  }

  @Get('new')
  @Header('content-type', HTML)
  async ask(@Req() request: FastifyRequest, @Query('copy') copyOf = ''): Promise<string> {
    return this.form(request, { copyOf, kinds: KINDS }, []);
  }

  @Post()
  @Header('content-type', HTML)
  async create(
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const text = (field: string) => posted(body, field);
    const values = {
      titleVi: text('titleVi'),
      titleEn: text('titleEn'),
      decisionRef: text('decisionRef'),
      startsOn: text('startsOn'),
      unit: text('unit'),
      kinds: postedList(body, 'kinds'),
      copyOf: text('copyOf'),
    };
    const act = async () => {
      const { slug } = await this.forms.create(officer, values);
      return seeOther(reply, `/office/campaigns/${slug}`, { kind: 'success', key: 'campaigns.done.created' });
    };
    return orAgain(reply, act, (findings) => this.form(request, values, findings));
  }

  @Get(':slug')
  @Header('content-type', HTML)
  async plan(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    return this.planPage.draw(request, officer, slug, []);
  }

  private async form(
    request: FastifyRequest,
    values: Record<string, unknown>,
    findings: Finding[],
  ): Promise<string> {
    const listed = (await campaigns(this.db, true)).filter(({ kind }) => kind !== 'promotion');
    const words = (key: string) => this.views.text(request, key);
    const english = this.views.locale(request) === 'en';
    return this.views.page(request, 'campaigns/new', {
      title: 'campaigns.new.title',
      lead: 'campaigns.new.lead',
      crumbs: [
        { label: 'shell.nav.office', href: '/office' },
        { label: 'campaigns.list.title', href: '/office/campaigns' },
      ],
      narrow: true,
      values,
      findings,
      scripts: ['unit-picker.js'],
      sources: [
        { value: '', label: words('campaigns.new.template') },
        ...listed.map(({ slug, titleVi, titleEn }) => ({
          value: slug,
          label: `${words('campaigns.new.copyOf')} ${english ? titleEn : titleVi}`,
        })),
      ],
      kinds: KINDS.map((kind) => ({
        kind,
        chosen: Array.isArray(values.kinds) && values.kinds.includes(kind),
      })),
    });
  }
}
