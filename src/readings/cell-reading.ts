import type { Campaign } from '../campaigns/campaigns.queries.js';
import type { IndicatorVersion } from '../indicators/indicators.queries.js';
import { folded } from '../units/unit-name.js';
import type { Found, UnitIndex, UnitVersion } from '../units/unit-index.js';
import type { Cell, CellText, Note } from './cell.js';
import { plainNumber, type NumberFormat } from './number-format.js';

/** What a cell is read against. */
export interface Ground {
  readonly campaign: Campaign;
  readonly indicators: readonly IndicatorVersion[];
  /** Units that take part. */
  readonly units: UnitIndex;
  /** All units, to tell "unknown" from "does not take part". */
  readonly everyUnit: UnitIndex;
  readonly participants: ReadonlySet<number>;
  /** Units the officer may report for; null: all. */
  readonly allowed: ReadonlySet<number> | null;
  readonly today: string;
  readonly format: NumberFormat;
}

/** Reads cells one after the other; a cell with a fault is noted and left out. */
export class CellReader {
  private readonly indicators: Map<string, IndicatorVersion>;
  private readonly days = new Map<string, string | null>();

  constructor(
    private readonly ground: Ground,
    private readonly note: Note,
  ) {
    this.indicators = new Map(
      ground.indicators.flatMap((one) =>
        [one.code, folded(one.nameVi), folded(one.nameEn)].map((name) => [name, one] as const),
      ),
    );
  }

  read(cell: CellText): Cell | undefined {
    const indicator = this.indicatorOf(cell);
    const window = this.windowOf(cell);
    const unit = window && this.unitOf(cell, window.lastOn);
    if (!indicator || !unit || !window) return undefined;
    const numbers = this.numbersOf(cell, indicator);
    if (!numbers) return undefined;
    const { fromOn, toOn } = window;
    return {
      row: cell.row,
      indicatorId: indicator.id,
      unitId: unit.unitId,
      fromOn,
      toOn,
      ...numbers,
      seen: cell.seen,
    };
  }

  private indicatorOf({ row, indicator }: CellText): IndicatorVersion | undefined {
    const found = this.indicators.get(indicator) ?? this.indicators.get(folded(indicator));
    if (!found)
      this.note(
        row,
        'indicator',
        'indicator-unknown',
        indicator,
        this.ground.indicators.map(({ code }) => code).join(', '),
      );
    return found;
  }

  private windowOf(cell: CellText): { fromOn: string; toOn: string; lastOn: string } | undefined {
    const { campaign, today } = this.ground;
    const fields = cell.from || cell.to ? (['from', 'to'] as const) : (['day', 'day'] as const);
    const [first, last] = fields.map((field) => this.dayOf(cell[field]));
    if (!first || !last) {
      const bad = first ? fields[1] : fields[0];
      return void this.note(cell.row, bad, 'day-malformed', cell[bad], '2022-06-01, 01/6/2022');
    }
    if (last < first) return void this.note(cell.row, 'to', 'days-reversed', cell.to, `≥ ${first}`);
    if (first < campaign.startsOn || last > campaign.endsOn)
      return void this.note(
        cell.row,
        first < campaign.startsOn ? fields[0] : fields[1],
        'day-outside',
        `${first} … ${last}`,
        `${campaign.startsOn} … ${campaign.endsOn}`,
      );
    if (last > today) return void this.note(cell.row, fields[1], 'day-in-future', last, `≤ ${today}`);
    return { fromOn: first, toOn: nextDay(last), lastOn: last };
  }

  private dayOf(text: string): string | null {
    const known = this.days.get(text);
    if (known !== undefined) return known;
    const day = dayOf(text);
    this.days.set(text, day);
    return day;
  }

  private unitOf({ row, unitCode, unit }: CellText, on: string): UnitVersion | undefined {
    const field = unitCode ? 'unitCode' : 'unit';
    const got = [unitCode, unit].filter(Boolean).join(' ');
    const sought = { code: unitCode, name: unit, on };
    const among = this.ground.units.find(sought);
    const found = among.unit || among.why === 'ambiguous' ? among : this.ground.everyUnit.find(sought);
    if (!found.unit) return void this.note(row, field, UNIT_FAULT[found.why], got, candidates(found) || on);
    const { unitId } = found.unit;
    if (!this.ground.participants.has(unitId))
      return void this.note(row, field, 'unit-not-in-campaign', got, this.ground.campaign.slug);
    if (this.ground.allowed && !this.ground.allowed.has(unitId))
      return void this.note(row, field, 'unit-not-yours', got, '');
    return found.unit;
  }

  private numbersOf(
    cell: CellText,
    indicator: IndicatorVersion,
  ): Pick<Cell, 'numerator' | 'denominator' | 'value'> | undefined {
    const numerator = this.countOf(cell, 'numerator');
    const denominator = this.countOf(cell, 'denominator');
    const value = this.valueOf(cell);
    if (numerator === undefined || denominator === undefined || value === undefined) return undefined;
    const { row } = cell;
    const { form } = indicator;
    if (form === 'level') {
      if (value === null)
        return void this.note(
          row,
          'value',
          'value-missing',
          '',
          indicator.maximum ? `0 … ${indicator.maximum}` : '12,66',
        );
      if (indicator.maximum && Number(value) > Number(indicator.maximum))
        return void this.note(row, 'value', 'above-maximum', value, indicator.maximum);
      return { numerator: null, denominator: null, value };
    }
    if (numerator === null && form === 'ratio' && value !== null) {
      if (Number(value) > 100) return void this.note(row, 'value', 'above-hundred', value, '≤ 100');
      return { numerator: null, denominator: null, value };
    }
    if (numerator === null) return void this.note(row, 'numerator', 'numerator-missing', '', '0, 1, 2, …');
    if (form === 'count') return { numerator, denominator: null, value: null };
    if (denominator === null)
      return void this.note(row, 'denominator', 'denominator-missing', '', `≥ ${numerator}`);
    if (numerator > denominator)
      return void this.note(row, 'numerator', 'numerator-above-denominator', numerator, `≤ ${denominator}`);
    return { numerator, denominator, value: null };
  }

  /** A whole number, null when nothing stands there, undefined when something is wrong with it. */
  private countOf(cell: CellText, field: 'numerator' | 'denominator'): number | null | undefined {
    const text = this.numberIn(cell, field);
    if (!text) return text === '' ? null : undefined;
    if (text.includes('.'))
      return void this.note(cell.row, field, 'decimals-in-count', cell[field], '25.392');
    const count = Number(text);
    if (!Number.isSafeInteger(count))
      return void this.note(cell.row, field, 'number-too-large', cell[field], '< 10^15');
    return count;
  }

  private valueOf(cell: CellText): string | null | undefined {
    const text = this.numberIn(cell, 'value');
    return text === '' ? null : text;
  }

  private numberIn(cell: CellText, field: 'numerator' | 'denominator' | 'value'): string | undefined {
    if (cell[field] === '') return '';
    const text = plainNumber(cell[field], this.ground.format);
    if (text === undefined)
      this.note(
        cell.row,
        field,
        'number-malformed',
        cell[field],
        this.ground.format === 'vi' ? '25.392 · 11,5' : '25,392 · 11.5',
      );
    else if (text.startsWith('-')) return void this.note(cell.row, field, 'negative', cell[field], '≥ 0');
    return text;
  }
}

const UNIT_FAULT = {
  unknown: 'unit-unknown',
  ambiguous: 'unit-ambiguous',
  'not-on-date': 'unit-not-on-date',
  'code-names-another': 'code-names-another',
} as const;

const candidates = (found: Found) =>
  'candidates' in found
    ? found.candidates
        .map(
          ({ code, fullName, validFrom, validTo }) =>
            `${code} ${fullName} [${validFrom ?? '…'}, ${validTo ?? '…'})`,
        )
        .join('; ')
    : '';

/** `2022-06-01` or d/M/yyyy; a day that the calendar does not have is none. */
export function dayOf(text: string): string | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const vietnamese = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  const [year, month, day] = iso ? iso.slice(1) : vietnamese ? vietnamese.slice(1).toReversed() : [];
  if (!year || !month || !day) return null;
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const instant = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(written) ? written : null;
}

export const nextDay = (day: string) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
