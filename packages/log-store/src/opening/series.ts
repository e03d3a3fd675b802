import { basename, dirname, join } from 'node:path';
import type { LogFormat } from '../formats/format.ts';
import { linesOf } from '../formats/sample.ts';
import type { ByteSource } from '../io/byte-source.ts';
import type { LogNotice } from '../log-store.ts';
import { compareMarks, type Rotation, rotationOf, unpackedName } from './rotation.ts';

/** A file, and how its lines look to a format. */
export interface Candidate {
  readonly source: ByteSource;
  /** The format that knows lines of this file; null where none does. */
  readonly known: LogFormat | null;
  /** By what it is read where no other part of its log is known better. */
  readonly format: LogFormat;
}

/** A file as a part of a log of one writer. The parts of a log stand next to each other, the oldest first. */
export interface LogPart {
  readonly source: ByteSource;
  readonly format: LogFormat;
  /** Which log it is a part of: the logs are counted from 0. */
  readonly series: number;
  /** The path of the log, without what rotation or an archive has added to the name. */
  readonly base: string;
}

interface SeriesMember extends Candidate {
  readonly rotation: Rotation;
}

interface TimeRange {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Puts files that rotation has made of one log together, in the order that their names say, held against the times of their lines. */
export function arranged(candidates: readonly Candidate[], onNotice: (notice: LogNotice) => void): readonly LogPart[] {
  const parts: LogPart[] = [];
  let series = 0;
  for (const [base, members] of groupsOf(candidates)) {
    const different = withoutCopies(members, onNotice);
    const order = ordered(base, different, onNotice);
    if (order === null) {
      for (const { source, known, format } of different)
        parts.push({ source, format: known ?? format, series: series++, base: unpackedName(source.name) });
      continue;
    }
    const known = order.findLast((member) => member.known !== null)?.known;
    for (const member of order) parts.push({ source: member.source, format: member.known ?? known ?? member.format, series, base });
    series++;
  }
  return parts;
}

/** By the path of the log, in the order in which the first file of each was given. */
function groupsOf(candidates: readonly Candidate[]): ReadonlyMap<string, readonly SeriesMember[]> {
  const names = new Set(candidates.map(({ source }) => unpackedName(source.name)));
  const rotated = new Set(candidates.flatMap(({ source }) => rotatedBase(source.name) ?? []));
  const groups = new Map<string, SeriesMember[]>();
  for (const candidate of candidates) {
    const { name } = candidate.source;
    let rotation = rotationOf(name);
    let base = pathOf(name, rotation.base);
    // What is rotated itself is no part of another log.
    const isOwn = rotation.evidence !== 'sure' && rotated.has(unpackedName(name));
    if (isOwn || (rotation.evidence === 'number' && !names.has(base))) {
      base = unpackedName(name);
      rotation = { base: basename(base), mark: null, evidence: 'sure' };
    }
    const group = groups.get(base) ?? [];
    group.push({ ...candidate, rotation });
    groups.set(base, group);
  }
  return groups;
}

/** The path of the log that this file is surely a part of, null where it is none. */
function rotatedBase(path: string): string | null {
  const { base, mark, evidence } = rotationOf(path);
  return mark !== null && evidence === 'sure' ? pathOf(path, base) : null;
}

/** As the user has written it: `./S1.log` and `S1.log` stay what they are. */
function pathOf(path: string, base: string): string {
  return basename(path) === path ? base : path.startsWith('./') ? `./${join(dirname(path), base)}` : join(dirname(path), base);
}

/** A part that stands there twice, packed and not, is read once. */
function withoutCopies(members: readonly SeriesMember[], onNotice: (notice: LogNotice) => void): readonly SeriesMember[] {
  return members.filter((member) => {
    const isPacked = unpackedName(member.source.name) !== member.source.name;
    const original = members.find((other) => isPacked && other !== member && isSamePart(other, member));
    if (original === undefined) return true;
    onNotice({ code: 'LEFT_OUT', message: `${member.source.name} is left out: it is a packed copy of ${original.source.name}` });
    member.source.close();
    return false;
  });
}

function isSamePart(plain: SeriesMember, packed: SeriesMember): boolean {
  if (plain.source.name !== unpackedName(packed.source.name)) return false;
  const [first] = linesOf(plain.source);
  const [firstOfPacked] = linesOf(packed.source);
  return first !== undefined && first === firstOfPacked;
}

/** The parts of one log, the oldest first; null where they are logs of their own. */
function ordered(base: string, members: readonly SeriesMember[], onNotice: (notice: LogNotice) => void): readonly SeriesMember[] | null {
  if (members.length === 1) return members;
  const spans = new Map(members.map((member) => [member, spanOf(member)]));
  const byName = members.toSorted((a, b) => compareMarks(a.rotation.mark, b.rotation.mark));
  const evidence = members.map((member) => member.rotation.evidence);
  const isSure = evidence.every((kind) => kind === 'sure') && !areNumberedOnly(members);
  const isToldByTimes = members.every((member) => spans.get(member) !== null || member.source.size() === 0);
  if (isInTurn(byName, spans) && (isToldByTimes || isSure)) return byName;
  const byTime = byName.toSorted((a, b) => (spans.get(a)?.firstMs ?? 0) - (spans.get(b)?.firstMs ?? 0));
  const timesOrderAll = members.every((member) => spans.get(member) !== null) && isInTurn(byTime, spans);
  // Files of one time are those of several servers where dates tell them apart, or numbers and no file has the name of the log itself.
  if (evidence.includes('told') || (!timesOrderAll && (evidence.includes('number') || areNumberedOnly(members)))) return null;
  const order = timesOrderAll ? byTime : byName;
  const names = order.map(({ source }) => basename(source.name)).join(', ');
  const why = timesOrderAll
    ? 'the times of its lines say another order of its parts than their names, and are taken'
    : 'the times of its parts overlap, and the order of their names is taken';
  onNotice({ code: 'ROTATION', message: `${base} was rotated: ${why}: ${names}` });
  return order;
}

function areNumberedOnly(members: readonly SeriesMember[]): boolean {
  return members.every(({ rotation }) => rotation.mark?.kind === 'number');
}

/** A logger with several threads writes some lines late: parts may overlap by so much of the shorter one. */
const OVERLAP = 0.1;

function isInTurn(order: readonly SeriesMember[], spans: ReadonlyMap<SeriesMember, TimeRange | null>): boolean {
  const known = order.flatMap((member) => spans.get(member) ?? []);
  return known.every((span, i) => {
    const before = known[i - 1];
    if (before === undefined) return true;
    const shorterMs = Math.min(span.lastMs - span.firstMs, before.lastMs - before.firstMs);
    return before.lastMs - span.firstMs <= Math.max(0, shorterMs) * OVERLAP && before.firstMs <= span.firstMs;
  });
}

const LINES_MAX = 2000;
const END_BYTES = 1 << 16;

/** The times of the first and the last line that have one, as far as they can be read now; null where none is found. */
function spanOf({ source, known, format }: SeriesMember): TimeRange | null {
  const reader = known ?? format;
  if (reader.record !== 'line') return null;
  const timeOf = (line: string): number => {
    const decoded = reader.decode(line, source.name);
    return 'event' in decoded ? decoded.event.time : Number.NaN;
  };
  let count = 0;
  let firstMs = Number.NaN;
  for (const line of linesOf(source)) {
    if (++count > LINES_MAX || !Number.isNaN(firstMs)) break;
    firstMs = timeOf(line);
  }
  if (Number.isNaN(firstMs)) return null;
  const last = endOf(source).findLast((line) => !Number.isNaN(timeOf(line)));
  return { firstMs, lastMs: last === undefined ? firstMs : timeOf(last) };
}

/** The last lines of a source. */
function endOf(source: ByteSource): readonly string[] {
  const start = Math.max(0, source.size() - END_BYTES);
  const bytes = Buffer.alloc(END_BYTES);
  const lines = bytes.toString('utf8', 0, source.read(bytes, start)).split(/\r?\n/);
  return start === 0 ? lines : lines.slice(1);
}
