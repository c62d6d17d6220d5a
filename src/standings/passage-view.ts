import { decimalOf } from '../rules/scoring/decimal.js';
import { MILLION } from '../rules/scoring/fraction.js';
import { numberOfDay } from '../rules/calendar/day.js';
import type { Cut } from './cut.js';
import type { Kin, Passage } from './passage.js';

/** What a page says of a unit whose figures came onto this tree another way: the sentence's key and its words. */
export interface PassageView {
  readonly key: string;
  readonly name: string;
  readonly since: string | null;
  readonly kin: string;
  readonly below: string | null;
}

const SHOWN = 40;

/**
 * Mergers and splits that matter to this board, or to one unit of it: whose figures are added to whom, divided by known shares,
 * counted only further up, or left out. Nothing is passed over in silence.
 */
export function passageViews(cut: Cut, day: number, unit?: number): { list: PassageView[]; more: number } {
  const { passages, start } = cut.contest;
  const begun = ({ later, since }: Passage) =>
    !later || (since !== null && numberOfDay(since) <= start + day);
  const told = passages.filter((one) => begun(one) && (unit === undefined || concerns(one, unit)));
  return {
    list: told.slice(0, SHOWN).map((one) => viewOf(cut, one)),
    more: Math.max(0, told.length - SHOWN),
  };
}

const concerns = ({ unitId, below, kin }: Passage, unit: number): boolean =>
  unitId === unit || below === unit || kin.some((one) => one.unitId === unit);

function viewOf(cut: Cut, { how, later, name, since, kin, below }: Passage): PassageView {
  const { units } = cut.contest;
  const nameOf = (id: number | null) => (id === null ? '' : (units.get(id)?.name ?? `#${id}`));
  const told = ({ unitId, share }: Kin) =>
    how === 'divided' ? `${nameOf(unitId)} (${percentOf(share)} %)` : nameOf(unitId);
  return {
    key: `${later ? 'later' : 'gone'}.${how}`,
    name,
    since,
    kin: kin.map(told).join(', '),
    below: below === null ? null : nameOf(below),
  };
}

const percentOf = (share: string | null): string =>
  decimalOf(Math.round(Number(share) * MILLION) * 100, 2)
    .replace(/\.?0+$/, '')
    .replace('.', ',');
