import Handlebars, { type HelperOptions } from 'handlebars';
import { amountInWords } from './amount-in-words.js';
import { bar, sparkline } from './charts.js';
import { clockTime, day, money, moment, number, percent, points, signed } from './format.js';
import type { Figure, Locale } from './format.js';
import type { Finding } from './input-error.js';
import type { Messages, Variables } from './messages.js';
import type { Assets } from './assets.js';
import type { Flash } from './visit.js';

type Write = (figure: Figure, locale: Locale, decimals?: number) => string;
type Root = { page: { locale: Locale; csrf: string }; findings?: Finding[] };
const { escapeExpression, SafeString } = Handlebars;

/** What templates may call. Whatever is missing is written as an en dash, never as 0 or "undefined". */
export function templateFunctions(engine: typeof Handlebars, messages: Messages, assets: Assets): void {
  engine.registerHelper(texts(messages));
  engine.registerHelper(figures);
  engine.registerHelper(questions);
  engine.registerHelper(pieces(messages, assets));
}

const localeOf = (options: HelperOptions) => rootOf(options).page.locale;
const rootOf = (options: HelperOptions) => options.data.root as Root;
const isMissing = (value: unknown) => value === null || value === undefined || value === '';
const split = (args: unknown[]): [unknown[], HelperOptions] => [
  args.slice(0, -1),
  args.at(-1) as HelperOptions,
];

/** `{{t 'a.b' n=3}}`; further words are joined to the key: `{{t 'a.status' status}}`. */
function texts(messages: Messages) {
  return {
    t(...args: unknown[]) {
      const [keys, options] = split(args);
      return messages.text(keys.join('.'), localeOf(options), options.hash as Variables);
    },
    /** A sentence with markup of its own (links, strong); what is put into it is escaped. */
    rich(...args: unknown[]) {
      const [keys, options] = split(args);
      const values = Object.entries(options.hash as Variables).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : escapeExpression(value as string),
      ]);
      const text = messages.text(keys.join('.'), localeOf(options), Object.fromEntries(values) as Variables);
      return new SafeString(text);
    },
    /** The name of a code that came from elsewhere, `{{nameOf 'entries.code.channel' code}}`; nothing when it has none. */
    nameOf(...args: unknown[]) {
      const [keys, options] = split(args);
      const key = keys.join('.');
      return messages.has(key) ? messages.text(key, localeOf(options)) : '';
    },
    flashText: ({ key, values }: Flash, options: HelperOptions) =>
      messages.has(key) ? messages.text(key, localeOf(options), values) : '',
    /** Of two wordings of a name, the one in the reader's language; Vietnamese when there is no other. */
    local: (vi: unknown, en: unknown, options: HelperOptions) =>
      localeOf(options) === 'en' && !isMissing(en) ? en : vi,
  };
}

const figure =
  (write: Write) =>
  (...args: unknown[]) => {
    const [[value, decimals], options] = split(args);
    const places = typeof decimals === 'number' ? decimals : undefined;
    return isMissing(value) ? '–' : write(value as Figure, localeOf(options), places);
  };
const dated =
  (write: (value: string | Date, locale: Locale) => string) => (value: unknown, options: HelperOptions) =>
    isMissing(value) ? '–' : write(value as string | Date, localeOf(options));

/** A decimal as it is typed into a box of this language: no grouping, the decimal mark of the reader. */
const typed = (value: Figure | null | undefined, options: HelperOptions) =>
  isMissing(value) ? '' : String(value).replace('.', localeOf(options) === 'vi' ? ',' : '.');

const figures = {
  typed,
  number: figure(number),
  percent: figure(percent),
  points: figure(points),
  signed: figure(signed),
  money: figure(money),
  /** A share as a percentage, anything else as the figure it is: `{{rate text share}}`. */
  rate: (value: unknown, share: unknown, options: HelperOptions) =>
    isMissing(value) ? '–' : (share === true ? percent : number)(value as Figure, localeOf(options)),
  moneyWords: figure((amount, locale) => amountInWords(amount, locale)),
  day: dated(day),
  moment: dated(moment),
  exactMoment: dated((value, locale) => moment(value, locale, true)),
  clock: dated((value) => clockTime(value)),
};

const questions = {
  eq: (a: unknown, b: unknown) => a === b,
  ne: (a: unknown, b: unknown) => a !== b,
  gt: (a: unknown, b: unknown) => Number(a) > Number(b),
  lt: (a: unknown, b: unknown) => Number(a) < Number(b),
  gte: (a: unknown, b: unknown) => Number(a) >= Number(b),
  lte: (a: unknown, b: unknown) => Number(a) <= Number(b),
  not: (a: unknown) => Handlebars.Utils.isEmpty(a),
  and: (...args: unknown[]) => split(args)[0].every((value) => !Handlebars.Utils.isEmpty(value)),
  or: (...args: unknown[]) =>
    split(args)[0].find((value) => !Handlebars.Utils.isEmpty(value)) ?? split(args)[0].at(-1),
  includes: (list: unknown, value: unknown) => Array.isArray(list) && list.includes(value),
  /** `>=` as it is written on paper: `≥`. */
  comparison: (operator: unknown) => ({ '>=': '≥', '<=': '≤' })[String(operator)] ?? operator,
  concat: (...args: unknown[]) => split(args)[0].join(''),
  joined: (list: unknown) => (Array.isArray(list) ? list.join(', ') : ''),
  add: (a: unknown, b: unknown) => Number(a) + Number(b),
};

function pieces(messages: Messages, assets: Assets) {
  return {
    asset: (name: string) => assets.url(name),
    encode: (value: unknown) => encodeURIComponent(String(value as string)),
    icon: (name: string, options: HelperOptions) => {
      const look = escapeExpression(['icon', options.hash.class].filter(Boolean).join(' '));
      const href = `${assets.url('icons.svg')}#${escapeExpression(name)}`;
      return new SafeString(`<svg class="${look}" aria-hidden="true"><use href="${href}"/></svg>`);
    },
    /** `{{bar 83.5 kind='good'}}` beside the figure it shows. */
    bar: (value: Figure | null, options: HelperOptions) =>
      new SafeString(bar(value === null ? null : String(value), options.hash.kind, options.hash.max)),
    /** `{{sparkline values label=(t '…') target=80}}` */
    sparkline: (values: (number | string | null)[], options: HelperOptions) =>
      new SafeString(sparkline(values ?? [], String(options.hash.label ?? ''), options.hash.target)),
    csrf(options: HelperOptions) {
      const token = escapeExpression(rootOf(options).page.csrf);
      return new SafeString(`<input type="hidden" name="_csrf" value="${token}">`);
    },
    /** What is wrong with a field, in words; nothing when it is right. */
    finding(field: string, options: HelperOptions) {
      const found = rootOf(options).findings?.find((one) => one.field === field);
      return found ? findingText(messages, localeOf(options), found) : '';
    },
    /** Whether something is wrong in the form whose fields are named `form.field`. */
    formFailed: (form: string, options: HelperOptions) =>
      rootOf(options).findings?.some(({ field }) => field?.startsWith(`${form}.`)) ?? false,
    findingText: (found: Finding, options: HelperOptions) => findingText(messages, localeOf(options), found),
  };
}

export function findingText(messages: Messages, locale: Locale, { code, got, expected }: Finding): string {
  const key = [code, `errors.findings.${code}`].find((one) => messages.has(one));
  const values = { got: shown(got, locale), expected: shown(expected, locale) };
  if (key) return messages.text(key, locale, values);
  if (expected === undefined) return messages.text('errors.findings.refused', locale, values);
  return messages.text(
    got === undefined ? 'errors.findings.wanted' : 'errors.findings.gotWanted',
    locale,
    values,
  );
}

const DAY = /(?<![\d-])(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?![\d-])/;
const FIGURE = /(?<![\d.,])\d+(?:\.\d+)?(?![\d.,])/g;

/**
 * Days are written as people write them, wherever they stand in what came and what was expected; so are figures, and those of a
 * limit (`≥ 99999`). What was typed stays as it was typed.
 */
function shown(value: unknown, locale: Locale): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number') return number(value, locale);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value as string);
  const limit = /^[≥≤<>]/.test(text);
  return text
    .split(DAY)
    .map((part, at) => {
      if (at % 2 === 1) return day(part, locale);
      return limit ? part.replace(FIGURE, (found) => number(found, locale)) : part;
    })
    .join('');
}
