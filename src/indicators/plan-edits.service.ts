import { ConflictException, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { groupsOf, type Campaign } from '../campaigns/campaigns.queries.js';
import { Campaigns } from '../campaigns/campaigns.service.js';
import { Journal } from '../journal/journal.service.js';
import type { Officer } from '../platform/http/access.js';
import { InputError, type Finding } from '../platform/http/input-error.js';
import { UnitIndex } from '../units/unit-index.js';
import { isUnit, unitNamed } from '../units/unit-named.js';
import { allVersions } from '../units/unit.queries.js';
import { IndicatorDraft } from './indicator-draft.service.js';
import type { IndicatorPlan } from './indicator-plan.js';
import { indicatorsOf } from './indicators.queries.js';

/** One row of the weights form: weights by group, target, due day. What is not given stays. */
export interface WeightRow {
  readonly code: string;
  readonly weights: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly targetDueOn?: string;
}

/** Edits the draft of a plan. A published plan refuses: it is changed by an amendment. */
@Injectable()
export class PlanEdits {
  constructor(
    private readonly campaigns: Campaigns,
    private readonly draft: IndicatorDraft,
    private readonly journal: Journal,
  ) {}

  /** The number of the plan or decision the campaign rests on; without it nothing is published. */
  async decision(tx: EntityManager, officer: Officer, campaign: Campaign, reference: string): Promise<void> {
    draftOf(campaign);
    if (reference === '')
      throw new InputError([
        { field: 'decisionRef', code: 'indicators.findings.decision', got: '', expected: '170/KH-UBND' },
      ]);
    await tx.query('update campaign set decision_ref = $2 where id = $1', [campaign.id, reference]);
    await this.note(tx, officer, campaign, 'decision');
  }

  async weights(
    tx: EntityManager,
    officer: Officer,
    campaign: Campaign,
    rows: readonly WeightRow[],
  ): Promise<void> {
    const rulesVersionId = draftOf(campaign);
    const findings = rows.flatMap((row) => faultsOf(row));
    if (findings.length > 0) throw new InputError(findings);
    const indicators = await indicatorsOf(tx, rulesVersionId);
    for (const { code, weights, target, targetDueOn } of rows) {
      const indicator = indicators.find((one) => one.code === code);
      if (!indicator) continue;
      await this.draft.put(tx, campaign.id, rulesVersionId, {
        ...indicator,
        weights: { ...indicator.weights, ...plain(weights) },
        ...(target !== undefined && { target: decimal(target) }),
        ...(targetDueOn !== undefined && { targetDueOn }),
      });
    }
    await this.note(tx, officer, campaign, 'weights');
  }

  async indicator(
    tx: EntityManager,
    officer: Officer,
    campaign: Campaign,
    plan: IndicatorPlan,
  ): Promise<void> {
    const rulesVersionId = draftOf(campaign);
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(plan.code))
      throw new InputError([
        {
          field: 'code',
          code: 'indicators.findings.code-malformed',
          got: plan.code,
          expected: 'ho-so-truc-tuyen',
        },
      ]);
    await this.draft.put(tx, campaign.id, rulesVersionId, plan);
    await this.note(tx, officer, campaign, plan.code);
  }

  async removeIndicator(
    tx: EntityManager,
    officer: Officer,
    campaign: Campaign,
    code: string,
  ): Promise<void> {
    await this.draft.remove(tx, campaign.id, draftOf(campaign), code);
    await this.note(tx, officer, campaign, code);
  }

  /** Adds units to a group, each line a code or a name of the campaign's day. */
  async addUnits(
    tx: EntityManager,
    officer: Officer,
    campaign: Campaign,
    groupCode: string,
    lines: readonly string[],
  ): Promise<number> {
    const group = (await groupsOf(tx, campaign.id)).find(({ code }) => code === groupCode);
    if (!group)
      throw new InputError([
        { field: 'group', code: 'indicators.findings.groups', got: groupCode, expected: 1 },
      ]);
    const index = new UnitIndex(await allVersions(tx));
    const findings: Finding[] = [];
    const units = lines.flatMap((line, at) => {
      const found = unitNamed(index, line, campaign.unitsAsOf);
      if (isUnit(found)) return [found.unitId];
      findings.push({ field: 'units', row: at + 1, ...found });
      return [];
    });
    if (findings.length > 0) throw new InputError(findings);
    await this.campaigns.place(tx, campaign.id, group.id, units);
    await this.note(tx, officer, campaign, `group ${groupCode}: +${units.length}`);
    return units.length;
  }

  /** Takes units out; once the plan is published they leave on a day instead, and their readings stay. */
  async removeUnits(
    tx: EntityManager,
    officer: Officer,
    campaign: Campaign,
    units: readonly number[],
  ): Promise<void> {
    if (campaign.rulesVersionId) throw new ConflictException('indicators.published');
    await tx.query('delete from participation where campaign_id = $1 and unit_id = any($2)', [
      campaign.id,
      units,
    ]);
    await this.note(tx, officer, campaign, `units: -${units.length}`);
  }

  private async note(tx: EntityManager, officer: Officer, { slug }: Campaign, what: string): Promise<void> {
    await this.journal.record(tx, {
      officer: officer.id,
      act: 'campaign.drafted',
      subject: `campaign/${slug}`,
      facts: { what },
    });
  }
}

function draftOf(campaign: Campaign): number {
  if (!campaign.draftRulesId) throw new ConflictException('indicators.published');
  return campaign.draftRulesId;
}

/** Typed as `12,5` or `12.5`. */
export const decimal = (text: string) => text.trim().replace(',', '.');

const plain = (weights: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(weights).map(([code, weight]) => [code, decimal(weight) || '0']));

function faultsOf({ code, weights, target = '', targetDueOn }: WeightRow): Finding[] {
  const wrong = (text: string) => text.trim() !== '' && !/^\d{1,4}(\.\d{1,4})?$/.test(decimal(text));
  const faults = Object.entries(weights)
    .filter(([, weight]) => wrong(weight))
    .map(([group, weight]) => ({
      field: `w.${code}.${group}`,
      code: 'indicators.findings.weight-malformed',
      got: weight,
      expected: '12,5',
    }));
  if (wrong(target))
    faults.push({
      field: `t.${code}`,
      code: 'indicators.findings.weight-malformed',
      got: target,
      expected: '80',
    });
  if (targetDueOn && !/^\d{4}-\d{2}-\d{2}$/.test(targetDueOn))
    faults.push({
      field: `d.${code}`,
      code: 'campaigns.findings.day-malformed',
      got: targetDueOn,
      expected: '02/9/2022',
    });
  return faults;
}
