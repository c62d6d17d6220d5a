import type { Locale } from '../platform/http/format.js';
import type { Sight } from './sight.service.js';

/** What every page of a campaign's standings says of itself: title, way back, day, state, phases. */
export function campaignFrame(sight: Sight, locale: Locale, ...below: { label: string; href?: string }[]) {
  const { cut, count, day, on, lastOn, state, frozen, board, special } = sight;
  const { contest } = cut;
  const title = locale === 'en' ? contest.titleEn : contest.titleVi;
  const home = { label: 'shell.nav.home', href: '/' };
  const own = below.length > 0 ? { label: title, href: `/campaigns/${contest.slug}` } : { label: title };
  return {
    title: below.at(-1)?.label ?? title,
    crumbs: [home, own, ...below],
    slug: contest.slug,
    campaign: contest,
    dayNumber: day + 1,
    days: contest.days,
    on,
    lastOn,
    lastDay: Math.round((Date.parse(lastOn) - Date.parse(contest.startsOn)) / 86_400_000) + 1,
    count,
    state,
    stateLook: stateLook(state),
    final: state === 'final' && !special,
    frozen,
    frozenAt: board.frozen,
    frozenForOfficers: board.frozen !== null && !frozen && state === 'frozen',
    special,
    knownAt: cut.knownAt,
    phase: contest.phases.findLast(({ startsOn, endsOn }) => startsOn <= on && on <= endsOn) ?? null,
    phases: contest.phases.map((phase) => ({ ...phase, now: phase.startsOn <= on && on <= phase.endsOn })),
  };
}

/** How the badge of a board's state looks. */
export const stateLook = (state: Sight['state']) =>
  ({
    waiting: 'info',
    running: 'good',
    frozen: 'info',
    ended: 'watch',
    thawed: 'watch',
    final: 'done',
  })[state];
