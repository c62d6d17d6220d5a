import * as fc from 'fast-check';
import { inOrder, keyOf, levelIn, memberIn, orderingOf } from './ordering.js';
import { awardCut, ranksOf, type Contender } from './rank.js';

const contender = (unit: number, score: number, keys: number[] = [], ranked = true): Contender => ({
  unit,
  score,
  keys,
  ranked,
});
const places = (scores: number[], ranking: 'competition' | 'dense' = 'competition') => {
  const ranks = new Map(
    ranksOf(
      scores.map((score, unit) => contender(unit, score)),
      ranking,
    ).map(({ unit, rank }) => [unit, rank]),
  );
  return scores.map((_, unit) => ranks.get(unit));
};

describe('ranks', () => {
  // scipy.stats.rankdata on [0, 2, 3, 2], ascending; higher is better here, so the signs are turned.
  it('of 0, 2, 3, 2 are 1, 2, 4, 2 and, dense, 1, 2, 3, 2', () => {
    expect(places([0, -2, -3, -2])).toEqual([1, 2, 4, 2]);
    expect(places([0, -2, -3, -2], 'dense')).toEqual([1, 2, 3, 2]);
  });

  it('leave out who is not ranked, and list them last', () => {
    const rows = ranksOf([contender(1, 5, [], false), contender(2, 3)]);
    expect(rows.map(({ unit, rank }) => [unit, rank])).toEqual([
      [2, 1],
      [1, null],
    ]);
  });

  it('of four teams tied for 17th are 17, 17, 17, 17 and then 21', () => {
    const scores = [...Array.from({ length: 16 }, (_, index) => 100 - index), 50, 50, 50, 50, 40];
    expect(places(scores).slice(16)).toEqual([17, 17, 17, 17, 21]);
  });

  // NITI Aayog's first delta ranking gave 11,0 and 11,0 the places 13 and 14, by hidden decimals; here the
  // printed figure decides and the place is shared.
  it('share the place where the published figures are equal', () => {
    const deltas = [11.3, 11.0, 11.0, 10.8].map((delta) => Math.round(delta * 10));
    expect(places(deltas)).toEqual([1, 2, 2, 4]);
  });

  it('go by the declared tie-breaks, and say which one parted them', () => {
    const rows = ranksOf([contender(1, 9, [3, 1]), contender(2, 9, [3, 2]), contender(3, 9, [4, 0])]);
    expect(rows.map(({ unit, rank, partedBy }) => [unit, rank, partedBy])).toEqual([
      [3, 1, null],
      [2, 2, 0],
      [1, 3, 1],
    ]);
  });

  it('are the number of better ones plus one', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 60 }), (scores) => {
        const expected = scores.map((score) => 1 + scores.filter((other) => other > score).length);
        expect(places(scores)).toEqual(expected);
      }),
    ));

  it('do not depend on the order units are given in', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(3)), { maxLength: 30 }), (pairs) => {
        const all = pairs.map(([score, key], unit) => contender(unit, score, [key]));
        const ranks = (list: Contender[]) =>
          ranksOf(list)
            .toSorted((a, b) => a.unit - b.unit)
            .map(({ rank }) => rank);
        expect(ranks(all.toReversed())).toEqual(ranks(all));
      }),
    ));
});

describe('the award cut', () => {
  const rows = ranksOf([contender(1, 9), contender(2, 8), contender(3, 8), contender(4, 7)]);

  it('falls between two places', () => expect(awardCut(rows, 3)).toEqual({ sure: [1, 2, 3], tied: [] }));
  it('in a tie names the tied, and cuts nobody', () =>
    expect(awardCut(rows, 2)).toEqual({ sure: [1], tied: [2, 3] }));
  it('with more prizes than units gives one to each', () =>
    expect(awardCut(rows, 9).sure).toEqual([1, 2, 3, 4]));
});

describe('keys put in order for a nation', () => {
  it('are in the order a plain sort gives, however many scores there are', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(40), fc.nat(9)), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(1, 20, 1_000),
        (members, room) => {
          const ordering = orderingOf(members.length, room);
          members.forEach(([score, tie], member) => (ordering.keys[member] = keyOf(score, tie, member)));
          const sorted = [...ordering.keys].toSorted((a, b) => a - b);
          expect([...inOrder(ordering, members.length)]).toEqual(sorted);
          expect(sorted.map((key) => memberIn(key, levelIn(key))).toSorted((a, b) => a - b)).toEqual(
            members.map((_, member) => member),
          );
        },
      ),
    ));
});
