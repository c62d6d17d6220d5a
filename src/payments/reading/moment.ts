import { digitsAt } from './bytes.js';

const DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const VIET_NAM = 7 * 3600;

/**
 * Whole seconds since 1970 of `2022-08-01T09:30:00+07:00` and its shorter forms (space for T, no seconds, fractions
 * cut off, no time: midnight; no offset: local time of Viet Nam). NaN when it is not one, or not a day of the calendar.
 */
export function isoMoment(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 10 || bytes[from + 4] !== 45 || bytes[from + 7] !== 45) return Number.NaN;
  const date = day(
    digitsAt(bytes, from, from + 4),
    digitsAt(bytes, from + 5, from + 7),
    digitsAt(bytes, from + 8, from + 10),
  );
  if (to - from === 10) return date - VIET_NAM;
  const mark = bytes[from + 10];
  return mark === 84 || mark === 32 ? date + clock(bytes, from + 11, to) : Number.NaN;
}

/** The same of `1/8/2022 9:30`, `01/08/2022 09:30:15`, `01/8/2022` or with dashes: day, month, year; local time of Viet Nam. */
export function dmyMoment(bytes: Uint8Array, from: number, to: number): number {
  const parts = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  const found = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ ,T]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?$/.exec(parts);
  if (!found) return Number.NaN;
  const [date, month, year, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0));
  if (hour! > 23 || minute! > 59 || second! > 59) return Number.NaN;
  return day(year!, month!, date!) + hour! * 3600 + minute! * 60 + second! - VIET_NAM;
}

/** Seconds of day, month and year at 0h00 UTC. */
function day(year: number, month: number, date: number): number {
  if (year < 2000 || year > 2099 || month < 1 || month > 12 || date < 1) return Number.NaN;
  const leap = month === 2 && year % 4 === 0 ? 1 : 0;
  if (date > DAYS[month]! + leap) return Number.NaN;
  const shifted = year - (month <= 2 ? 1 : 0);
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  const days =
    shifted * 365 +
    Math.floor(shifted / 4) -
    Math.floor(shifted / 100) +
    Math.floor(shifted / 400) +
    ofYear -
    719468;
  return days * 86400;
}

/** Seconds after midnight UTC of `09:30`, `09:30:15`, `09:30:15.250`, each with `Z`, `+07:00` or nothing behind it. */
function clock(bytes: Uint8Array, from: number, to: number): number {
  const hour = digitsAt(bytes, from, from + 2);
  const minute = bytes[from + 2] === 58 ? digitsAt(bytes, from + 3, from + 5) : -1;
  if (to - from < 5 || hour < 0 || hour > 23 || minute < 0 || minute > 59) return Number.NaN;
  let at = from + 5;
  let second = 0;
  if (at < to && bytes[at] === 58) {
    second = at + 3 <= to ? digitsAt(bytes, at + 1, at + 3) : -1;
    at += 3;
    if (second < 0 || second > 59) return Number.NaN;
    if (at < to && bytes[at] === 46)
      do at++;
      while (at < to && bytes[at]! >= 48 && bytes[at]! <= 57);
  }
  return hour * 3600 + minute * 60 + second - offset(bytes, at, to);
}

function offset(bytes: Uint8Array, at: number, to: number): number {
  if (at === to) return VIET_NAM;
  if (bytes[at] === 90) return at + 1 === to ? 0 : Number.NaN;
  const sign = bytes[at] === 43 ? 1 : bytes[at] === 45 ? -1 : Number.NaN;
  const hours = digitsAt(bytes, at + 1, at + 3);
  const minutes = digitsAt(bytes, to - 2, to);
  const colon = bytes[at + 3] === 58 ? 1 : 0;
  if (to - at !== 5 + colon || hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return Number.NaN;
  return sign * (hours * 3600 + minutes * 60);
}
