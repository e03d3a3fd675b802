import type { Event, EventOf } from '@raftlens/events';
import { type Edn, readEdn } from './edn.ts';
import type { Decoded, LogFormat } from './format.ts';

const OPCODES: ReadonlyMap<string, EventOf<'Invoke' | 'Ok' | 'Fail' | 'Info'>['op']> = new Map([
  ['invoke', 'Invoke'],
  ['ok', 'Ok'],
  ['fail', 'Fail'],
  ['info', 'Info'],
]);

const LEVEL_INFO = 30;
const NS_PER_MS = 1e6;
const CLIENT = /^\d{1,9}$/;

/** One step of an operation, as Jepsen tells of it. */
interface HistoryStep {
  readonly process: string;
  readonly type: string;
  readonly f: string;
  /** Null where the history keeps keys apart in the value, or has only one. */
  readonly key: string | null;
  readonly value: Edn;
  /** Why it failed, or why nobody knows. */
  readonly error: string | null;
  readonly timeMs: number;
}

/**
 * Jepsen's history.edn: a map a line, `{:process 3, :type :invoke, :f :cas, :value [1 2], :time 123}`, within one list or vector or not.
 * The tests of porcupine write the same with `:key`.
 */
export const jepsenHistoryFormat: LogFormat = {
  name: 'jepsen-edn',
  title: "Jepsen's history.edn: a map an operation",
  record: 'line',
  decode: (record) => {
    const begin = record.indexOf('{');
    const end = record.lastIndexOf('}');
    if (begin < 0 || end < begin || !/^[\s([]*$/.test(record.slice(0, begin)) || !/^[\s)\],]*$/.test(record.slice(end + 1))) return NO_MAP;
    const map = readEdn(record.slice(begin, end + 1));
    return map instanceof Map ? fromMap(map) : NO_MAP;
  },
};

/** Jepsen's own log: `INFO  jepsen.util - 3\t:invoke\t:write\t4`. */
export const jepsenLogFormat: LogFormat = {
  name: 'jepsen-log',
  title: "Jepsen's log: a line an operation",
  record: 'line',
  decode: (record) => {
    const match = /\bjepsen\.util -? ?(\S{1,64})\t:(invoke|ok|fail|info)\t:(\S{1,64})\t(.*)$/.exec(record);
    if (match === null) return NO_OPERATION;
    const [, process = '', type = '', f = '', rest = ''] = match;
    const [value = '', error = ''] = rest.trimEnd().split('\t');
    const read = readEdn(value);
    const told = read === undefined ? value : read;
    // In place of the value there may be the reason, a keyword: `:timed-out`.
    const isReason = type !== 'invoke' && type !== 'ok' && value.startsWith(':');
    const reason = (isReason ? value : error).replace(/^:/, '');
    return eventOf({
      process: process.replace(/^:/, ''),
      type,
      f,
      key: null,
      value: isReason ? null : told,
      error: reason === '' ? null : reason,
      timeMs: 0,
    });
  },
};

const NO_MAP: Decoded = { reason: 'the line is no operation of a Jepsen history' };
const NO_OPERATION: Decoded = { reason: 'the line is no operation in a log of Jepsen' };

function fromMap(map: ReadonlyMap<string, Edn>): Decoded {
  const [type, process, f, key, error, time] = ['type', 'process', 'f', 'key', 'error', 'time'].map((name) => textOf(map.get(name)));
  if (type === undefined || process === undefined || f === undefined || !OPCODES.has(type)) return NO_MAP;
  const timeNs = Number(time ?? 0);
  return eventOf({
    process,
    type,
    f,
    key: key ?? null,
    value: map.get('value') ?? null,
    error: error ?? null,
    timeMs: Number.isFinite(timeNs) && timeNs >= 0 ? timeNs / NS_PER_MS : 0,
  });
}

function eventOf(told: HistoryStep): Decoded {
  const { process, type, f, timeMs } = told;
  const base = { seq: 0, time: timeMs, boot: 0 };
  const op = OPCODES.get(type);
  // The nemesis is no client: what it does to the cluster is a note.
  if (op === undefined || !CLIENT.test(process)) {
    const detail = [type, f, textOf(told.value) ?? ''].join(' ').trimEnd();
    return { event: { ...base, node: process, src: process, dst: process, op: 'Note', detail }, level: LEVEL_INFO };
  }
  const client = `C${process}`;
  const { key, value } = operandsOf(told);
  // A refusal without a reason says no more than that it did not take place: another server may have refused it than the register.
  const text = op === 'Fail' ? (told.error ?? 'failed') : value;
  const event: Event = { ...base, node: client, src: client, dst: client, op, client, opid: 0, f, key, value: text };
  return { event, level: LEVEL_INFO };
}

/** Histories of several keys have `[key value]` for a value (jepsen.independent); a compare-and-set has `[old new]` for its own. */
function operandsOf({ f, key, value }: HistoryStep): { readonly key: string; readonly value: string } {
  if (f === 'txn') return { key: '', value: transactionOf(value) };
  const pair = Array.isArray(value) && value.length === 2 ? (value as readonly Edn[]) : null;
  const isKeyed = key === null && pair !== null && (f === 'cas' ? Array.isArray(pair[1]) : !Array.isArray(pair[0]));
  const [told, own] = isKeyed ? [textOf(pair?.[0]) ?? '', pair?.[1] ?? null] : [key ?? '', value];
  return { key: told, value: textOf(own) ?? '' };
}

/** `[[:r :x nil] [:w :y 2]]`, or with `:read` and `:write`, as JSON of texts. */
function transactionOf(value: Edn): string {
  const parts = Array.isArray(value) ? (value as readonly Edn[]) : [];
  const micro = parts.map((part) => {
    const [f, key, own] = Array.isArray(part) ? (part as readonly Edn[]) : [];
    const name = textOf(f) ?? '';
    return [name === 'read' ? 'r' : name === 'write' ? 'w' : name, textOf(key) ?? '', textOf(own) ?? null];
  });
  return JSON.stringify(micro);
}

/** The value as one text: the items of a list with blanks between them; undefined for nil. */
function textOf(value: Edn | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object') return String(value);
  const items = Array.isArray(value) ? (value as readonly Edn[]) : [...(value as ReadonlyMap<string, Edn>)].flat();
  return items.map((item) => textOf(item) ?? 'nil').join(' ');
}
