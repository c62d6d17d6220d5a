/** When each thing happened to a campaign's board; `null` for not yet. */
export interface BoardTimes {
  readonly started: Date | null;
  readonly frozen: Date | null;
  readonly ended: Date | null;
  readonly thawed: Date | null;
  readonly finalised: Date | null;
}

export type BoardState = 'waiting' | 'running' | 'frozen' | 'ended' | 'thawed' | 'final';
export type BoardAct = 'freeze' | 'thaw' | 'finalise';
export type BoardRefusal =
  'not-started' | 'still-running' | 'already-frozen' | 'not-frozen' | 'already-final' | 'already-thawed';

/**
 * As in contest boards: started < frozen < ended; then thaw and finalise in either order; after both nothing more
 * happens. A final board that is still frozen shows the public the frozen one until it is thawed.
 */
export function boardState({ started, frozen, ended, thawed, finalised }: BoardTimes, now: Date): BoardState {
  if (finalised) return 'final';
  if (!started || now < started) return 'waiting';
  if (frozen && !thawed) return 'frozen';
  if (thawed && frozen) return 'thawed';
  return ended && now >= ended ? 'ended' : 'running';
}

/** Does the public see an older cut than the officers? */
export const isFrozen = ({ frozen, thawed }: BoardTimes): boolean =>
  frozen !== null && (thawed === null || thawed < frozen);

/** Why an act is not allowed now; an empty list allows it. */
export function refusalsOf(act: BoardAct, times: BoardTimes, now: Date): BoardRefusal[] {
  const refusals: BoardRefusal[] = [];
  if (!times.started || now < times.started) refusals.push('not-started');
  if (act === 'freeze') {
    if (isFrozen(times)) refusals.push('already-frozen');
    if (times.finalised) refusals.push('already-final');
  }
  if (act === 'thaw' && !isFrozen(times)) refusals.push(times.thawed ? 'already-thawed' : 'not-frozen');
  if (act === 'finalise') {
    if (!times.ended || now < times.ended) refusals.push('still-running');
    if (times.finalised) refusals.push('already-final');
  }
  return refusals;
}
