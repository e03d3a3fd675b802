import * as z from 'zod';
import { baseName, type Dump, type DumpReader, NOT_TOLD, type StackFrame, type Thread, type WaitKind } from './thread.ts';

const endpoint = z.object({ host: z.string().optional(), port: z.number().optional() }).nullish().catch(null);
const handle = z.object({
  type: z.string(),
  is_active: z.boolean().catch(false),
  is_referenced: z.boolean().catch(false),
  firesInMsFromNow: z.number().optional().catch(undefined),
  repeat: z.number().optional().catch(undefined),
  localEndpoint: endpoint,
  remoteEndpoint: endpoint,
});
const stack = z.object({ message: z.string().optional(), stack: z.array(z.string()).optional() });
const report = z.object({
  header: z.object({ nodejsVersion: z.string() }).loose(),
  javascriptStack: stack.catch({}),
  libuv: z.array(handle).max(1_000_000).catch([]),
});

/** Stops at the first frame that a report has no name for. */
const FRAME = /^at (.{1,500}) \((.{1,1000}?):(\d{1,9}):\d{1,9}\)$/;

/**
 * A diagnostic report of Node (`node --report-on-signal`): the stack of the main thread, and what else it waits for, which are the handles that keep
 * the event loop alive. Null where the text is none.
 */
export function readNodeReport(text: string): Dump | null {
  const parsed = report.safeParse(jsonOf(text));
  if (!parsed.success) return null;
  const { javascriptStack, libuv } = parsed.data;
  const frames = (javascriptStack.stack ?? []).map(frameOf).filter((frame) => frame !== null);
  const main = frames.length === 0 ? [] : [thread('the main thread', 'running', frames)];
  const handles = libuv
    .filter(({ is_active, is_referenced, type }) => is_active && is_referenced && type !== 'loop')
    .map((one) => thread(describeHandle(one), 'unknown', []));
  const idle = 'no JavaScript runs: what is awaited has to come from the handles that keep the event loop alive';
  return { noun: 'handle', threads: [...main, ...handles], said: frames.length === 0 ? [idle] : [] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function frameOf(line: string): StackFrame | null {
  const found = FRAME.exec(line.trim());
  if (found === null) return null;
  const [, name = '', file = '', number = ''] = found;
  return { name, place: `${baseName(file)}:${number}`, isLibrary: file.startsWith('node:'), owner: null, object: null };
}

function describeHandle({ type, firesInMsFromNow, repeat, localEndpoint, remoteEndpoint }: z.infer<typeof handle>): string {
  const at = (end: z.infer<typeof endpoint>): string => (end === null || end === undefined ? '' : `${end.host ?? ''}:${end.port ?? ''}`);
  if (type === 'timer') return repeat !== undefined && repeat > 0 ? `a timer that repeats` : `a timer${dueIn(firesInMsFromNow)}`;
  if (remoteEndpoint !== null && remoteEndpoint !== undefined) return `a ${type} connection to ${at(remoteEndpoint)}`;
  return localEndpoint === null || localEndpoint === undefined ? `a ${type} handle` : `a ${type} server at ${at(localEndpoint)}`;
}

function dueIn(ms: number | undefined): string {
  return ms === undefined ? '' : ` that fires in ${Math.max(0, Math.round(ms / 1000))} s`;
}

function thread(name: string, kind: WaitKind, frames: readonly StackFrame[]): Thread {
  return { name, wait: { ...NOT_TOLD, kind }, holds: null, frames, startedBy: null, isLeaked: false };
}

const NOT_OK = /^\s{0,40}not ok \d{1,9} - (.{1,300})$/;
const LOCATION = /^\s{0,40}location: '(.{1,1000}?):(\d{1,9}):\d{1,9}'$/;
const PENDING = /^\s{0,40}error: 'Promise resolution is still pending but the event loop has already resolved'$/;
const TOP_LEVEL = /^Warning: Detected unsettled top-level await at$/;
const AWAIT_PLACE = /^(?:file:\/\/)?(\/.{1,1000}):(\d{1,9})$/;

/** What Node says of promises that nothing can settle any more: `node --test`, and an await at the top of a module. There is no stack of a promise. */
export class NodePendingReader implements DumpReader {
  readonly noun = 'promise';
  #threads: Thread[] = [];
  #test: { readonly name: string; place: string | null } | null = null;
  #atTop = false;

  take(line: string): boolean {
    if (this.#atTop) return this.#takePlace(line);
    this.#atTop = TOP_LEVEL.test(line);
    const test = NOT_OK.exec(line)?.[1];
    if (test !== undefined) this.#test = { name: test, place: null };
    const location = LOCATION.exec(line);
    if (location !== null && this.#test !== null) this.#test.place = `${baseName(location[1] ?? '')}:${location[2]}`;
    if (!PENDING.test(line) || this.#test === null) return this.#atTop;
    this.#add(`test "${this.#test.name}"`, this.#test.place);
    this.#test = null;
    return true;
  }

  finish(): Omit<Dump, 'noun'> | null {
    const threads = this.#threads;
    this.#threads = [];
    this.#test = null;
    this.#atTop = false;
    return threads.length === 0 ? null : { threads, said: ['the event loop is empty: nothing is left that could settle what is awaited'] };
  }

  #takePlace(line: string): boolean {
    this.#atTop = false;
    const place = AWAIT_PLACE.exec(line);
    if (place !== null) this.#add('the top of a module', `${baseName(place[1] ?? '')}:${place[2]}`);
    return place !== null;
  }

  #add(name: string, place: string | null): void {
    this.#threads.push(thread(name, 'settled', [{ name: '', place, isLibrary: false, owner: null, object: null }]));
  }
}
