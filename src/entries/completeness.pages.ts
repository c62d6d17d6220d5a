import { Body, Controller, Get, Header, Post, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Allow } from '../platform/http/access.js';
import { posted, wholeNumber } from '../platform/http/form.js';
import { completenessDays, completenessPeriods, type DayRow } from './completeness.queries.js';
import { COUNTED, type Counted } from './issue/tallies.js';
import { Digests } from './digests.service.js';
import { AtDesk, type OpenDesk, PaymentDesk, type Visit } from './payment-desk.js';

const HTML = 'text/html; charset=utf-8';
const UNKNOWN = 'unknown';
const MOST_RED = 12;

/** Whether everything that was sent is accounted for: by period, then day by day of one month. */
@ApiExcludeController()
@Controller('office/payments/:slug')
@Allow('partner', 'organiser', 'auditor')
export class CompletenessPages {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly digests: Digests,
    private readonly db: DataSource,
  ) {}

  @Get('completeness')
  @Header('content-type', HTML)
  async show(@AtDesk() visit: Visit, @Query('month') month?: string): Promise<string> {
    return this.page(await this.desk.open(visit), month);
  }

  @Post('digests')
  @Header('content-type', HTML)
  async say(@AtDesk() visit: Visit, @Body() body: unknown): Promise<string> {
    const open = await this.desk.open(visit, ['partner']);
    const values = Object.fromEntries(
      ['source', 'day', 'count', 'amount', 'fileHash'].map((name) => [name, posted(body, name)]),
    );
    const word = {
      source: values.source!,
      day: values.day!,
      count: wholeNumber(values.count!),
      amount: wholeNumber(values.amount!),
      fileHash: values.fileHash!.toLowerCase(),
    };
    return open.orAgain(
      async () => {
        await this.db.transaction((tx) =>
          this.digests.say(tx, open.promotion.id, word, { officerId: open.officer.id }),
        );
        return open.done('completeness', 'digest');
      },
      (findings) => this.page(open, values.day?.slice(0, 7), { values, findings }),
    );
  }

  private async page(
    open: OpenDesk,
    asked: string | undefined,
    model: Record<string, unknown> = {},
  ): Promise<string> {
    const { id } = open.promotion;
    const days = (await completenessDays(this.db, id)).map(shown);
    const red = days.filter((day) => day.red);
    const months = monthsOf(days);
    const month =
      months.find(({ key }) => key === asked)?.key ??
      (months.findLast(({ label }) => label) ?? months.at(-1))?.key;
    const periods = await completenessPeriods(this.db, id);
    const sources = await this.db.query<{ code: string; name: string }[]>(
      'select code, name from payment_source order by id',
    );
    return open.page('completeness', {
      days: days
        .filter((day) => day.month === month)
        .sort((a, b) => Number(b.red) - Number(a.red) || (a.day ?? '').localeCompare(b.day ?? '')),
      months: months.map((one) => ({ ...one, current: one.key === month })),
      red: red.slice(0, MOST_RED),
      redDays: red.length,
      moreRed: Math.max(0, red.length - MOST_RED),
      periods,
      total: totalOf(periods),
      sources: sources.map(({ code, name }) => ({ value: code, label: name })),
      ...model,
    });
  }
}

type ShownDay = ReturnType<typeof shown>;

const shown = (day: DayRow) => ({
  ...day,
  month: day.day?.slice(0, 7) ?? UNKNOWN,
  unique: day.received - day.duplicate,
  red: day.agrees === false,
});

/** The months there is something of, and how many red days each has. */
function monthsOf(days: readonly ShownDay[]) {
  const months = new Map<string, number>();
  for (const { month, red } of days) months.set(month, (months.get(month) ?? 0) + Number(red));
  return [...months].map(([key, red]) => {
    const [year, month] = key.split('-');
    return { key, label: key === UNKNOWN ? undefined : `${Number(month)}/${year}`, red };
  });
}

function totalOf(rows: readonly Record<Counted | 'standing', number>[]) {
  const sum = (name: Counted | 'standing') => rows.reduce((before, row) => before + row[name], 0);
  return Object.fromEntries([...COUNTED, 'standing' as const].map((name) => [name, sum(name)]));
}
