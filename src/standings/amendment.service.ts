import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { campaignBySlug, type Campaign } from '../campaigns/campaigns.queries.js';
import { indicatorsOf, rulesOf, type Rules } from '../indicators/indicators.queries.js';
import { planChanges, type PlanChange } from '../indicators/plan-changes.js';
import { Officers } from '../officers/officers.service.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { differencesOf, type Difference } from '../rules/scoring/difference.js';
import { boardDay } from '../rules/calendar/campaign.js';
import { boardOf } from './board-acts.queries.js';
import { situation } from './comparison.service.js';
import type { Cut } from './cut.js';
import { Cuts } from './cuts.service.js';

/** What a draft of the rules would move if it were in force now. */
export interface AmendmentPreview {
  readonly campaign: Campaign;
  readonly rules: Rules;
  readonly on: string;
  readonly cut: Cut;
  readonly changes: readonly PlanChange[];
  readonly differences: readonly Difference[];
}

/** Works a draft of the rules out on today's figures, before anybody signs it. */
@Injectable()
export class Amendments {
  constructor(
    private readonly db: DataSource,
    private readonly officers: Officers,
    private readonly cuts: Cuts,
    private readonly clock: Clock,
  ) {}

  async preview(officer: Officer, slug: string): Promise<AmendmentPreview> {
    const campaign = await campaignBySlug(this.db, slug);
    const board = await boardOf(this.db, slug);
    if (!campaign || !board) throw new NotFoundException();
    const { id: campaignId, unitId, rulesVersionId, draftRulesId } = campaign;
    await this.officers.demand(officer, 'organiser', { unitId, campaignId });
    const rules = draftRulesId && (await rulesOf(this.db, draftRulesId));
    if (!rules || !rulesVersionId || !draftRulesId) throw new NotFoundException();
    const now = this.clock.now();
    const on = boardDay(board, now);
    const before = await this.cuts.current(slug);
    const after = await this.cuts.asKnown(slug, { knownAt: now, rulesVersionId: draftRulesId });
    const old = situation(before, on);
    const amended = situation(after, on);
    const passage = { from: old, corrected: old, ruled: amended, redrawn: amended, to: amended };
    return {
      campaign,
      rules,
      on,
      cut: after,
      changes: planChanges(
        await indicatorsOf(this.db, rulesVersionId),
        await indicatorsOf(this.db, draftRulesId),
      ),
      differences: differencesOf(passage),
    };
  }
}
