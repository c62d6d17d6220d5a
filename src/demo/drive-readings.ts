import { Chance } from './chance.js';
import { DAYS, dayText, type GeneratedReading, weekday } from './drive-days.js';
import { dossierReadings } from './drive-dossiers.js';
import { serviceReadings } from './drive-services.js';
import { unitsOfDrive } from './units.js';

const FRIDAY = 5;
const MONDAY = 1;

/**
 * Every figure of the drive, generated: nobody reported them. They add up to what the real interim report of Bình Phước
 * printed for its windows; all else is invented round these sums.
 */
export const driveReadings = (): GeneratedReading[] => [
  ...serviceReadings(),
  ...dossierReadings(),
  ...governmentReports(),
  ...digitalTeams(),
];

/** Reports due to the government's reporting system (GRIS), counted on Fridays: two to four a week. */
function governmentReports(): GeneratedReading[] {
  const chance = new Chance('gris');
  const units = [...unitsOfDrive('department'), ...unitsOfDrive('district')];
  const fridays = days((day) => weekday(day) === FRIDAY);
  return units.flatMap(({ code: unit }) => {
    const care = chance.between(0.7, 0.99);
    return fridays.map((day) => {
      const denominator = 2 + chance.below(3);
      const numerator = chance.of(denominator, Math.min(1, care + day / 400));
      return {
        unit,
        indicator: 'bao-cao-gris',
        from: dayText(day),
        last: dayText(day),
        numerator,
        denominator,
      };
    });
  });
}

/** Hamlets with a community digital team: founded in the first weeks, a few communes late. Reported on Mondays and at the end. */
function digitalTeams(): GeneratedReading[] {
  const chance = new Chance('teams');
  const reported = days((day) => day === 0 || day === DAYS - 1 || weekday(day) === MONDAY);
  return unitsOfDrive('commune').flatMap(({ code: unit }) => {
    const denominator = 5 + chance.below(9);
    const begins = chance.below(20);
    const lasts = 12 + chance.below(chance.happens(0.12) ? 90 : 35);
    return reported.map((day) => {
      const founded = Math.floor((denominator * Math.max(0, day - begins)) / lasts);
      const numerator = Math.min(denominator, founded);
      return {
        unit,
        indicator: 'to-cong-nghe-so',
        from: dayText(day),
        last: dayText(day),
        numerator,
        denominator,
      };
    });
  });
}

const days = (reported: (day: number) => boolean): number[] =>
  Array.from({ length: DAYS }, (_, day) => day).filter((day) => reported(day));
