import type { TimeUnit } from './definition.ts';

const UNIT_MS: Readonly<Record<Exclude<TimeUnit, 'iso' | 'auto'>, number>> = { s: 1000, ms: 1, '100us': 0.1, us: 0.001, ns: 0.000001 };
const MS_A_DAY = 86_400_000;

/** A time of a log in milliseconds, NaN for what is none. Where a number is asked for, ISO 8601 will do: loggers can be set to either. */
export function timeMsOf(text: string, unit: TimeUnit): number {
  if (unit === 'iso') return isoMs(text);
  const number = text === '' ? Number.NaN : Number(text);
  if (Number.isNaN(number)) {
    const ms = isoMs(text);
    return unit === 'auto' && Number.isNaN(ms) ? otherMs(text) : ms;
  }
  return rounded(number * (unit === 'auto' ? UNIT_MS.s : UNIT_MS[unit]));
}

/** To the nanosecond: 0.1 ms times 8258 is 825.8, not 825.8000000000001. */
function rounded(ms: number): number {
  const nanoseconds = Math.round(ms * 1e6);
  return Number.isSafeInteger(nanoseconds) ? nanoseconds / 1e6 : Math.round(ms * 1000) / 1000;
}

const ISO = /^(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,:](\d{1,9}))?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/;
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

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `0303 14:20:00.5` of glog, with or without the year; `Mar  3 14:20:00` of syslog; `14:20:00` alone. */
const OTHER = /^(?:(\d\d(?:\d\d)?)??(\d\d)(\d\d) |([A-Z][a-z]{2}) +(\d{1,2}) |)(\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)$/;

/** What other loggers write for a time. Where they leave the year or the day out, so does the time: it is right within a log. */
function otherMs(text: string): number {
  const match = OTHER.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, name, dayOfMonth, clock = ''] = match;
  const two = (number: number | string) => String(number).padStart(2, '0');
  if (name !== undefined) {
    const number = MONTHS.indexOf(name) + 1;
    return number === 0 ? Number.NaN : isoMs(`1970-${two(number)}-${two(dayOfMonth ?? '')} ${clock}`);
  }
  const fullYear = year === undefined ? '1970' : year.length === 2 ? `20${year}` : year;
  return isoMs(`${fullYear}-${month ?? '01'}-${day ?? '01'} ${clock}`);
}

function zoneMs(zone: string): number {
  if (/^[A-Z]/.test(zone)) return 0;
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
