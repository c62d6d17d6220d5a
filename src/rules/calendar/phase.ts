export type Phase = 'announced' | 'open' | 'over';

/** The two instants that box a campaign in. An entity row fits as it is. */
export interface Window {
  readonly opensAt: Date;
  readonly closesAt: Date;
}

/** Half-open: a campaign is open from `opensAt`, and already over at `closesAt`. */
export function phaseOf({ opensAt, closesAt }: Window, now: Date): Phase {
  if (now < opensAt) return 'announced';
  return now < closesAt ? 'open' : 'over';
}
