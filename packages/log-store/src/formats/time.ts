import type { TimeUnit } from './definition.ts';

const UNIT_MS: Readonly<Record<Exclude<TimeUnit, 'iso' | 'auto'>, number>> = { s: 1000, ms: 1, '100us': 0.1, us: 0.001, ns: 0.000001 };
const MS_A_DAY = 86_400_000;

/** A time of a log in milliseconds, NaN for what is none. Where a number is asked for, ISO 8601 will do: loggers can be set to either. */
export function timeMsOf(text: string, unit: TimeUnit): number {
  if (unit === 'iso') return isoMs(text);
  const number = text === '' ? Number.NaN : Number(text);
  if (Number.isNaN(number)) return isoMs(text);
  return rounded(number * (unit === 'auto' ? UNIT_MS.s : UNIT_MS[unit]));
}

/** To the nanosecond: 0.1 ms times 8258 is 825.8, not 825.8000000000001. */
function rounded(ms: number): number {
  const nanoseconds = Math.round(ms * 1e6);
  return Number.isSafeInteger(nanoseconds) ? nanoseconds / 1e6 : Math.round(ms * 1000) / 1000;
}

const ISO = /^(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?$/;
/** The day that was read last: the lines of a log share it. */
let day = '1970-01-01';
let dayMs = 0;

/** ISO 8601 and its relatives; without a zone it is taken for UTC. */
function isoMs(text: string): number {
  const match = ISO.exec(text.trim());
  if (match === null) return Number.NaN;
  const [, date = '', hour, minute, second, fraction, zone] = match;
  if (date !== day) {
    const [year, month, dayOfMonth] = date.split(/[-/]/).map(Number);
    dayMs = daysSinceEpoch(year ?? 0, month ?? 0, dayOfMonth ?? 0) * MS_A_DAY;
    day = date;
  }
  const secondsOfDay = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const fractionMs = fraction === undefined ? 0 : Number(`0.${fraction}`) * 1000;
  return dayMs + secondsOfDay * 1000 + fractionMs - (zone === undefined ? 0 : zoneMs(zone));
}

function zoneMs(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** Days from 1970-01-01 in the Gregorian calendar: years counted from March, so that leap days come last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
