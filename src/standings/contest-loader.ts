import type { DataSource, EntityManager } from 'typeorm';
import { addDays, inclusiveDays, numberOfDay } from '../rules/calendar/day.js';
import { millionths } from '../rules/scoring/decimal.js';
import { fraction, lowest, MILLION } from '../rules/scoring/fraction.js';
import type { Plan } from '../rules/scoring/plan.js';
import { cellKey, type Contest, type ContestUnit } from './contest.js';
import {
  asideRows,
  campaignRow,
  groupRows,
  indicatorRows,
  phaseRows,
  unitRows,
  type AsideRow,
  type CampaignRow,
  type IndicatorRow,
  type UnitRow,
} from './contest.queries.js';
import { indicatorOf } from './contest-indicator.js';
import { startsOf } from './inherited-starts.js';
import { isCarried, passagesOf, sourcesByUnit, type Passage } from './passage.js';
import { handoverRows, passageRows } from './passage.queries.js';

export interface ContestKeys {
  readonly knownAt: Date;
  /** `null`: the version in force at `knownAt`. */
  readonly rulesVersionId: number | null;
  /** `null`: the day the campaign fixed. */
  readonly treeOn: string | null;
}

/** Reads a campaign as its standings see it; nothing for one that is not there, or not published by then. */
export async function loadContest(
  db: DataSource | EntityManager,
  campaign: { id: number } | { slug: string },
  { knownAt, rulesVersionId, treeOn }: ContestKeys,
): Promise<Contest | undefined> {
  const row = await campaignRow(db, campaign, knownAt, rulesVersionId);
  if (!row) return undefined;
  const tree = treeOn ?? row.units_as_of;
  const indicators = await indicatorRows(db, row.rules_version_id);
  const groups = await groupRows(db, row.id);
  const { units, passages, handovers } = await peopleOf(db, row, tree);
  const asides = await asideRows(db, row.id, knownAt);
  const phases = await phaseRows(db, row.id);
  return {
    ...headOf(row, tree),
    plan: planOf(
      row,
      indicators,
      groups.map(({ code }) => code),
      units,
    ),
    indicators: indicators.map((indicator) => indicatorOf(indicator, row)),
    groups: groups.map(({ code, name_vi: nameVi, name_en: nameEn }) => ({ code, nameVi, nameEn })),
    phases: phases.map((phase) => ({
      kind: phase.kind,
      titleVi: phase.title_vi,
      titleEn: phase.title_en,
      startsOn: phase.starts_on,
      endsOn: phase.ends_on,
    })),
    units,
    passages,
    handovers,
    ...startsOf(indicators, passages),
    ...decisionsOf(asides, passages),
  };
}

function headOf(row: CampaignRow, treeOn: string) {
  return {
    id: row.id,
    slug: row.slug,
    kind: row.kind,
    titleVi: row.title_vi,
    titleEn: row.title_en,
    decisionRef: row.decision_ref,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    start: numberOfDay(row.starts_on),
    days: inclusiveDays(row.starts_on, row.ends_on),
    rulesVersionId: row.rules_version_id,
    rulesNumber: row.rules_number,
    rulesDecision: row.rules_decision,
    graceDays: row.grace_days,
    treeOn,
    bands: row.bands.map((band) => ({
      code: band.code,
      nameVi: band.name_vi ?? band.nameVi ?? band.code,
      nameEn: band.name_en ?? band.nameEn ?? band.code,
    })),
  };
}

function planOf(
  row: CampaignRow,
  indicators: IndicatorRow[],
  groups: string[],
  units: Contest['units'],
): Plan {
  const weights = (group: string) =>
    Object.fromEntries(
      indicators.flatMap(({ code, weights: all }) => (all[group] ? [[code, millionths(all[group])]] : [])),
    );
  const members = (group: string) =>
    [...units.values()].flatMap((unit) => (unit.group === group ? [unit.id] : []));
  return {
    total: row.total_points * MILLION,
    decimals: row.score_decimals,
    minimumApplicable: lowest(fraction(millionths(row.minimum_applicable), 100 * MILLION)),
    ranking: row.tie_rule,
    ties: row.tie_break,
    bands: row.bands.map(({ code, from }) => ({ code, from: Math.round(Number(from) * 10_000) * 100 })),
    indicators: indicators.map((indicator) => indicatorOf(indicator, row).rule),
    groups: groups.map((code) => ({ code, units: members(code), weights: weights(code) })),
  };
}

/** Who takes part on this tree, the campaign's own unit, everything below them, and who has figures without being on it. */
async function peopleOf(
  db: DataSource | EntityManager,
  { id: campaignId, unit_id: top }: CampaignRow,
  treeOn: string,
) {
  const all = await unitRows(db, campaignId, treeOn);
  const away = await passageRows(db, campaignId, treeOn);
  const handovers = away.length > 0 ? await handoverRows(db, campaignId, treeOn) : [];
  const passages = passagesOf(away, {
    parents: new Map(all.map((row) => [row.id, row.parent_id])),
    heirs: new Set(all.flatMap(({ id, since }) => (since ? [id] : []))),
    handovers,
  });
  const sources = sourcesByUnit(passages);
  const carriers = new Set(passages.flatMap(({ kin, below }) => [...kin.map(({ unitId }) => unitId), below]));
  const units = new Map<number, ContestUnit>(
    concerned(all, top, carriers).map((row) => [row.id, unitOf(row, sources.get(row.id) ?? [])]),
  );
  for (const { unitId: id, code, name, kind, below: parentId } of passages)
    units.set(id, { id, code, name, kind, parentId, group: null, joined: null, left: null });
  return {
    units,
    passages,
    handovers: handovers.map(({ from_id: from, to_id: to, on }) => ({ from, to, on: numberOfDay(on) })),
  };
}

function unitOf(row: UnitRow, sources: readonly Passage[]): ContestUnit {
  // Of a split whose shares nobody knows nothing from before is its own: it begins on that day.
  const anew = row.since !== null && sources.length > 0 && !sources.some(isCarried);
  const from = row.joined_on ?? (anew ? row.since : null);
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    kind: row.kind,
    parentId: row.parent_id,
    group: row.group_code,
    joined: from ? numberOfDay(from) : null,
    left: row.left_on ? numberOfDay(row.left_on) : null,
  };
}

function concerned(all: UnitRow[], top: number | null, carriers: ReadonlySet<number | null>): UnitRow[] {
  const byId = new Map(all.map((row) => [row.id, row]));
  const known = new Map<number, boolean>();
  const isConcerned = (row: UnitRow | undefined, depth = 0): boolean => {
    if (!row || depth > 20) return false;
    const own =
      known.get(row.id) ??
      (row.group_code !== null || row.id === top || isConcerned(byId.get(row.parent_id ?? 0), depth + 1));
    known.set(row.id, own);
    return own;
  };
  return all.filter((row) => isConcerned(row) || carriers.has(row.id));
}

/** Decisions on a unit hold for the one of the tree that it became, where it became just that one. */
function decisionsOf(asides: AsideRow[], passages: readonly Passage[]) {
  const now = new Map(
    passages.flatMap(({ how, unitId, below }) => (how === 'same' ? [[unitId, below ?? unitId]] : [])),
  );
  const of = (what: AsideRow['what']) =>
    asides
      .filter((row) => row.what === what)
      .map((row) => ({ ...row, unit: now.get(row.unit_id ?? 0) ?? row.unit_id ?? 0 }));
  return {
    exemptions: new Map(
      of('exemption').map((row) => [
        cellKey(row.unit, row.indicator ?? ''),
        { reason: row.reason ?? '', on: row.day },
      ]),
    ),
    departures: new Map(
      of('departure').map((row) => [
        row.unit,
        { lastOn: row.day ?? '', decisionRef: row.decision_ref, reason: row.reason },
      ]),
    ),
    excluded: new Set(of('excluded').map((row) => numberOfDay(row.day ?? ''))),
    adjustments: of('adjustment').map((row) => ({
      unit: row.unit,
      from: numberOfDay(row.day ?? ''),
      points: millionths(row.points ?? '0'),
      reason: row.reason ?? '',
      decisionRef: row.decision_ref ?? '',
    })),
  };
}

/** The last day of a contest. */
export const lastDay = (contest: Contest): string => addDays(contest.startsOn, contest.days - 1);
