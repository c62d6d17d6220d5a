import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { campaignBySlug, type Campaign } from '../campaigns/campaigns.queries.js';
import { Officers } from '../officers/officers.service.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { boardDay } from '../rules/calendar/campaign.js';
import { numberOfDay } from '../rules/calendar/day.js';
import type { Contestant } from '../rules/scoring/standings.js';
import { boardOf } from './board-acts.queries.js';
import type { Cut } from './cut.js';
import { Cuts } from './cuts.service.js';
import type { Ground } from './policy-view.js';
import { figureDonors, type Donor } from './simulation.queries.js';

/** A plan that is still being written, tried on figures that exist. */
export interface Simulation {
  readonly campaign: Campaign;
  readonly ground: Ground;
  /** Whose figures may be taken: campaigns that share units and indicators with the plan. */
  readonly donors: readonly Donor[];
  /** Whose figures are taken; none when there are none. */
  readonly figures: string | null;
  /** How many of the plan's indicators have figures there. */
  readonly shared: number;
}

/** Tries a plan before it is signed: its own rules, on the figures of a campaign that had some of its units and indicators. */
@Injectable()
export class Simulations {
  constructor(
    private readonly db: DataSource,
    private readonly officers: Officers,
    private readonly cuts: Cuts,
    private readonly clock: Clock,
  ) {}

  async see(officer: Officer, slug: string, wanted = ''): Promise<Simulation> {
    const campaign = await campaignBySlug(this.db, slug);
    const rulesVersionId = campaign?.draftRulesId ?? campaign?.rulesVersionId;
    if (!campaign || !rulesVersionId) throw new NotFoundException();
    const { id: campaignId, unitId } = campaign;
    await this.officers.demand(officer, 'organiser', { unitId, campaignId });
    const plan = await this.cuts.asKnown(slug, { knownAt: this.clock.now(), rulesVersionId });
    const donors = await figureDonors(this.db, campaignId, rulesVersionId);
    const figures = (donors.find((donor) => donor.slug === wanted) ?? donors[0])?.slug ?? null;
    const { contest } = plan;
    const donor = figures ? await this.cuts.current(figures) : plan;
    const theirs = new Set(donor.contest.indicators.map(({ code }) => code));
    const shared = figures ? contest.indicators.filter(({ code }) => theirs.has(code)).length : 0;
    const contestant = await this.borrower(plan, donor);
    return { campaign, ground: { contest, plan: contest.plan, contestant }, donors, figures, shared };
  }

  /** Evidence comes from the other campaign's last day, by the code of the indicator; targets and baselines stay the plan's. */
  private async borrower(plan: Cut, donor: Cut): Promise<(unit: number) => Contestant> {
    const board = await boardOf(this.db, donor.contest.slug);
    if (!board) throw new NotFoundException();
    const day = Math.max(0, numberOfDay(boardDay(board, this.clock.now())) - donor.contest.start);
    return (unit) => {
      const own = plan.contestant(unit, 0);
      if (!donor.contest.units.has(unit)) return own;
      const { evidence } = donor.contestant(unit, day);
      const shared = Object.entries(own.evidence).map(([code, none]) => [code, evidence[code] ?? none]);
      return { ...own, evidence: Object.fromEntries(shared) as Contestant['evidence'] };
    };
  }
}
