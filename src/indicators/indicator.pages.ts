import { Body, Controller, Get, Header, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { participantsOf } from '../campaigns/campaigns.queries.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { InputError } from '../platform/http/input-error.js';
import { day, number } from '../platform/http/format.js';
import { Views } from '../platform/http/views.js';
import { CHOICES, indicatorFrom } from './indicator-form.js';
import { linesOf, readLines } from './indicator-lines.js';
import { indicatorsOf, type IndicatorVersion } from './indicators.queries.js';
import { PlanEdits } from './plan-edits.service.js';
import { PlanForms } from './plan-forms.service.js';

const HTML = 'text/html; charset=utf-8';
const WORDS = {
  form: 'campaigns.forms',
  kind: 'campaigns.factKinds',
  cadence: 'indicators.edit.cadences',
  direction: 'indicators.edit.directions',
  curve: 'indicators.edit.curves',
  targetPath: 'indicators.edit.paths',
} as const;

/** One indicator of a draft, with all its fields. */
@ApiExcludeController()
@Allow('organiser')
@Controller('office/campaigns/:slug/indicators')
export class IndicatorPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly forms: PlanForms,
    private readonly edits: PlanEdits,
  ) {}

  @Get(':code')
  @Header('content-type', HTML)
  async show(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @Param('code') code: string,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    const indicator = code === 'new' ? undefined : await this.indicatorOf(officer, slug, code);
    if (code !== 'new' && !indicator) throw new NotFoundException();
    const campaign = await this.forms.mine(this.db.manager, officer, slug);
    const locale = this.views.locale(request);
    const write = { day: (on: string) => day(on, 'vi'), number: (figure: string) => number(figure, locale) };
    const lines = linesOf(indicator ?? {}, await participantsOf(this.db, campaign), write);
    return this.form(request, officer, slug, { ...indicator, ...lines }, []);
  }

  @Post(':code')
  @Header('content-type', HTML)
  async save(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @Param('code') code: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const before = code === 'new' ? undefined : await this.indicatorOf(officer, slug, code);
    const { plan, lines, findings: wrong } = await this.planIn(body, before, officer, slug);
    const act = async () => {
      const findings = [...faultsOf(plan), ...wrong];
      if (findings.length > 0) throw new InputError(findings);
      await this.db.transaction(async (tx) =>
        this.edits.indicator(tx, officer, await this.forms.mine(tx, officer, slug), plan),
      );
      return seeOther(reply, `/office/campaigns/${slug}`, {
        kind: 'success',
        key: 'campaigns.done.indicator',
      });
    };
    return orAgain(reply, act, (findings) =>
      this.form(
        request,
        officer,
        slug,
        { ...plan, ...lines, code: before ? before.code : plan.code },
        findings,
        !before,
      ),
    );
  }

  private async planIn(body: unknown, before: IndicatorVersion | undefined, officer: Officer, slug: string) {
    const field = (name: string) => posted(body, name);
    const lines = {
      milestones: field('milestones'),
      starts: field('starts'),
      curveSteps: field('curveSteps'),
    };
    const campaign = await this.forms.mine(this.db.manager, officer, slug);
    const read = readLines(lines, await participantsOf(this.db, campaign));
    // A start by counts is not shown as a line, and stays.
    const counted = before?.starts?.filter(({ numerator }) => typeof numerator === 'number') ?? [];
    const plan = {
      ...indicatorFrom(before, before?.code ?? field('code'), field),
      ...read.plan,
      starts: [...counted, ...(read.plan.starts ?? [])],
    };
    return { plan, lines, findings: read.findings };
  }

  @Post(':code/removal')
  async remove(
    @Param('slug') slug: string,
    @Param('code') code: string,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.db.transaction(async (tx) =>
      this.edits.removeIndicator(tx, officer, await this.forms.mine(tx, officer, slug), code),
    );
    return seeOther(reply, `/office/campaigns/${slug}`, {
      kind: 'success',
      key: 'campaigns.done.indicatorRemoved',
    });
  }

  private async indicatorOf(
    officer: Officer,
    slug: string,
    code: string,
  ): Promise<IndicatorVersion | undefined> {
    const campaign = await this.forms.mine(this.db.manager, officer, slug);
    const indicators = await indicatorsOf(this.db, campaign.draftRulesId ?? campaign.rulesVersionId ?? 0);
    return indicators.find((one) => one.code === code);
  }

  private async form(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    values: { nameVi?: string; code?: string },
    findings: Finding[],
    isNew = !values.code,
  ): Promise<string> {
    const campaign = await this.forms.mine(this.db.manager, officer, slug);
    const label = (name: string, value: string) =>
      this.views.text(request, `${WORDS[name as keyof typeof WORDS] ?? 'campaigns.policies'}.${value}`);
    return this.views.page(request, 'indicators/edit', {
      title: isNew ? 'indicators.edit.newTitle' : (values.nameVi ?? ''),
      crumbs: [
        { label: 'campaigns.list.title', href: '/office/campaigns' },
        {
          label: this.views.locale(request) === 'en' ? campaign.titleEn : campaign.titleVi,
          href: `/office/campaigns/${slug}`,
        },
      ],
      narrow: true,
      slug,
      isNew,
      values,
      findings,
      choices: Object.fromEntries(
        Object.entries(CHOICES).map(([name, list]) => [
          name,
          list.map((value) => ({ value, label: label(name, value) })),
        ]),
      ),
    });
  }
}

function faultsOf({
  nameVi,
  nameEn,
  form,
  denominatorVi,
  denominatorEn,
}: ReturnType<typeof indicatorFrom>): Finding[] {
  const needed: [string, string | undefined, string][] = [
    ['nameVi', nameVi, 'Tỷ lệ hồ sơ trực tuyến'],
    ['nameEn', nameEn, 'Dossiers received online'],
  ];
  if (form === 'ratio')
    needed.push(
      ['denominatorVi', denominatorVi, 'Hồ sơ tiếp nhận'],
      ['denominatorEn', denominatorEn, 'Dossiers received'],
    );
  return needed
    .filter(([, value]) => !value)
    .map(([field, , expected]) => ({ field, code: 'campaigns.findings.title-missing', got: '', expected }));
}
