import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { addDays } from '../rules/calendar/day.js';
import { decimalOf } from '../rules/scoring/decimal.js';
import { rateText } from '../rules/scoring/explanation.js';
import type { GroupStandings, Row } from '../rules/scoring/standings.js';
import type { Cut } from './cut.js';

/** Standings as they are handed out and published; every figure is whole or exact decimal text. */
export interface StandingsDocument {
  readonly format: 'thidua-standings-1';
  readonly campaign: string;
  readonly asOf: string;
  /** `null`: whatever is known at the moment. */
  readonly knownAt: string | null;
  readonly rules: number;
  readonly tree: string;
  readonly decimals: number;
  readonly groups: readonly DocumentGroup[];
}

export interface DocumentGroup {
  readonly code: string;
  readonly units: readonly DocumentUnit[];
}

export interface DocumentUnit {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly place: number | null;
  readonly shared: number;
  readonly partedBy: number | null;
  readonly unranked: string | null;
  readonly score: string;
  readonly exact: string;
  readonly band: string | null;
  readonly targetsMet: number;
  readonly adjusted: string;
  readonly progress: { readonly place: number | null; readonly score: string };
  readonly cells: readonly DocumentCell[];
}

export interface DocumentCell {
  readonly indicator: string;
  readonly state: string;
  readonly policy: string | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly rate: string | null;
  readonly weight: string;
  readonly counted: string;
  readonly points: string;
}

/** The standings of a day of a cut. */
export function documentOf(cut: Cut, day: number): StandingsDocument {
  const { contest } = cut;
  return {
    format: 'thidua-standings-1',
    campaign: contest.slug,
    asOf: addDays(contest.startsOn, day),
    knownAt: cut.knownAt?.toISOString() ?? null,
    rules: contest.rulesNumber,
    tree: contest.treeOn,
    decimals: contest.plan.decimals,
    groups: cut.standings(day).map((group) => groupOf(cut, group)),
  };
}

/** Canonical JSON (RFC 8785) and its SHA-256: the same standings are the same bytes, on any machine. */
export function sealed(document: StandingsDocument): { text: string; sha256: string } {
  const text = canonicalize(document) ?? '';
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}

const groupOf = (cut: Cut, { group, rows }: GroupStandings): DocumentGroup => ({
  code: group,
  units: rows.map((row) => unitOf(cut, row)),
});

function unitOf(cut: Cut, row: Row): DocumentUnit {
  const { units, plan } = cut.contest;
  const unit = units.get(row.unit);
  return {
    id: row.unit,
    code: unit?.code ?? '',
    name: unit?.name ?? '',
    place: row.place.rank,
    shared: row.place.shared,
    partedBy: row.place.partedBy,
    unranked: row.score.unranked,
    score: decimalOf(row.score.published, plan.decimals),
    exact: decimalOf(row.score.exact, 6),
    band: row.band,
    targetsMet: row.targetsMet,
    adjusted: decimalOf(row.score.adjusted, 6),
    progress: { place: row.progressPlace.rank, score: decimalOf(row.progress.published, plan.decimals) },
    cells: row.score.parts.map((part) => {
      const rule = plan.indicators.find(({ code }) => code === part.indicator);
      const { state, policy, shown } = part.cell;
      return {
        indicator: part.indicator,
        state,
        policy,
        numerator: shown?.numerator ?? null,
        denominator: shown?.denominator ?? null,
        rate: rule && shown ? rateText(rule, shown) : null,
        weight: decimalOf(part.weight, 6),
        counted: decimalOf(part.counted, 6),
        points: decimalOf(part.earned, 6),
      };
    }),
  };
}
