import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { groupsOf, participantsOf, phasesOf, type Campaign } from '../campaigns/campaigns.queries.js';
import type { Officer } from '../platform/http/access.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { indicatorsOf, rulesHistory, rulesOf } from './indicators.queries.js';
import { PlanForms } from './plan-forms.service.js';
import { PHASE_KINDS } from './plan-phases.service.js';
import { Plans } from './plans.service.js';

/** The plan of one campaign as its organiser works on it; drawn again with what is wrong after a form that failed. */
@Injectable()
export class PlanPage {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly forms: PlanForms,
    private readonly plans: Plans,
  ) {}

  async draw(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    findings: Finding[],
    values: object = {},
  ): Promise<string> {
    const tx = this.db.manager;
    const campaign = await this.forms.mine(tx, officer, slug);
    const rulesVersionId = campaign.draftRulesId ?? campaign.rulesVersionId ?? 0;
    const { missing, remarks } = await this.plans.check(tx, campaign);
    const english = this.views.locale(request) === 'en';
    return this.views.page(request, 'campaigns/plan', {
      title: english ? campaign.titleEn : campaign.titleVi,
      crumbs: [
        { label: 'shell.nav.office', href: '/office' },
        { label: 'campaigns.list.title', href: '/office/campaigns' },
      ],
      scripts: ['weights.js', 'unit-picker.js'],
      campaign,
      phases: await phasesOf(tx, campaign.id),
      phaseKinds: PHASE_KINDS.map((kind) => ({
        value: kind,
        label: this.views.text(request, `campaigns.phaseKinds.${kind}`),
      })),
      rules: await rulesOf(tx, rulesVersionId),
      history: (await rulesHistory(tx, campaign.id)).filter(({ publishedAt }) => publishedAt !== null),
      isDraft: campaign.draftRulesId !== null,
      isAmendment: campaign.draftRulesId !== null && campaign.rulesVersionId !== null,
      ...(await this.contents(campaign, rulesVersionId, english)),
      missing,
      remarks,
      findings,
      values: { ...(await this.decided(campaign)), ...values },
    });
  }

  /** What was noted already of an open amendment's decision. */
  private async decided({ draftRulesId, rulesVersionId }: Campaign) {
    const draft = draftRulesId && rulesVersionId ? await rulesOf(this.db, draftRulesId) : undefined;
    return draft && { decisionRef: draft.decisionRef, decidedOn: draft.decidedOn, reason: draft.reason };
  }

  private async contents(campaign: Campaign, rulesVersionId: number, english: boolean) {
    const groups = await groupsOf(this.db, campaign.id);
    const participants = await participantsOf(this.db, campaign);
    const indicators = await indicatorsOf(this.db, rulesVersionId);
    return {
      groups: groups.map((group) => ({
        ...group,
        members: participants.filter(({ groupId }) => groupId === group.id),
      })),
      groupOptions: groups.map(({ code, nameVi, nameEn }) => ({
        value: code,
        label: english ? nameEn : nameVi,
      })),
      indicators: indicators.map((indicator) => ({
        ...indicator,
        cells: groups.map(({ code }) => ({ group: code, weight: indicator.weights[code] ?? '' })),
      })),
      sums: groups.map(({ code }) => ({
        group: code,
        sum: total(indicators.map(({ weights }) => weights[code])),
      })),
    };
  }
}

/** Weights have at most four places: summed as whole ten-thousandths. */
const total = (weights: readonly (string | undefined)[]) =>
  String(weights.reduce((sum, weight) => sum + Math.round(Number(weight ?? 0) * 10_000), 0) / 10_000);
