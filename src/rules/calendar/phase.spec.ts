import { phaseOf } from './phase.js';

const window = { opensAt: new Date('2022-05-31T17:00:00Z'), closesAt: new Date('2022-08-31T17:00:00Z') };

describe('phaseOf', () => {
  it.each([
    ['the last instant before it opens', '2022-05-31T16:59:59.999Z', 'announced'],
    ['the first instant', '2022-05-31T17:00:00Z', 'open'],
    ['the last instant', '2022-08-31T16:59:59.999Z', 'open'],
    ['the instant it closes', '2022-08-31T17:00:00Z', 'over'],
  ])('at %s', (_, at, phase) => expect(phaseOf(window, new Date(at))).toBe(phase));
});
