import { Controller, Get, Header, NotFoundException, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { dayOfNumber } from '../rules/calendar/day.js';
import { decimalOf } from '../rules/scoring/decimal.js';
import { evennessOf } from '../rules/scoring/evenness.js';
import { rateText } from '../rules/scoring/explanation.js';
import { percentOf } from '../rules/scoring/decimal.js';
import { compare, type Fraction } from '../rules/scoring/fraction.js';
import { Public } from '../platform/http/access.js';
import { spread } from '../platform/http/pictures.js';
import { Views } from '../platform/http/views.js';
import { cellOf } from './board-view.js';
import type { BoardQuery } from './board.pages.js';
import { campaignFrame } from './campaign-frame.js';
import { cellKey, partsOf, type ContestIndicator } from './contest.js';
import { Sights, type Sight } from './sight.service.js';

/** One indicator: every unit of a group, and how even the units are inside. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class IndicatorPages {
  constructor(
    private readonly sights: Sights,
    private readonly views: Views,
  ) {}

  @Get(':slug/indicators/:code')
  @Header('content-type', 'text/html; charset=utf-8')
  async indicator(
    @Param('slug') slug: string,
    @Param('code') code: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const locale = this.views.locale(request);
    const indicator = sight.cut.contest.indicators.find((one) => one.code === code);
    if (!indicator) throw new NotFoundException();
    const groups = groupsWith(sight, code);
    const group = groups.find((one) => one.code === query.group) ?? groups[0];
    const disputed = await this.sights.disputed(sight);
    const rows = rowsOf(sight, indicator, group?.code ?? '').map((row) => ({
      ...row,
      disputed: disputed.has(cellKey(row.unit, code)),
    }));
    const name = locale === 'en' ? indicator.nameEn : indicator.nameVi;
    const { target } = indicator.rule;
    return this.views.page(request, 'standings/indicator', {
      ...campaignFrame(sight, locale, { label: name }),
      indicator,
      share: indicator.rule.measure === 'share',
      target: target && {
        ...target,
        text: rateText(indicator.rule, target.value),
        on: dayOfNumber(target.dueOn),
      },
      groups: groups.map((one) => ({ ...one, href: `?group=${one.code}`, current: one === group })),
      rows,
      ...pooledOf(sight, indicator, group?.code ?? ''),
      picture: spread(
        rows.flatMap(({ text }) => (text === null ? [] : [Number(text)])),
        null,
        this.views.text(request, 'standings.indicator.spread', { indicator: name }),
        endsOf(rows, locale, indicator.rule.measure === 'share'),
      ),
    });
  }
}

const groupsWith = ({ cut: { contest } }: Sight, code: string) =>
  contest.groups.filter((group) =>
    contest.plan.groups.some(
      (one) => one.code === group.code && one.units.length > 0 && (one.weights[code] ?? 0) > 0,
    ),
  );

function rowsOf({ cut, day, on, lastOn }: Sight, indicator: ContestIndicator, group: string) {
  const standings = cut.standings(day).find((one) => one.group === group);
  const rows = (standings?.rows ?? []).flatMap((row) => {
    const part = row.score.parts.find((one) => one.indicator === indicator.code);
    return part ? [{ unit: row.unit, part, cell: cellOf(cut, row.unit, day, part) }] : [];
  });
  const better = indicator.rule.direction === 'higher' ? -1 : 1;
  const order = (a: Fraction | null, b: Fraction | null) => {
    if (!a?.denominator || !b?.denominator) return Number(!a?.denominator) - Number(!b?.denominator);
    return better * compare(a, b);
  };
  const at = on === lastOn ? '' : `?on=${on}`;
  return rows
    .toSorted((a, b) => order(a.part.cell.shown, b.part.cell.shown))
    .map(({ unit, cell }) => ({
      ...cell,
      unit,
      name: cut.contest.units.get(unit)?.name ?? '',
      href: `/campaigns/${cut.contest.slug}/units/${unit}/indicators/${indicator.code}${at}`,
      why: `/campaigns/${cut.contest.slug}/units/${unit}/score${at}#${indicator.code}`,
      inside: insideOf({ cut, day }, indicator, unit),
    }));
}

/** How even the parts of a unit are: lowest, middle half, share at target, and the part that pulls it down most. */
function insideOf({ cut, day }: Pick<Sight, 'cut' | 'day'>, indicator: ContestIndicator, unit: number) {
  const slot = cut.contest.indicators.indexOf(indicator);
  const { target } = indicator.rule;
  const parts = partsOf(cut.contest, unit);
  if (!target || parts.length === 0) return null;
  const members = parts.flatMap(({ id }) => {
    const rate = cut.cube.figure(day, slot, cut.cube.rowOf(id));
    return rate ? [{ unit: id, rate }] : [];
  });
  const even = evennessOf(members, target);
  if (!even) return null;
  const text = (rate: Fraction) => rateText(indicator.rule, rate);
  const [heaviest] = even.pulls;
  return {
    lowest: text(even.lowest),
    lower: text(even.quartiles[0]),
    upper: text(even.quartiles[2]),
    highest: text(even.highest),
    atTarget: even.atTarget,
    of: even.withCases,
    heaviest: heaviest && heaviest.pull < 0 ? cut.contest.units.get(heaviest.unit)?.name : null,
    pull: heaviest ? decimalOf(heaviest.pull * 100, 2) : null,
    needed: heaviest?.needed ?? 0,
  };
}

function pooledOf({ cut, day }: Sight, indicator: ContestIndicator, group: string) {
  const total = cut.standings(day).find((one) => one.group === group)?.totals[indicator.code];
  if (!total || total.denominator === 0 || indicator.rule.measure !== 'share') return { pooled: null };
  return { pooled: { ...total, text: percentOf(total, indicator.rule.decimals) } };
}

function endsOf(
  rows: readonly { text: string | null }[],
  locale: 'vi' | 'en',
  share: boolean,
): [string, string] {
  const values = rows
    .flatMap(({ text }) => (text === null ? [] : [text]))
    .toSorted((a, b) => Number(a) - Number(b));
  const write = (text: string | undefined) =>
    text === undefined ? '' : (locale === 'vi' ? text.replace('.', ',') : text) + (share ? '%' : '');
  return [write(values[0]), write(values.at(-1))];
}
