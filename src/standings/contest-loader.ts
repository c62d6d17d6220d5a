import type { DataSource, EntityManager } from 'typeorm';
import { addDays, inclusiveDays, numberOfDay } from '../rules/calendar/day.js';
import { millionths } from '../rules/scoring/decimal.js';
import { fraction, lowest, MILLION, pooled, type Fraction } from '../rules/scoring/fraction.js';
import type { Plan } from '../rules/scoring/plan.js';
import { cellKey, type Contest, type ContestUnit, type Heir } from './contest.js';
import {
  asideRows,
  campaignRow,
  groupRows,
  heirRows,
  indicatorRows,
  phaseRows,
  unitRows,
  type AsideRow,
  type CampaignRow,
  type HeirRow,
  type IndicatorRow,
  type UnitRow,
} from './contest.queries.js';
import { indicatorOf, valueOf } from './contest-indicator.js';

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
  const { units, heirs } = await peopleOf(db, row, tree);
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
    heirs,
    ...startsOf(indicators, heirs),
    ...decisionsOf(asides),
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

/** Participants, the campaign's own unit, and everything below them. */
async function peopleOf(
  db: DataSource | EntityManager,
  { id: campaignId, unit_id: top }: CampaignRow,
  treeOn: string,
) {
  const all = await unitRows(db, campaignId, treeOn);
  const rows = concerned(all, top);
  const units = new Map<number, ContestUnit>(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        code: row.code,
        name: row.name,
        kind: row.kind,
        parentId: row.parent_id,
        group: row.group_code,
        joined: row.joined_on ? numberOfDay(row.joined_on) : null,
        left: row.left_on ? numberOfDay(row.left_on) : null,
      },
    ]),
  );
  return { units, heirs: inherit(units, await heirRows(db, campaignId, treeOn)) };
}

function concerned(all: UnitRow[], top: number | null): UnitRow[] {
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
  return all.filter((row) => isConcerned(row));
}

/** Puts units that are gone below what carries them on, and their place in a group with it. */
function inherit(units: Map<number, ContestUnit>, rows: HeirRow[]): Map<number, Heir[]> {
  const heirs = new Map<number, Heir[]>();
  const all = { joined: null, left: null };
  for (const row of rows) {
    const { unit_id: gone, heir_id: id, share, group_code: group } = row;
    heirs.set(gone, [...(heirs.get(gone) ?? []), { unitId: id, share }]);
    const known = units.get(id) ?? {
      id,
      code: row.code,
      name: row.name,
      kind: row.kind,
      parentId: row.parent_id,
      group: null,
      ...all,
    };
    units.set(id, { ...known, group: known.group ?? (share === '1' ? group : null) });
    if (share !== '1') continue;
    const was = { code: row.unit_code, name: row.unit_name, kind: row.unit_kind };
    units.set(gone, { id: gone, ...was, parentId: id, group: null, ...all });
  }
  return heirs;
}

/** Own baselines and targets; who carries others on begins at the sum of their figures. */
function startsOf(indicators: IndicatorRow[], heirs: Contest['heirs']) {
  const baselines = new Map<string, Fraction>();
  const targets = new Map<string, Fraction>();
  for (const indicator of indicators)
    for (const start of indicator.starts) {
      const key = cellKey(start.unit_id, indicator.code);
      const baseline =
        start.denominator !== null && start.numerator !== null
          ? fraction(start.numerator, start.denominator)
          : start.baseline === null
            ? null
            : valueOf(indicator, start.baseline);
      if (baseline) baselines.set(key, baseline);
      if (start.target !== null) targets.set(key, valueOf(indicator, start.target));
    }
  for (const [gone, [heir]] of heirs)
    for (const { code, starts } of heir?.share === '1' ? indicators : []) {
      const own = starts.find((start) => start.unit_id === gone);
      if (!heir || !own || own.numerator === null || own.denominator === null) continue;
      const key = cellKey(heir.unitId, code);
      baselines.set(
        key,
        pooled([
          ...(baselines.has(key) ? [baselines.get(key)!] : []),
          fraction(own.numerator, own.denominator),
        ]),
      );
    }
  return { baselines, targets };
}

function decisionsOf(asides: AsideRow[]) {
  const of = (what: AsideRow['what']) => asides.filter((row) => row.what === what);
  return {
    exemptions: new Map(
      of('exemption').map((row) => [cellKey(row.unit_id ?? 0, row.indicator ?? ''), row.reason]),
    ),
    excluded: new Set(of('excluded').map((row) => numberOfDay(row.day ?? ''))),
    adjustments: of('adjustment').map((row) => ({
      unit: row.unit_id ?? 0,
      from: numberOfDay(row.day ?? ''),
      points: millionths(row.points ?? '0'),
      reason: row.reason,
      decisionRef: row.decision_ref ?? '',
    })),
  };
}

/** The last day of a contest. */
export const lastDay = (contest: Contest): string => addDays(contest.startsOn, contest.days - 1);
