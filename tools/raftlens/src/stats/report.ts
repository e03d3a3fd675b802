import { type Column, formatDuration, printable, table } from '@raftlens/command-line';
import { clockText, plural } from '../text/time.ts';
import type { LogStats } from './log-stats.ts';
import type { MessageStats } from './messages.ts';
import type { Summary } from './percentiles.ts';

/** Peers that get a column each; a log of more gets totals alone. */
const PEERS_MAX = 12;
const LEADERSHIPS_MAX = 40;

const number = (title: string): Column => ({ title, align: 'right' });

/** The statistics as text, in the order in which somebody asks: what is it, who led, what was lost, how fast was it. */
export function statsReport(stats: LogStats, width: number): string {
  const sections = [
    summary(stats),
    elections(stats, width),
    messages(stats.messages, width),
    commits(stats.commitMs),
    events(stats, width),
  ];
  return sections
    .filter((section) => section !== '')
    .map((section) => `${section.trimEnd()}\n`)
    .join('\n');
}

function summary({ files, rows, unmatched, firstMs, lastMs, peers }: LogStats): string {
  const lines = files.map(({ name, format, clockOffsetMs }) => {
    const clock = clockOffsetMs === 0 ? '' : `, its clock moved by ${milliseconds(clockOffsetMs)} ms`;
    return `${printable(name)}: ${format}${clock}`;
  });
  const strange = unmatched === 0 ? '' : `, ${unmatched} of no format`;
  lines.push(`${plural(rows, 'line')}${strange}, ${formatDuration(lastMs - firstMs)}, ${peers.length} peers`);
  return `${lines.join('\n')}\n`;
}

function elections({ elections: { candidacies, leaderships, electionMs } }: LogStats, width: number): string {
  if (candidacies + leaderships.length === 0) return '';
  const heading = `Elections: ${leaderships.length} won, candidates stood ${plural(candidacies, 'time')}`;
  const times = electionMs.count === 0 ? '' : `, from candidate to leader ${spread(electionMs)}`;
  const perTerm = new Map<number | null, number>();
  for (const { term } of leaderships) perTerm.set(term, (perTerm.get(term) ?? 0) + 1);
  const rows = leaderships
    .slice(0, LEADERSHIPS_MAX)
    .map(({ term, leader, fromMs, electionMs: tookMs }) => [
      term === null ? '?' : String(term),
      leader,
      clockText(fromMs),
      tookMs === null ? '' : milliseconds(tookMs),
      term !== null && (perTerm.get(term) ?? 0) > 1 ? 'more than one leader in this term' : '',
    ]);
  const body = table([number('term'), { title: 'leader' }, number('since'), number('election ms'), { title: '' }], rows, { width });
  const more = leaderships.length > LEADERSHIPS_MAX ? `\nand ${leaderships.length - LEADERSHIPS_MAX} more (--json has all)\n` : '';
  return `${heading}${times}\n${body}${more}`;
}

function messages(all: readonly MessageStats[], width: number): string {
  if (all.length === 0) return '';
  const rows = all.map(({ op, isHeartbeat, sent, received, dropped, missing, latencyMs }) => [
    isHeartbeat ? `${op} (heartbeat)` : op,
    ...[sent, received, dropped, missing].map(String),
    ...(latencyMs.count === 0 ? ['', '', ''] : [latencyMs.p50, latencyMs.p99, latencyMs.max].map(milliseconds)),
  ]);
  const columns = [{ title: 'message' }, ...['sent', 'received', 'dropped', 'missing', 'p50 ms', 'p99 ms', 'max ms'].map(number)];
  return `Messages\n${table(columns, rows, { width })}`;
}

function commits(latencyMs: Summary): string {
  return latencyMs.count === 0 ? '' : `Commits: ${plural(latencyMs.count, 'command')}, from start to commit ${spread(latencyMs)}\n`;
}

function events({ events: all, peers }: LogStats, width: number): string {
  if (all.length === 0) return '';
  const shown = peers.length <= PEERS_MAX ? peers : [];
  const rows = all.map(({ op, byPeer, total }) => [op, ...(shown.length === 0 ? [] : byPeer.map(String)), String(total)]);
  return `Events\n${table([{ title: 'opcode' }, ...shown.map(number), number('all')], rows, { width })}`;
}

function spread({ p50, p90, p99, max }: Summary): string {
  return `p50 ${milliseconds(p50)}, p90 ${milliseconds(p90)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)} ms`;
}

function milliseconds(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
