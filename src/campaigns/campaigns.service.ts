import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import type { CampaignPlan, GroupPlan, PhasePlan } from './campaign-plan.js';
import { campaignBySlug, type Campaign } from './campaigns.queries.js';

/** The frame of a campaign: its days, its phases, its groups and who takes part. */
@Injectable()
export class Campaigns {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  async bySlug(tx: EntityManager, slug: string): Promise<Campaign> {
    const campaign = await campaignBySlug(tx, slug);
    if (!campaign) throw new NotFoundException('campaigns.unknown');
    return campaign;
  }

  /** Makes a campaign that nobody but its officers sees until its rules are published. */
  async create(tx: EntityManager, plan: CampaignPlan, officer: number | null): Promise<Campaign> {
    const findings = await this.faults(tx, plan);
    if (findings.length > 0) throw new InputError(findings);
    const parent = plan.parentSlug ? await this.bySlug(tx, plan.parentSlug) : null;
    await tx.query(
      `insert into campaign (slug, kind, parent_id, unit_id, title_vi, title_en, decision_ref, starts_on, ends_on, units_as_of,
                             report_due_days, lock_after_days, approval_steps, created_at, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        plan.slug,
        plan.kind,
        parent?.id ?? null,
        plan.unitId ?? null,
        plan.titleVi,
        plan.titleEn,
        plan.decisionRef ?? null,
        plan.startsOn,
        plan.endsOn,
        plan.unitsAsOf ?? plan.startsOn,
        plan.reportDueDays ?? 1,
        plan.lockAfterDays ?? 7,
        plan.approvalSteps ?? 1,
        this.clock.now(),
        officer,
      ],
    );
    const campaign = await this.bySlug(tx, plan.slug);
    for (const phase of plan.phases ?? []) await this.addPhase(tx, campaign.id, phase);
    for (const [at, group] of (plan.groups ?? []).entries())
      await this.addGroup(tx, campaign.id, group, at + 1);
    const facts = { kind: plan.kind, startsOn: plan.startsOn, endsOn: plan.endsOn };
    await this.journal.record(tx, {
      officer,
      act: 'campaign.created',
      subject: `campaign/${plan.slug}`,
      facts,
    });
    return campaign;
  }

  /** Everything that keeps a plan from becoming a campaign. */
  async faults(tx: EntityManager, plan: CampaignPlan): Promise<Finding[]> {
    return [...faultsOf(plan), ...(await this.taken(tx, plan.slug))];
  }

  /** A group with its units; a unit that takes part already moves over. */
  async addGroup(tx: EntityManager, campaignId: number, group: GroupPlan, ordinal: number): Promise<number> {
    const [{ id } = { id: 0 }] = await tx.query<{ id: number }[]>(
      `insert into campaign_group (campaign_id, code, ordinal, name_vi, name_en) values ($1, $2, $3, $4, $5)
       on conflict (campaign_id, code) do update set name_vi = excluded.name_vi, name_en = excluded.name_en returning id`,
      [campaignId, group.code, ordinal, group.nameVi, group.nameEn],
    );
    await this.place(tx, campaignId, id, group.units ?? []);
    return id;
  }

  async place(
    tx: EntityManager,
    campaignId: number,
    groupId: number,
    units: readonly number[],
  ): Promise<void> {
    await tx.query(
      `insert into participation (campaign_id, group_id, unit_id) select $1, $2, unnest($3::int[])
       on conflict (campaign_id, unit_id) do update set group_id = excluded.group_id`,
      [campaignId, groupId, units],
    );
  }

  async addPhase(tx: EntityManager, campaignId: number, phase: PhasePlan): Promise<void> {
    await tx.query(
      `insert into phase (campaign_id, kind, title_vi, title_en, starts_on, ends_on) values ($1, $2, $3, $4, $5, $6)`,
      [campaignId, phase.kind, phase.titleVi, phase.titleEn, phase.startsOn, phase.endsOn],
    );
  }

  async removePhase(tx: EntityManager, campaignId: number, phaseId: number): Promise<void> {
    await tx.query('delete from phase where campaign_id = $1 and id = $2', [campaignId, phaseId]);
  }

  private async taken(tx: EntityManager, slug: string): Promise<Finding[]> {
    const known = await campaignBySlug(tx, slug);
    return known
      ? [{ field: 'titleVi', code: 'campaigns.findings.slug-taken', got: slug, expected: known.titleVi }]
      : [];
  }
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

function faultsOf(plan: CampaignPlan): Finding[] {
  const findings: Finding[] = [];
  const fault = (field: string, code: string, got: unknown, expected: unknown) =>
    findings.push({ field, code: `campaigns.findings.${code}`, got, expected });
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(plan.slug)) fault('slug', 'slug-malformed', plan.slug, '92-ngay-dem');
  if (!plan.titleVi.trim())
    fault('titleVi', 'title-missing', plan.titleVi, 'Chiến dịch cao điểm 92 ngày đêm');
  if (!plan.titleEn.trim()) fault('titleEn', 'title-missing', plan.titleEn, '92-day drive');
  for (const field of ['startsOn', 'endsOn'] as const)
    if (!DAY.test(plan[field])) fault(field, 'day-malformed', plan[field], '01/6/2022');
  if (DAY.test(plan.startsOn) && DAY.test(plan.endsOn) && plan.endsOn < plan.startsOn)
    fault('endsOn', 'ends-before-start', plan.endsOn, plan.startsOn);
  for (const { startsOn, endsOn } of plan.phases ?? [])
    if (startsOn < plan.startsOn || endsOn < startsOn)
      fault('phases', 'phase-outside', startsOn, plan.startsOn);
  return findings;
}
