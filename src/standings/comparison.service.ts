import { BadRequestException, Injectable } from '@nestjs/common';
import { numberOfDay } from '../rules/calendar/day.js';
import { differencesOf, type Difference, type Situation } from '../rules/scoring/difference.js';
import { Clock } from '../platform/clock.js';
import { Cuts, type CutKeys } from './cuts.service.js';
import type { Cut } from './cut.js';
import type { Sight } from './sight.service.js';

/** One side of a comparison: a day, and the other three keys where they are not the present ones. */
export interface Side {
  readonly on: string;
  readonly knownAt: Date | null;
  readonly rulesVersionId: number | null;
  readonly treeOn: string | null;
  /** Number of the published standings it is, if it is one. */
  readonly publication: number | null;
}

export interface Compared {
  readonly from: Side;
  readonly to: Side;
  readonly cut: Cut;
  readonly differences: readonly Difference[];
}

/** Explains the difference between any two standings of a campaign. */
@Injectable()
export class Comparisons {
  constructor(
    private readonly cuts: Cuts,
    private readonly clock: Clock,
  ) {}

  /** A side as text: `#2` is published standings, a day is that day as known now, `now` the present. */
  sideOf(sight: Sight, text: string | undefined, otherwise: Side): Side {
    if (!text) return otherwise;
    if (text.startsWith('#')) {
      const found = sight.publications.find(({ number }) => `#${number}` === text);
      if (!found) throw new BadRequestException('standings.refusal.no-publication');
      const {
        as_of: on,
        known_at: knownAt,
        rules_version_id: rulesVersionId,
        tree_on: treeOn,
        number,
      } = found;
      return { on, knownAt, rulesVersionId, treeOn, publication: number };
    }
    if (text === 'now') return { ...PRESENT, on: sight.lastOn };
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new BadRequestException('standings.refusal.no-day');
    const on = text < sight.board.startsOn ? sight.board.startsOn : text > sight.lastOn ? sight.lastOn : text;
    return { ...PRESENT, on };
  }

  async compare(sight: Sight, from: Side, to: Side): Promise<Compared> {
    const { slug } = sight.cut.contest;
    const open = (keys: Omit<Side, 'on' | 'publication'>) => this.open(sight, slug, keys);
    const first = await open(from);
    const corrected = await open({
      ...from,
      knownAt: to.knownAt,
      rulesVersionId: first.contest.rulesVersionId,
    });
    const last = await open(to);
    const ruled = await open({ ...to, treeOn: first.contest.treeOn });
    const passage = {
      from: situation(first, from.on),
      corrected: situation(corrected, from.on),
      ruled: situation(ruled, from.on),
      redrawn: situation(last, from.on),
      to: situation(last, to.on),
    };
    return { from, to, cut: last, differences: differencesOf(passage) };
  }

  /** Cuts with the campaign's present keys are the one the reader sees already. */
  private open(
    { cut, frozen, special }: Sight,
    slug: string,
    side: Omit<Side, 'on' | 'publication'>,
  ): Promise<Cut> | Cut {
    const { contest } = cut;
    const sameRules = side.rulesVersionId === null || side.rulesVersionId === contest.rulesVersionId;
    const sameTree = side.treeOn === null || side.treeOn === contest.treeOn;
    if (side.knownAt === null && sameRules && sameTree && !special) return cut;
    const limit = frozen && cut.knownAt ? cut.knownAt : this.clock.now();
    const keys: CutKeys = {
      knownAt: side.knownAt ?? limit,
      rulesVersionId: side.rulesVersionId,
      treeOn: side.treeOn,
    };
    return this.cuts.asKnown(slug, keys);
  }
}

const PRESENT = { knownAt: null, rulesVersionId: null, treeOn: null, publication: null };

/** All that the standings of a day are made of. */
export function situation(cut: Cut, on: string): Situation {
  const day = numberOfDay(on) - cut.contest.start;
  const plan = cut.planOn(day);
  const units = plan.groups.flatMap(({ units: members }) => members);
  return { plan, contestants: new Map(units.map((unit) => [unit, cut.contestant(unit, day)])) };
}
