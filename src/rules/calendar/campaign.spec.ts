import { boardState, isFrozen, refusalsOf, type BoardTimes } from './board.js';
import { boardDay, dayCount, excludedDays, windowOf } from './campaign.js';
import { addDays, dayOfNumber, inclusiveDays, localDay, numberOfDay, startOfDay } from './day.js';

const drive = { startsOn: '2022-06-01', endsOn: '2022-08-31' };

describe('days', () => {
  it('the drive has 92 days and nights, the programme of Bắc Giang 243', () => {
    expect(inclusiveDays(drive.startsOn, drive.endsOn)).toBe(92);
    expect(inclusiveDays('2022-08-01', '2023-03-31')).toBe(243);
    expect(numberOfDay('2023-06-01') - numberOfDay('2023-03-31')).toBe(62);
  });

  it('go through the end of February and come back', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2023-02-28', 1)).toBe('2023-03-01');
    expect(dayOfNumber(numberOfDay('2026-11-22'))).toBe('2026-11-22');
  });

  it.each(['2022-02-30', '2022-13-01', '01/06/2022', ''])('%p is none', (day) =>
    expect(() => numberOfDay(day)).toThrow(RangeError),
  );

  it('midnight is that of Asia/Ho_Chi_Minh', () => {
    expect(localDay(new Date('2022-05-31T16:59:59.999Z'))).toBe('2022-05-31');
    expect(localDay(new Date('2022-05-31T17:00:00Z'))).toBe('2022-06-01');
    expect(startOfDay('2022-06-01').toISOString()).toBe('2022-05-31T17:00:00.000Z');
  });
});

describe('day n of the campaign', () => {
  it.each([
    ['before the first midnight', '2022-05-31T16:59:59Z', 'announced', 0],
    ['at the first midnight', '2022-05-31T17:00:00Z', 'open', 1],
    ['on 22 June', '2022-06-22T03:00:00Z', 'open', 22],
    ['in the last second', '2022-08-31T16:59:59Z', 'open', 92],
    ['after it', '2022-08-31T17:00:00Z', 'over', 92],
  ])('%s', (_, at, phase, day) => expect(dayCount(drive, new Date(at))).toEqual({ phase, day, of: 92 }));

  it('of a campaign of one day, and of four years', () => {
    const one = { startsOn: '2024-02-29', endsOn: '2024-02-29' };
    expect(dayCount(one, new Date('2024-02-29T05:00:00Z'))).toEqual({ phase: 'open', day: 1, of: 1 });
    const four = { startsOn: '2022-01-01', endsOn: '2025-12-31' };
    expect(dayCount(four, new Date('2025-12-31T16:00:00Z'))).toEqual({ phase: 'open', day: 1461, of: 1461 });
    expect(windowOf(one).closesAt.getTime() - windowOf(one).opensAt.getTime()).toBe(86_400_000);
  });

  it('the board is about today, inside the campaign', () => {
    expect(boardDay(drive, new Date('2022-01-01T00:00:00Z'))).toBe('2022-06-01');
    expect(boardDay(drive, new Date('2022-06-21T18:00:00Z'))).toBe('2022-06-22');
    expect(boardDay(drive, new Date('2026-01-01T00:00:00Z'))).toBe('2022-08-31');
  });
});

describe('excluded days', () => {
  const at = (text: string) => new Date(text);
  const outage = {
    day: '2022-07-10',
    decidedAt: at('2022-07-12T00:00:00Z'),
    withdrawnAt: at('2022-07-20T00:00:00Z'),
  };

  it.each([
    ['before the decision', '2022-07-11T23:59:59Z', 0],
    ['from the decision on', '2022-07-12T00:00:00Z', 1],
    ['until it is withdrawn', '2022-07-20T00:00:00Z', 0],
  ])('%s', (_, knownAt, count) => expect(excludedDays([outage], at(knownAt)).size).toBe(count));
});

describe('the state of the board', () => {
  const on = (day: number) => new Date(Date.UTC(2022, 7, day));
  const times = (more: Partial<BoardTimes> = {}): BoardTimes => ({
    started: on(1),
    frozen: null,
    ended: on(20),
    thawed: null,
    finalised: null,
    ...more,
  });

  it('goes started, frozen, ended, thawed, final (ICPC contest control: started < frozen < ended < thawed, finalised)', () => {
    const states = [
      boardState(times(), on(0)),
      boardState(times(), on(2)),
      boardState(times({ frozen: on(15) }), on(16)),
      boardState(times({ frozen: on(15) }), on(21)),
      boardState(times({ frozen: on(15), thawed: on(22) }), on(23)),
      boardState(times({ frozen: on(15), thawed: on(22), finalised: on(24) }), on(25)),
    ];
    expect(states).toEqual(['waiting', 'running', 'frozen', 'frozen', 'thawed', 'final']);
  });

  it('thaws and finalises in either order', () => {
    const frozen = times({ frozen: on(15) });
    expect(refusalsOf('thaw', frozen, on(21))).toEqual([]);
    expect(refusalsOf('finalise', frozen, on(21))).toEqual([]);
    const final = { ...frozen, finalised: on(21) };
    expect(isFrozen(final)).toBe(true);
    expect(refusalsOf('thaw', final, on(22))).toEqual([]);
    expect(refusalsOf('finalise', { ...frozen, thawed: on(21) }, on(22))).toEqual([]);
  });

  it('refuses what is out of order, and says why', () => {
    expect(refusalsOf('freeze', times(), on(0))).toEqual(['not-started']);
    expect(refusalsOf('freeze', times({ frozen: on(5) }), on(6))).toEqual(['already-frozen']);
    expect(refusalsOf('thaw', times(), on(6))).toEqual(['not-frozen']);
    expect(refusalsOf('thaw', times({ frozen: on(5), thawed: on(6) }), on(7))).toEqual(['already-thawed']);
    expect(refusalsOf('finalise', times(), on(6))).toEqual(['still-running']);
    expect(refusalsOf('finalise', times({ finalised: on(21) }), on(22))).toEqual(['already-final']);
    expect(refusalsOf('freeze', times({ finalised: on(21) }), on(22))).toEqual(['already-final']);
  });

  it('may be frozen again after a thaw', () =>
    expect(refusalsOf('freeze', times({ frozen: on(5), thawed: on(6) }), on(7))).toEqual([]));
});
