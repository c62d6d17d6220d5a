import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { IndicatorPlan, IndicatorStart, RulesPlan } from './indicator-plan.js';

/** Writes the draft of a rules version. What is published refuses every write, by trigger. */
@Injectable()
export class IndicatorDraft {
  async rules(tx: EntityManager, rulesVersionId: number, rules: RulesPlan): Promise<void> {
    await tx.query(
      `update rules_version set total_points = $2, score_decimals = $3, tie_rule = $4, tie_break = $5, minimum_applicable = $6,
              grace_days = $7, bands = $8 where id = $1`,
      [
        rulesVersionId,
        rules.totalPoints ?? 100,
        rules.scoreDecimals ?? 2,
        rules.tieRule ?? 'competition',
        rules.tieBreak ?? [],
        rules.minimumApplicable ?? '60',
        rules.graceDays ?? 3,
        JSON.stringify(
          (rules.bands ?? []).map(({ code, from, nameVi, nameEn }) => ({
            code,
            from,
            name_vi: nameVi,
            name_en: nameEn,
          })),
        ),
      ],
    );
  }

  /** Puts the indicator into the draft, or in the place of the one with its code. */
  async put(
    tx: EntityManager,
    campaignId: number,
    rulesVersionId: number,
    plan: IndicatorPlan,
  ): Promise<number> {
    const [indicator] = await tx.query<{ id: number }[]>(
      `insert into indicator (campaign_id, code, ordinal)
       values ($1, $2, (select coalesce(max(ordinal), 0) + 1 from indicator where campaign_id = $1))
       on conflict (campaign_id, code) do update set code = excluded.code returning id`,
      [campaignId, plan.code],
    );
    await tx.query('delete from indicator_version where indicator_id = $1 and rules_version_id = $2', [
      indicator?.id,
      rulesVersionId,
    ]);
    const columns = { indicator_id: indicator?.id, rules_version_id: rulesVersionId, ...columnsOf(plan) };
    const names = Object.keys(columns);
    const [version] = await tx.query<{ id: number }[]>(
      `insert into indicator_version (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')}) returning id`,
      Object.values(columns),
    );
    await this.details(tx, campaignId, version?.id ?? 0, plan);
    return version?.id ?? 0;
  }

  async remove(tx: EntityManager, campaignId: number, rulesVersionId: number, code: string): Promise<void> {
    await tx.query(
      `delete from indicator_version where rules_version_id = $2
          and indicator_id = (select id from indicator where campaign_id = $1 and code = $3)`,
      [campaignId, rulesVersionId, code],
    );
  }

  private async details(
    tx: EntityManager,
    campaignId: number,
    versionId: number,
    plan: IndicatorPlan,
  ): Promise<void> {
    const weights = Object.entries(plan.weights).filter(([, weight]) => Number(weight) > 0);
    await tx.query(
      `insert into indicator_weight (indicator_version_id, group_id, weight)
       select $1, g.id, w.weight from unnest($2::text[], $3::numeric[]) w(code, weight)
         join campaign_group g on g.code = w.code and g.campaign_id = $4`,
      [versionId, weights.map(([code]) => code), weights.map(([, weight]) => weight), campaignId],
    );
    await tx.query('insert into milestone select $1, * from unnest($2::date[], $3::numeric[])', [
      versionId,
      (plan.milestones ?? []).map(({ dueOn }) => dueOn),
      (plan.milestones ?? []).map(({ value }) => value),
    ]);
    await this.starts(tx, versionId, plan.starts ?? []);
  }

  private async starts(
    tx: EntityManager,
    versionId: number,
    starts: readonly IndicatorStart[],
  ): Promise<void> {
    await tx.query(
      `insert into indicator_start (indicator_version_id, unit_id, numerator, denominator, baseline, target)
       select $1, * from unnest($2::int[], $3::bigint[], $4::bigint[], $5::numeric[], $6::numeric[])`,
      [
        versionId,
        starts.map(({ unitId }) => unitId),
        starts.map(({ numerator }) => numerator ?? null),
        starts.map(({ denominator }) => denominator ?? null),
        starts.map(({ baseline }) => baseline ?? null),
        starts.map(({ target }) => target ?? null),
      ],
    );
  }
}

/** What an indicator's version holds under its own name; all else (weights, starts, milestones, steps) has rows of its own. */
const PLAIN = (
  'nameVi nameEn form kind cadence numeratorVi numeratorEn denominatorVi denominatorEn measureVi measureEn denominatorMeasureVi ' +
  'direction decimals maximum baselineNumerator baselineDenominator baseline target targetOperator targetDueOn targetPath curve ' +
  'bonusCap minimumDenominator onNotApplicable onNoCases onFewCases onMissing family legalBasis'
).split(' ') as (keyof IndicatorPlan)[];

function columnsOf(plan: IndicatorPlan): Record<string, unknown> {
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const given = PLAIN.filter((name) => plan[name] !== undefined && plan[name] !== null && plan[name] !== '');
  return {
    ...Object.fromEntries(given.map((name) => [snake(name), plan[name]])),
    curve_steps: JSON.stringify(plan.curveSteps ?? []),
  };
}
