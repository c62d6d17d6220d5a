import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { Campaigns } from '../campaigns/campaigns.service.js';
import { Officers } from '../officers/officers.service.js';
import type { Officer } from '../platform/http/access.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { allVersions } from '../units/unit.queries.js';
import { UnitIndex } from '../units/unit-index.js';
import { isUnit, unitNamed } from '../units/unit-named.js';
import { codeFaults, periodFaults, type PromotionPlan, spansOf } from './promotion-plan.js';
import { Promotions } from './promotions.service.js';
import { TermsOffice } from './terms.service.js';

/** Starts promotions. What it makes is seen by its officers alone until its terms are published. */
@Injectable()
export class PromotionPlans {
  constructor(
    private readonly campaigns: Campaigns,
    private readonly officers: Officers,
    private readonly promotions: Promotions,
    private readonly terms: TermsOffice,
  ) {}

  /** What an officer's form asks for, with the unit in charge as it was typed: a code or a name of the first day. */
  async start(tx: EntityManager, officer: Officer, plan: PromotionPlan, unitText: string): Promise<Campaign> {
    const unit = unitText
      ? unitNamed(new UnitIndex(await allVersions(tx)), unitText, plan.startsOn)
      : { code: 'units.findings.named-missing', got: '', expected: 'Bắc Giang' };
    const findings = [
      ...(isUnit(unit) ? [] : [{ field: 'unit', ...unit }]),
      ...(await this.faults(tx, plan)),
    ];
    if (!isUnit(unit) || findings.length > 0) throw new InputError(findings);
    await this.officers.demand(officer, 'organiser', { unitId: unit.unitId }, tx);
    return this.make(tx, { ...plan, unitId: unit.unitId }, officer.id);
  }

  /** The campaign with its periods, its code format and the draft of its terms, all or nothing. */
  async make(tx: EntityManager, plan: PromotionPlan, officerId: number | null): Promise<Campaign> {
    const findings = await this.faults(tx, plan);
    if (findings.length > 0) throw new InputError(findings);
    const campaign = await this.campaigns.create(tx, { ...plan, kind: 'promotion' }, officerId);
    for (const [at, { startsAt, cutoffAt }] of spansOf(plan).entries()) {
      const { titleVi, titleEn } = plan.periods[at]!;
      await tx.query(
        `insert into draw_period (campaign_id, slug, ordinal, title_vi, title_en, starts_at, cutoff_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [campaign.id, `ky-${at + 1}`, at + 1, titleVi, titleEn, startsAt, cutoffAt],
      );
    }
    await this.promotions.open(tx, campaign.id, plan.codes);
    await this.terms.draft(tx, campaign.id, plan.terms, officerId);
    return campaign;
  }

  private async faults(tx: EntityManager, plan: PromotionPlan): Promise<Finding[]> {
    const frame = await this.campaigns.faults(tx, { ...plan, kind: 'promotion' });
    return [...frame, ...periodFaults(plan), ...codeFaults(plan.codes)];
  }
}
