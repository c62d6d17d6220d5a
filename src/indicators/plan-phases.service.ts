import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { PhaseKind } from '../campaigns/campaign-plan.js';
import { phasesOf, type Campaign } from '../campaigns/campaigns.queries.js';
import { Campaigns } from '../campaigns/campaigns.service.js';
import { Journal } from '../journal/journal.service.js';
import type { Officer } from '../platform/http/access.js';
import { InputError, type Finding } from '../platform/http/input-error.js';

export const PHASE_KINDS: readonly PhaseKind[] = ['launch', 'interim-review', 'sprint', 'final-review'];

export interface PhaseForm {
  readonly kind: string;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly startsOn: string;
  readonly endsOn: string;
}

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** The named stretches of a campaign. They move no score, and may be set at any time. */
@Injectable()
export class PlanPhases {
  constructor(
    private readonly campaigns: Campaigns,
    private readonly journal: Journal,
  ) {}

  async add(tx: EntityManager, officer: Officer, campaign: Campaign, form: PhaseForm): Promise<void> {
    const kind = PHASE_KINDS.find((one) => one === form.kind);
    const findings = faultsOf(form, campaign);
    const taken = (await phasesOf(tx, campaign.id)).some(
      (one) => one.kind === kind && one.startsOn === form.startsOn,
    );
    if (!kind || taken)
      findings.push({ field: 'phase.startsOn', code: 'campaigns.findings.phase-taken', got: form.startsOn });
    if (findings.length > 0 || !kind) throw new InputError(findings);
    await this.campaigns.addPhase(tx, campaign.id, { ...form, kind });
    await this.note(tx, officer, campaign, `phase +${kind}`);
  }

  async remove(tx: EntityManager, officer: Officer, campaign: Campaign, id: number): Promise<void> {
    await this.campaigns.removePhase(tx, campaign.id, id);
    await this.note(tx, officer, campaign, `phase -${id}`);
  }

  private note(tx: EntityManager, officer: Officer, { slug }: Campaign, what: string) {
    const facts = { what };
    return this.journal.record(tx, {
      officer: officer.id,
      act: 'campaign.drafted',
      subject: `campaign/${slug}`,
      facts,
    });
  }
}

function faultsOf({ titleVi, titleEn, startsOn, endsOn }: PhaseForm, campaign: Campaign): Finding[] {
  const findings: Finding[] = [];
  const fault = (field: string, code: string, got: string, expected: string) =>
    findings.push({ field: `phase.${field}`, code: `campaigns.findings.${code}`, got, expected });
  if (!titleVi) fault('titleVi', 'title-missing', '', 'Sơ kết');
  if (!titleEn) fault('titleEn', 'title-missing', '', 'Interim review');
  if (!DAY.test(startsOn)) fault('startsOn', 'day-malformed', startsOn, '02/7/2022');
  else if (startsOn < campaign.startsOn) fault('startsOn', 'phase-outside', startsOn, campaign.startsOn);
  if (!DAY.test(endsOn)) fault('endsOn', 'day-malformed', endsOn, '08/7/2022');
  else if (DAY.test(startsOn) && endsOn < startsOn) fault('endsOn', 'ends-before-start', endsOn, startsOn);
  return findings;
}
