/** Days of the drive are counted from its first, 01/6/2022, as 0; the last, 31/8/2022, is 91. */
export const FIRST = '2022-06-01';
export const DAYS = 92;

const MILLISECONDS = 86_400_000;

/** The day with this number, as `2022-06-01`. */
export const dayText = (day: number): string =>
  new Date(Date.parse(FIRST) + day * MILLISECONDS).toISOString().slice(0, 10);

/** The number of a day. */
export const dayNumber = (text: string): number => (Date.parse(text) - Date.parse(FIRST)) / MILLISECONDS;

/** 0 is Sunday. */
export const weekday = (day: number): number => new Date(Date.parse(FIRST) + day * MILLISECONDS).getUTCDay();

/** What the interim report printed figures for. The windows overlap: 16/6 and 22/6 are in more than one. Both days belong to it. */
export const REPORT_WINDOWS = {
  first: { from: '2022-06-01', last: '2022-06-16' },
  second: { from: '2022-06-16', last: '2022-06-22' },
  third: { from: '2022-06-22', last: '2022-07-01' },
  firstAndSecond: { from: '2022-06-01', last: '2022-06-22' },
} as const;

/** One figure as a unit hands it in; both days belong to the window. */
export interface GeneratedReading {
  readonly unit: string;
  readonly indicator: string;
  readonly from: string;
  readonly last: string;
  readonly numerator: number;
  readonly denominator: number;
}
