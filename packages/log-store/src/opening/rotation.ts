import { basename } from 'node:path';

/** What the name of a file says about the log that it is a part of. */
export interface Rotation {
  /** The name of the log: that of the part that is still written. */
  readonly base: string;
  /** Which part it is. Null for the one without a mark of its own. */
  readonly mark: Mark | null;
  /**
   * `sure`: the mark stands behind the extension of a log, where only rotation puts it. `told`: a date within the name may also tell
   * servers apart. `number`: a number within the name mostly does; it marks a part only beside a file of the base's name.
   */
  readonly evidence: 'sure' | 'told' | 'number';
}

/** A number counts from the newest part on (logrotate), a date says when a part was begun or ended. */
export interface Mark {
  readonly kind: 'number' | 'date' | 'epoch';
  readonly key: readonly number[];
}

const EXTENSION = '\\.(?:ndjson|jsonl|log|out|err|txt)';
const DAY = '(?:19|20)\\d\\d([-_.]?)(?:0[1-9]|1[0-2])\\1(?:0[1-9]|[12]\\d|3[01])';
const DATE = new RegExp(
  `^${DAY}(?:[-_.T ]?\\d\\d(?:[-_.:]?\\d\\d(?:[-_.:]?\\d\\d(?:[.,_-]?\\d{1,9})?)?)?)?(?:Z|[+]\\d{4})?(?:[-_.]\\d{1,6})?$`,
);
/** Seconds, or milli-, micro- or nanoseconds since 1970. */
const EPOCH = /^1\d{9}(?:\d{3}|\d{6}|\d{9})?$/;
const NUMBER = /^\d{1,6}$/;
const OLD = /^(?:old|prev)$/;
/** glog and klog: `program.host.user.log.INFO.20260301-100000.1234`, a file for each level and start of the program. */
const GLOG = /^(?<base>.+\.log\.(?:INFO|WARNING|ERROR|FATAL))\.(?<day>\d{8})-(?<clock>\d{6})\.(?<pid>\d{1,10})$/;
/** multilog and svlogd: `@4000000065e1a2b30c0d1e2f.s` beside `current`; TAI64N counts seconds from 2^62, and nanoseconds. */
const TAI = /^@(?<seconds>[0-9a-f]{16})(?<nanos>[0-9a-f]{8})\.[su]$/;
const TAI_BASE = 2n ** 62n;
/** The part that multilog and svlogd still write. */
export const MULTILOG_NOW = 'current';
const PACKED = /\.(?:gz|zst)$/i;

/** `server.log.1`, `server.log-20260301`, `server.log.2026-03-01-10`, `server.log.old` */
const BEHIND = new RegExp(`^(?<base>.+${EXTENSION})[-._](?<mark>.+)$`, 'i');
/** `server-2026-03-01T10-00-00.000.log`, `server-20260301.log`, `server.1.log` */
const WITHIN = new RegExp(`^(?<base>.+?)(?<sign>[-._])(?<mark>\\d[^/]*)(?<extension>${EXTENSION})$`, 'i');
/** `messages.1`, `messages-20260301` */
const BARE = /^(?<base>.+?)(?<sign>[-._])(?<mark>\d[^/]*)$/;

/** The name without the mark of an archive that is unpacked on reading. */
export function unpackedName(name: string): string {
  return name.replace(PACKED, '');
}

/** What the last part of a path says. `base` has no folder. */
export function rotationOf(path: string): Rotation {
  const name = unpackedName(basename(path));
  const own = ofLogger(name);
  if (own !== null) return own;
  const { base = '', mark: text = '' } = BEHIND.exec(name)?.groups ?? {};
  const behind = OLD.test(text) ? ({ kind: 'number', key: [-1] } as const) : markOf(text);
  if (behind !== null) return { base, mark: behind, evidence: 'sure' };
  return within(name, WITHIN) ?? within(name, BARE) ?? { base: name, mark: null, evidence: 'sure' };
}

/** Whether multilog or svlogd has put the file beside the one that it writes. */
export function isPartOfMultilog(name: string): boolean {
  return TAI.test(unpackedName(name));
}

/** Names that one program alone gives. */
function ofLogger(name: string): Rotation | null {
  const { base = '', day = '', clock = '', pid = '' } = GLOG.exec(name)?.groups ?? {};
  if (base !== '')
    return { base, mark: { kind: 'date', key: [Number(day), ...(clock.match(/\d\d/g) ?? []).map(Number), Number(pid)] }, evidence: 'sure' };
  const { seconds = '', nanos = '' } = TAI.exec(name)?.groups ?? {};
  if (seconds === '') return null;
  const key = [Number(BigInt(`0x${seconds}`) - TAI_BASE), Number.parseInt(nanos, 16)];
  return { base: MULTILOG_NOW, mark: { kind: 'epoch', key }, evidence: 'sure' };
}

/** The first place where a mark can begin decides: a date contains the signs that could stand before it. */
function within(name: string, pattern: RegExp): Rotation | null {
  const { base = '', sign = '', mark: text = '', extension = '' } = pattern.exec(name)?.groups ?? {};
  for (let at = 0; at >= 0 && at < text.length; at = nextPart(text, at)) {
    const mark = markOf(text.slice(at));
    const isNumber = mark?.kind === 'number';
    // `server-2.log` is a server's; `server.2.log` may be a part.
    if (mark === null || (isNumber && (at === 0 ? sign : text[at - 1]) !== '.')) continue;
    const before = at === 0 ? base : `${base}${sign}${text.slice(0, at - 1)}`;
    return { base: `${before}${extension}`, mark, evidence: isNumber || extension === '' ? 'number' : 'told' };
  }
  return null;
}

/** The place behind the next sign, -1 where there is none. */
function nextPart(text: string, from: number): number {
  const sign = text.slice(from).search(/[-._]/);
  return sign < 0 ? -1 : from + sign + 1;
}

function markOf(text: string): Mark | null {
  if (NUMBER.test(text)) return { kind: 'number', key: [-Number(text)] };
  if (DATE.test(text)) return { kind: 'date', key: dateKey(text) };
  if (EPOCH.test(text)) return { kind: 'epoch', key: [Number(text.slice(0, 10)), Number(text.slice(10).padEnd(9, '0'))] };
  return null;
}

/** The day, and the numbers behind it: times that are written without signs are cut into hour, minute and second. */
function dateKey(text: string): readonly number[] {
  const day = /^\d{4}[-_.]?\d\d[-_.]?\d\d/.exec(text)?.[0] ?? '';
  const clock = text.slice(day.length).replace(/^([-_.T ]?)(\d\d)(\d\d)?(\d\d)?(?=\D|$)/, '$1$2 $3 $4');
  return [Number(day.replace(/\D/g, '')), ...(clock.match(/\d+/g) ?? []).map(Number)];
}

/** Older parts first, the one without a mark last. */
export function compareMarks(a: Mark | null, b: Mark | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (a.kind !== b.kind) return Number(a.kind === 'number') - Number(b.kind === 'number');
  for (let i = 0; i < Math.max(a.key.length, b.key.length); i++) {
    const difference = (a.key[i] ?? -1) - (b.key[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
