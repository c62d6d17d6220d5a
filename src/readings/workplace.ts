import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { campaignBySlug, type Campaign } from '../campaigns/campaigns.queries.js';
import type { Officer, Role } from '../platform/http/access.js';
import type { Views } from '../platform/http/views.js';
import { waitingCount } from './approvals.queries.js';
import { unitsReached, type ReachedUnit } from './reach.queries.js';

export interface Place {
  readonly campaign: Campaign;
  /** Units taking part that the officer works for; by their names of a day, where one was asked for. */
  readonly units: readonly ReachedUnit[];
  readonly organises: boolean;
  readonly waiting: number;
}

/** The work pages of one campaign's readings, as one officer finds them. */
@Injectable()
export class Workplace {
  constructor(private readonly db: DataSource) {}

  /** @throws NotFoundException for a campaign that is not published; ForbiddenException for an officer without a unit in it. */
  async of(
    officer: Officer,
    slug: string,
    roles: readonly Role[] = ['reporter', 'organiser'],
    on: string | null = null,
  ): Promise<Place> {
    const campaign = await campaignBySlug(this.db, slug);
    if (!campaign?.rulesVersionId || campaign.kind === 'promotion') throw new NotFoundException();
    const units = await unitsReached(this.db, officer.id, roles, campaign, on);
    if (units.length === 0) throw new ForbiddenException('officers.refusals.noRight');
    const organised = await unitsReached(this.db, officer.id, ['organiser'], campaign);
    const waiting = await waitingCount(
      this.db,
      campaign.id,
      units.map(({ unitId }) => unitId),
    );
    return { campaign, units, organises: organised.length > 0, waiting };
  }
}

/** What every work page of a campaign shows round its own matter. */
export function frameOf({ campaign, organises, waiting }: Place, tab: string, english: boolean) {
  const title = english ? campaign.titleEn : campaign.titleVi;
  return {
    crumbs: [
      { label: 'shell.nav.office', href: '/office' },
      { label: 'readings.title', href: '/office/readings' },
      { label: title, href: `/office/readings/${campaign.slug}` },
    ],
    campaign,
    campaignTitle: title,
    organises,
    waiting,
    tab,
  };
}

export const isEnglish = (views: Views, request: Parameters<Views['locale']>[0]) =>
  views.locale(request) === 'en';
