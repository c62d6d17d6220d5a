import { createHash } from 'node:crypto';
import { ConflictException, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { groupsOf, participantsOf, phasesOf, type Campaign } from '../campaigns/campaigns.queries.js';
import { Campaigns } from '../campaigns/campaigns.service.js';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { checklist, type Checklist } from './checklist.js';
import { IndicatorDraft } from './indicator-draft.service.js';
import type { Plan } from './indicator-plan.js';
import { exemptFromAll, indicatorsOf, rulesOf, weightSums } from './indicators.queries.js';

export interface Amendment {
  readonly decisionRef: string;
  readonly decidedOn: string;
  readonly reason: string;
}

/** The plan of a campaign: written as a draft, published whole, amended by decision only. */
@Injectable()
export class Plans {
  constructor(
    private readonly campaigns: Campaigns,
    private readonly draft: IndicatorDraft,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** Makes the campaign with everything its plan states, as a draft. */
  async create(tx: EntityManager, plan: Plan, officer: number | null): Promise<Campaign> {
    const { id } = await this.campaigns.create(tx, plan, officer);
    const [rules] = await tx.query<{ id: number }[]>(
      'insert into rules_version (campaign_id, number, created_at, created_by) values ($1, 1, $2, $3) returning id',
      [id, this.clock.now(), officer],
    );
    await this.draft.rules(tx, rules?.id ?? 0, plan.rules ?? {});
    for (const indicator of plan.indicators) await this.draft.put(tx, id, rules?.id ?? 0, indicator);
    for (const [at, task] of (plan.tasks ?? []).entries())
      await tx.query(
        `insert into task (campaign_id, ordinal, title_vi, title_en, owner_unit_id, starts_on, due_on, weight, added_on, created_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          id,
          at + 1,
          task.titleVi,
          task.titleEn,
          task.ownerUnitId ?? null,
          task.startsOn,
          task.dueOn,
          task.weight ?? null,
          plan.startsOn,
          officer,
        ],
      );
    return this.campaigns.bySlug(tx, plan.slug);
  }

  /** What the draft (or, without one, the rules in force) lacks. */
  async check(tx: EntityManager, campaign: Campaign): Promise<Checklist> {
    const rulesVersionId = campaign.draftRulesId ?? campaign.rulesVersionId ?? 0;
    const rules = await rulesOf(tx, rulesVersionId);
    if (!rules)
      return {
        missing: [{ field: 'rules', code: 'indicators.findings.indicators', got: 0, expected: 1 }],
        remarks: [],
      };
    return checklist({
      campaign,
      rules,
      groups: await groupsOf(tx, campaign.id),
      participants: await participantsOf(tx, campaign),
      indicators: await indicatorsOf(tx, rulesVersionId),
      sums: await weightSums(tx, campaign.id, rulesVersionId),
      exempt: await exemptFromAll(tx, campaign.id, rulesVersionId),
    });
  }

  /** Publishes the draft. The first version needs nothing but a complete plan; each later one a decision. */
  async publish(
    tx: EntityManager,
    slug: string,
    officer: number | null,
    amendment?: Amendment,
  ): Promise<void> {
    const campaign = await this.campaigns.bySlug(tx, slug);
    if (!campaign.draftRulesId) throw new ConflictException('indicators.nothing-to-publish');
    await tx.query('select 1 from rules_version where id = $1 for update', [campaign.draftRulesId]);
    const { missing } = await this.check(tx, campaign);
    const unfounded = campaign.rulesVersionId === null ? [] : faultsOf(amendment);
    if (missing.length + unfounded.length > 0) throw new InputError([...missing, ...unfounded]);
    const indicators = await indicatorsOf(tx, campaign.draftRulesId);
    await tx.query(
      `update rules_version set decision_ref = coalesce($2, $3), decided_on = $4, reason = $5, published_at = $6, published_by = $7
        where id = $1`,
      [
        campaign.draftRulesId,
        amendment?.decisionRef ?? null,
        campaign.decisionRef,
        amendment?.decidedOn ?? null,
        amendment?.reason ?? null,
        this.clock.now(),
        officer,
      ],
    );
    const sha256 = createHash('sha256').update(JSON.stringify(indicators)).digest('hex');
    const act = campaign.rulesVersionId === null ? 'campaign.published' : 'campaign.amended';
    const facts = {
      rulesVersion: (campaign.rulesNumber ?? 0) + 1,
      indicators: indicators.length,
      sha256,
      decision: amendment?.decisionRef,
    };
    await this.journal.record(tx, { officer, act, subject: `campaign/${slug}`, facts });
  }

  /** Opens an amendment: a draft that begins as a copy of the rules in force. */
  async amend(tx: EntityManager, slug: string, officer: number | null): Promise<void> {
    const campaign = await this.campaigns.bySlug(tx, slug);
    if (!campaign.rulesVersionId || campaign.draftRulesId)
      throw new ConflictException('indicators.amendment-open');
    const [draft] = await tx.query<{ id: number }[]>(
      `insert into rules_version (campaign_id, number, total_points, score_decimals, tie_rule, tie_break, minimum_applicable, grace_days,
                                  bands, created_at, created_by)
       select campaign_id, number + 1, total_points, score_decimals, tie_rule, tie_break, minimum_applicable, grace_days, bands, $2, $3
         from rules_version where id = $1 returning id`,
      [campaign.rulesVersionId, this.clock.now(), officer],
    );
    for (const indicator of await indicatorsOf(tx, campaign.rulesVersionId))
      await this.draft.put(tx, campaign.id, draft?.id ?? 0, indicator);
    const facts = { rulesVersion: (campaign.rulesNumber ?? 0) + 1 };
    await this.journal.record(tx, {
      officer,
      act: 'campaign.amendment-opened',
      subject: `campaign/${slug}`,
      facts,
    });
  }

  /** Notes the decision an open amendment rests on, before it is published: what it moves is shown under its number. */
  async decide(tx: EntityManager, slug: string, officer: number | null, amendment: Amendment): Promise<void> {
    const campaign = await this.campaigns.bySlug(tx, slug);
    if (!campaign.rulesVersionId || !campaign.draftRulesId)
      throw new ConflictException('indicators.no-amendment');
    const unfounded = faultsOf(amendment);
    if (unfounded.length > 0) throw new InputError(unfounded);
    const { decisionRef, decidedOn, reason } = amendment;
    await tx.query('update rules_version set decision_ref = $2, decided_on = $3, reason = $4 where id = $1', [
      campaign.draftRulesId,
      decisionRef,
      decidedOn,
      reason,
    ]);
    const facts = { what: decisionRef };
    await this.journal.record(tx, { officer, act: 'campaign.drafted', subject: `campaign/${slug}`, facts });
  }

  /** Drops an amendment that is not wanted any more. The first draft of a campaign stays. */
  async dropAmendment(tx: EntityManager, slug: string, officer: number | null): Promise<void> {
    const campaign = await this.campaigns.bySlug(tx, slug);
    if (!campaign.rulesVersionId || !campaign.draftRulesId)
      throw new ConflictException('indicators.no-amendment');
    await tx.query('delete from rules_version where id = $1', [campaign.draftRulesId]);
    await this.journal.record(tx, {
      officer,
      act: 'campaign.amendment-dropped',
      subject: `campaign/${slug}`,
    });
  }

  /** The plan of a campaign as it could be written down again: for a copy, an export, an amendment. */
  async planOf(tx: EntityManager, campaign: Campaign): Promise<Plan> {
    const rulesVersionId = campaign.rulesVersionId ?? campaign.draftRulesId ?? 0;
    const participants = await participantsOf(tx, campaign);
    const groups = (await groupsOf(tx, campaign.id)).map(({ code, nameVi, nameEn }) => ({
      code,
      nameVi,
      nameEn,
      units: participants.filter(({ groupCode }) => groupCode === code).map(({ unitId }) => unitId),
    }));
    const rules = await rulesOf(tx, rulesVersionId);
    const bands = rules?.bands.map(({ name_vi: nameVi, name_en: nameEn, ...band }) => ({
      ...band,
      nameVi,
      nameEn,
    }));
    const { decisionRef, unitId, ...frame } = campaign;
    return {
      ...frame,
      decisionRef: decisionRef ?? undefined,
      unitId: unitId ?? undefined,
      phases: await phasesOf(tx, campaign.id),
      groups,
      rules: rules && ({ ...rules, bands } as Plan['rules']),
      indicators: await indicatorsOf(tx, rulesVersionId),
    };
  }
}

function faultsOf(amendment: Amendment | undefined): Finding[] {
  const needed = {
    decisionRef: '181/QĐ-UBND',
    decidedOn: '2022-07-01',
    reason: 'thay đổi trọng số',
  } as const;
  const wrong = (field: keyof Amendment) => {
    const text = amendment?.[field].trim() ?? '';
    return (
      text === '' || (field === 'decidedOn' && !/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text))
    );
  };
  return (Object.keys(needed) as (keyof Amendment)[]).filter(wrong).map((field) => ({
    field,
    code: 'indicators.findings.amendment-unfounded',
    got: '',
    expected: needed[field],
  }));
}
