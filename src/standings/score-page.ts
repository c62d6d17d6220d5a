import { Injectable, NotFoundException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { decimalOf } from '../rules/scoring/decimal.js';
import { Acts } from './acts.service.js';
import { notesOf } from './board-notes.js';
import { campaignFrame } from './campaign-frame.js';
import type { Cut } from './cut.js';
import { explained } from './explanation-view.js';
import { DISPUTERS } from './objections.service.js';
import { passageViews } from './passage-view.js';
import { Sights, type Glance, type Sight } from './sight.service.js';
import { sourcesOf } from './sources.queries.js';
import { unitIn } from './unit-view.js';

export interface ScoreQuery extends Glance {
  /** The indicator whose readings are listed. */
  readonly readings?: string;
}

/** The page under a score; drawn again, with what was typed, when an objection on it is refused. */
@Injectable()
export class ScorePage {
  constructor(
    private readonly db: DataSource,
    private readonly sights: Sights,
    private readonly acts: Acts,
    private readonly views: Views,
  ) {}

  async draw(
    request: FastifyRequest,
    slug: string,
    unitId: number,
    query: ScoreQuery,
    { findings = [] as Finding[], values = {} } = {},
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const { cut, day } = sight;
    const { unit, ...seen } = unitIn(sight, unitId);
    const at = sight.on === sight.lastOn ? '' : `?on=${sight.on}`;
    const unitCrumb = { label: unit.name, href: `/campaigns/${slug}/units/${unit.id}${at}` };
    const why = { label: 'standings.why.title' };
    return this.views.page(request, 'standings/score', {
      ...campaignFrame(sight, this.views.locale(request), unitCrumb, why),
      unit,
      passages: passageViews(cut, day, unit.id),
      passagesOpen: true,
      notes: notesOf(cut, day, { unit: unit.id }),
      row: seen.row,
      group: cut.contest.groups.find(({ code }) => code === seen.group.code),
      parted: seen.row.place.partedBy === null ? null : tieName(cut, seen.row.place.partedBy),
      ties: cut.contest.plan.ties.map((_, index) => tieName(cut, index)),
      ...explained(cut, seen.row),
      adjustments: cut
        .adjustmentsIn(unit.id, day)
        .map((one) => ({ ...one, points: decimalOf(one.points, 2) })),
      readings: query.readings ? await this.readings(sight, unit.id, query.readings) : null,
      objections: (await this.acts.objections.of(slug, unit.id)).filter(({ outcome }) => outcome === null),
      disputable: await this.disputable(sight, unit.id, request),
      link: (at ? `${at}&` : '?') + 'readings=',
      findings,
      values: { day: sight.on, ...values },
    });
  }

  /** The figures this reader may dispute here; null for whoever may not, and once the result is final. */
  private async disputable({ cut, state }: Sight, unitId: number, request: FastifyRequest) {
    const { officer } = request;
    if (!officer || state === 'final') return null;
    const reach = { unitId, campaignId: cut.contest.id };
    if (!(await this.acts.officers.may(officer, DISPUTERS, reach))) return null;
    const locale = this.views.locale(request);
    return cut.contest.indicators.map(({ code, nameVi, nameEn }) => ({
      value: code,
      label: locale === 'en' ? nameEn : nameVi,
    }));
  }

  private async readings({ cut, on }: Sight, unit: number, code: string) {
    const indicator = cut.contest.indicators.find((one) => one.code === code);
    if (!indicator) throw new NotFoundException();
    const adds = cut.cube.adds[cut.contest.indicators.indexOf(indicator)] ?? false;
    const unitIds = adds ? below(cut, unit) : namesOf(cut, unit);
    const { rows, total } = await sourcesOf(this.db, {
      campaignId: cut.contest.id,
      unitIds,
      indicatorId: indicator.id,
      until: on,
      knownAt: cut.knownAt,
    });
    return { rows, total, shown: rows.length, code, indicator };
  }
}

const tieName = (cut: Cut, index: number): string => {
  const tie = cut.contest.plan.ties[index];
  return typeof tie === 'string' ? tie : '';
};

/** The unit, and itself under its other name. */
const namesOf = ({ contest }: Cut, unit: number): number[] => [
  unit,
  ...contest.passages.flatMap(({ how, below: main, unitId }) =>
    how === 'same' && main === unit ? [unitId] : [],
  ),
];

/** A unit and everything below it on the contest's tree. */
function below(cut: Cut, unit: number): number[] {
  const found = [unit];
  for (const id of cut.cube.unitOf) {
    const parent = cut.contest.units.get(id)?.parentId;
    if (parent !== null && parent !== undefined && id !== unit && found.includes(parent)) found.push(id);
  }
  // The same unit under an earlier or later name, and who was divided among these.
  const { passages } = cut.contest;
  const beside = passages.filter(
    ({ how, below: top, kin }) =>
      (how === 'same' && found.includes(top ?? 0)) ||
      (how === 'divided' && kin.some(({ unitId }) => found.includes(unitId))),
  );
  return [...found, ...beside.map(({ unitId }) => unitId)];
}
