import type { CheckReport } from '@raftlens/checker';
import { UserError, unknownName } from '@raftlens/command-line';
import { OPCODE_NAMES } from '@raftlens/events';
import { codeOfOpcode, type LogStore } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { checkLog, rowOfCheckedSeq } from '../check/log-check.ts';
import { PeerFinder } from '../model/peers.ts';
import { rowOfNumber } from '../model/row-number.ts';

/** Which rows of a log are meant: every condition that is given must hold. */
export interface RowConditions {
  readonly just?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly peers?: readonly string[] | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly filter?: string | undefined;
  readonly around?: string | undefined;
  readonly context?: number | undefined;
}

/** The options of every command that shows a part of a log. `contextRows` is how far `--around` reaches by default. */
export function selectionOptions<T>(command: Argv<T>, contextRows: number) {
  const list = { type: 'string', array: true, coerce: (values: readonly string[]) => values.flatMap((value) => value.split(',')) } as const;
  return command
    .option('just', { ...list, requiresArg: true, describe: 'Only these opcodes, separated by commas' })
    .option('ignore', { ...list, requiresArg: true, describe: 'All but these opcodes' })
    .option('peers', { ...list, requiresArg: true, describe: 'Only these peers' })
    .option('since', { type: 'number', describe: 'From this time on, in ms as the log has it' })
    .option('until', { type: 'number', describe: 'Up to this time' })
    .option('filter', { type: 'string', describe: 'What this expression of the filter language selects' })
    .option('around', { type: 'string', describe: 'Around the line with this seq, or around the first "violation"' })
    .option('context', { type: 'number', describe: `With --around: lines before it and after it (default: ${contextRows})` });
}

/** The peers that have a column, of those that are asked for. */
export function columnPeers(store: LogStore, { peers }: RowConditions): readonly string[] {
  const all = new PeerFinder(store).peers(store.size);
  for (const peer of peers ?? []) if (!store.peers.includes(peer)) throw unknownName('peer', peer, all);
  return peers === undefined ? all : all.filter((peer) => peers.includes(peer));
}

/** The rows for which all conditions but `around` hold. */
export async function selectRows(store: LogStore, { just, ignore, peers, since, until, filter }: RowConditions): Promise<number[]> {
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

/** A place in the log: the row that is meant, and the rows that prove it where it is a violation. */
export interface Place {
  readonly row: number;
  readonly evidence: ReadonlySet<number>;
  readonly violation: CheckReport['first'];
}

/** The place of a seq, or of the first violation. Throws where the log has neither. */
export function placeOf(store: LogStore, around: string): Place {
  if (around === 'violation') {
    const place = violationPlace(store);
    if (place === null) throw new UserError('NO_VIOLATION', 'the log has no violation to look around: give a seq.');
    return place;
  }
  const row = rowOfNumber(store, Number(around));
  if (row < 0) throw new UserError('NO_SUCH_SEQ', `no line of the log has the seq "${around}".`);
  return { row, evidence: new Set(), violation: null };
}

/** The first wrong step, null where there is none. */
export function violationPlace(store: LogStore): Place | null {
  const { first } = checkLog(store);
  if (first === null) return null;
  return { row: rowOfCheckedSeq(first.seq), evidence: new Set(first.evidence.map(rowOfCheckedSeq)), violation: first };
}

/** Those of the selected rows that stand within `reach` of the place, and the lines that prove it wherever they stand. */
export function rowsNear(selected: readonly number[], { row, evidence }: Place, reach: number): number[] {
  const at = selected.findIndex((candidate) => candidate >= row);
  const middle = at < 0 ? selected.length - 1 : at;
  return selected.filter((candidate, place) => Math.abs(place - middle) <= reach || evidence.has(candidate));
}
