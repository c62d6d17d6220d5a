import { ForbiddenException, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Campaigns } from '../campaigns/campaigns.service.js';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { slugOf } from '../campaigns/slug.js';
import { Officers } from '../officers/officers.service.js';
import type { Officer } from '../platform/http/access.js';
import { InputError, type Finding } from '../platform/http/input-error.js';
import { UnitIndex, type UnitVersion } from '../units/unit-index.js';
import { isUnit, unitNamed } from '../units/unit-named.js';
import { allVersions, treeOn } from '../units/unit.queries.js';
import { copiedPlan } from './copied-plan.js';
import { driveTemplate } from './drive-template.js';
import { Plans } from './plans.service.js';

/** What the form of a new campaign says. */
export interface NewPlan {
  readonly titleVi: string;
  readonly titleEn: string;
  readonly decisionRef: string;
  readonly startsOn: string;
  /** Code or name of the unit the campaign belongs to. */
  readonly unit: string;
  /** Kinds of units that take part, each a group of its own. */
  readonly kinds: readonly string[];
  /** The campaign to copy; the template when empty. */
  readonly copyOf: string;
}

const GROUP_OF_KIND: Record<string, string> = {
  district: 'districts',
  department: 'departments',
  agency: 'departments',
  commune: 'communes',
};
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Makes campaigns out of forms: from the template or as a copy, with the units of one place. */
@Injectable()
export class PlanForms {
  constructor(
    private readonly db: DataSource,
    private readonly campaigns: Campaigns,
    private readonly plans: Plans,
    private readonly officers: Officers,
  ) {}

  async create(officer: Officer, form: NewPlan): Promise<Campaign> {
    const findings = faultsOf(form);
    if (findings.length > 0) throw new InputError(findings);
    return this.db.transaction(async (tx) => {
      const place = await this.placeOf(tx, form);
      await this.officers.demand(officer, 'organiser', { unitId: place.unitId }, tx);
      const below = await treeOn(tx, form.startsOn, place.unitId);
      const start = { ...form, slug: slugOf(form.titleVi), unitId: place.unitId };
      if (!form.copyOf)
        return this.plans.create(
          tx,
          driveTemplate({ ...start, units: unitsOf(below, form.kinds) }),
          officer.id,
        );
      const old = await this.plans.planOf(tx, await this.campaigns.bySlug(tx, form.copyOf));
      const living = new Set(below.map(({ unitId }) => unitId));
      const copy = copiedPlan(old, start);
      const groups = copy.groups?.map((group) => ({
        ...group,
        units: group.units?.filter((id) => living.has(id)),
      }));
      const plan = { ...copy, unitId: place.unitId, decisionRef: form.decisionRef || undefined, groups };
      return this.plans.create(tx, plan, officer.id);
    });
  }

  /** A campaign the officer may plan. */
  async mine(tx: EntityManager, officer: Officer, slug: string): Promise<Campaign> {
    const campaign = await this.campaigns.bySlug(tx, slug);
    if (campaign.kind === 'promotion') throw new ForbiddenException();
    await this.officers.demand(
      officer,
      'organiser',
      { unitId: campaign.unitId, campaignId: campaign.id },
      tx,
    );
    return campaign;
  }

  private async placeOf(tx: EntityManager, { unit, startsOn }: NewPlan): Promise<UnitVersion> {
    const found = unitNamed(new UnitIndex(await allVersions(tx)), unit, startsOn);
    if (isUnit(found)) return found;
    throw new InputError([{ field: 'unit', ...found }]);
  }
}

function faultsOf(form: NewPlan): Finding[] {
  const findings: Finding[] = [];
  if (!form.titleVi)
    findings.push({
      field: 'titleVi',
      code: 'campaigns.findings.title-missing',
      got: '',
      expected: 'Chiến dịch cao điểm 92 ngày đêm',
    });
  if (!form.titleEn)
    findings.push({
      field: 'titleEn',
      code: 'campaigns.findings.title-missing',
      got: '',
      expected: '92-day drive',
    });
  if (!DAY.test(form.startsOn))
    findings.push({
      field: 'startsOn',
      code: 'campaigns.findings.day-malformed',
      got: form.startsOn,
      expected: '01/6/2022',
    });
  if (!form.unit)
    findings.push({
      field: 'unit',
      code: 'units.findings.named-missing',
      got: '',
      expected: 'Bình Phước',
    });
  if (!form.copyOf && form.kinds.length === 0)
    findings.push({ field: 'kinds', code: 'indicators.findings.kinds-missing', got: '', expected: 1 });
  return findings;
}

function unitsOf(below: readonly UnitVersion[], kinds: readonly string[]): Record<string, number[]> {
  const units: Record<string, number[]> = { districts: [], departments: [], communes: [] };
  for (const { kind, unitId } of below)
    if (kinds.includes(kind)) units[GROUP_OF_KIND[kind] ?? '']?.push(unitId);
  return units;
}
