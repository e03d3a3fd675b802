import { UserError, unknownName } from '@raftlens/command-line';
import { OPCODE_NAMES } from '@raftlens/events';
import { codeOfOpcode, type LogStore } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { PeerFinder } from '../model/peers.ts';
import type { Line } from '../text/line.ts';
import { checkLog, rowOfCheckedSeq } from './check-log.ts';
import { type ColumnsLayout, columnsLayout } from './columns-layout.ts';
import { gapLine, headerLine, type PrintedRow, rowLine } from './columns-printer.ts';
import { labelOf, openWhole, pathsOrLatest } from './input.ts';
import { outputTheme, outputWidth, printLines } from './output.ts';

export interface ColumnsArguments {
  readonly paths: readonly string[];
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
  readonly just?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly peers?: readonly string[] | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly filter?: string | undefined;
  readonly around?: string | undefined;
  readonly context?: number | undefined;
}

/** Rows that are measured to find the widths of the columns. */
const MEASURED_ROWS_MAX = 20_000;
const CONTEXT_ROWS = 12;

export function columnsCommand(cli: Argv): Argv {
  return cli.command('columns [paths..]', 'Print the log as text, a column a peer', columnsOptions, async (options) => {
    await printColumns(options);
  });
}

function columnsOptions(command: Argv) {
  const list = { type: 'string', array: true, coerce: (values: readonly string[]) => values.flatMap((value) => value.split(',')) } as const;
  return command
    .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] as string[] })
    .option('width', { type: 'number', describe: 'Cells of a line; 0 cuts nothing (default: the terminal, or 100)' })
    .option('color', { type: 'boolean', describe: 'Colours, whatever the output is' })
    .option('just', { ...list, requiresArg: true, describe: 'Only these opcodes, separated by commas' })
    .option('ignore', { ...list, requiresArg: true, describe: 'All but these opcodes' })
    .option('peers', { ...list, requiresArg: true, describe: 'Only these peers' })
    .option('since', { type: 'number', describe: 'From this time on, in ms as the log has it' })
    .option('until', { type: 'number', describe: 'Up to this time' })
    .option('filter', { type: 'string', describe: 'What this expression of the filter language selects' })
    .option('around', { type: 'string', describe: 'Around the line with this seq, or around the first "violation"' })
    .option('context', { type: 'number', default: CONTEXT_ROWS, describe: 'With --around: lines before it and after it' })
    .example('raftlens columns logs/latest --ignore Persist,Apply', 'without the lines that say little')
    .example("raftlens columns run --filter 'term>=3 !heartbeat' | less -S", 'the filter language: docs/RAFTLENS.md')
    .example('raftlens columns logs/latest --around violation', 'the first wrong step and what proves it');
}

export async function printColumns(options: ColumnsArguments): Promise<void> {
  const store = await openWhole(pathsOrLatest(options.paths));
  try {
    const selected = await selectRows(store, options);
    const { rows, evidence } = await aroundRows(store, selected, options);
    const printed = (row: number) => printedRow(store, row, evidence);
    const layout = columnsLayout(columnPeers(store, options), rows.slice(0, MEASURED_ROWS_MAX).map(printed), outputWidth(options.width));
    await printLines(tableLines(rows, selected, layout, printed), outputTheme(options.color));
  } finally {
    store.close();
  }
}

function* tableLines(
  rows: readonly number[],
  all: readonly number[],
  layout: ColumnsLayout,
  printed: (row: number) => PrintedRow,
): Iterable<Line> {
  yield headerLine(layout);
  const place = rows.length === all.length ? null : new Map(all.map((row, at) => [row, at]));
  let before = -1;
  for (const row of rows) {
    const at = place?.get(row) ?? before + 1;
    if (at > before + 1) yield gapLine(at - before - 1, layout);
    before = at;
    yield rowLine(printed(row), layout);
  }
  if (before < all.length - 1) yield gapLine(all.length - 1 - before, layout);
}

function printedRow(store: LogStore, row: number, evidence: ReadonlySet<number>): PrintedRow {
  const event = store.event(row);
  return { text: store.text(row), event, label: labelOf(store, row, event?.seq), evidence: evidence.has(row) };
}

function columnPeers(store: LogStore, { peers }: ColumnsArguments): readonly string[] {
  const all = new PeerFinder(store).peers(store.size);
  for (const peer of peers ?? []) if (!store.peers.includes(peer)) throw unknownName('peer', peer, all);
  return peers === undefined ? all : all.filter((peer) => peers.includes(peer));
}

async function selectRows(store: LogStore, { just, ignore, peers, since, until, filter }: ColumnsArguments): Promise<number[]> {
  const wanted = opcodeCodes(just);
  const unwanted = opcodeCodes(ignore);
  const nodes = peers === undefined ? null : new Set(peers.map((peer) => store.columns.names.find(peer)));
  const selected = await store.filter(filter ?? '');
  const { columns } = store;
  return [...selected].filter((row) => {
    if (wanted !== null && !wanted.has(columns.op(row))) return false;
    if (unwanted?.has(columns.op(row)) === true) return false;
    if (nodes !== null && !nodes.has(columns.node(row))) return false;
    const timeMs = columns.time(row);
    return !(since !== undefined && timeMs < since) && !(until !== undefined && timeMs > until);
  });
}

function opcodeCodes(names: readonly string[] | undefined): ReadonlySet<number> | null {
  if (names === undefined) return null;
  return new Set(
    names.map((name) => {
      const code = codeOfOpcode(name);
      if (code === 0) throw unknownName('opcode', name, OPCODE_NAMES);
      return code;
    }),
  );
}

interface Around {
  readonly rows: readonly number[];
  readonly evidence: ReadonlySet<number>;
}

/** With `--around` the lines near the one that is meant, and the lines that prove the violation wherever they stand. */
async function aroundRows(store: LogStore, selected: readonly number[], { around, context }: ColumnsArguments): Promise<Around> {
  if (around === undefined) return { rows: selected, evidence: new Set() };
  const { row, evidence } = await rowsMeant(store, around);
  const reach = Math.max(0, Math.trunc(context ?? CONTEXT_ROWS));
  const at = selected.findIndex((candidate) => candidate >= row);
  const middle = at < 0 ? selected.length - 1 : at;
  const near = (place: number) => Math.abs(place - middle) <= reach;
  const rows = selected.filter((candidate, place) => near(place) || evidence.has(candidate));
  return { rows, evidence };
}

async function rowsMeant(store: LogStore, around: string): Promise<{ readonly row: number; readonly evidence: ReadonlySet<number> }> {
  if (around === 'violation') {
    const { first } = await checkLog(store);
    if (first === null) throw new UserError('NO_VIOLATION', 'the log has no violation to look around: give a seq.');
    return { row: rowOfCheckedSeq(first.seq), evidence: new Set(first.evidence.map(rowOfCheckedSeq)) };
  }
  const seq = Number(around);
  const row = Number.isInteger(seq) ? (store.files.length > 1 ? seq - 1 : store.rowOfSeq(seq)) : -1;
  if (row < 0 || row >= store.size) throw new UserError('NO_SUCH_SEQ', `no line of the log has the seq "${around}".`);
  return { row, evidence: new Set() };
}
