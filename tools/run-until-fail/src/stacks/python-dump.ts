import { baseName, type Dump, type DumpReader, NOT_TOLD, type StackFrame, type Thread, type Wait, type WaitKind } from './thread.ts';

/** Of faulthandler, which gives the innermost call first and no state. */
const FAULT = /^(?:Current thread|Thread) 0x([0-9a-f]{1,16})(?: \[(.{1,100})\])? \(most recent call first\):$/;
const FRAME = /^ {2}File "(.{1,1000})", line (\d{1,9})(?:,)? in (\S.{0,300})$/;
/** Of py-spy. */
const SPY = /^Thread (?:0x)?([0-9A-Fa-f]{1,16}) \((idle|active)(?:\+gil)?\)(?:: "(.{0,300})")?$/;
const SPY_FRAME = /^ {4}(\S.{0,300}) \(([^()]{1,1000}):(\d{1,9})\)$/;
/** Of pytest-timeout, which gives the innermost call last, each with its line of source. */
const TIMEOUT = /^~{1,200} Stack of (.{1,300}) \((\d{1,20})\) ~{1,200}$/;

/** Folders in which Python and pytest themselves live. */
const LIBRARY =
  /(?:^<frozen |\/lib\/python\d|\/site-packages\/|\/dist-packages\/|^(?:threading|queue|selectors|socket|ssl|subprocess)\.py$)/;

const SAID = /^(?:Timeout \(\d{1,6}:\d\d:\d\d(?:\.\d{1,9})?\)!|\+{2,200} Timeout \+{2,200})$/;

interface PythonThread {
  readonly name: string;
  readonly isIdle: boolean | null;
  readonly innermostLast: boolean;
  readonly frames: StackFrame[];
  source: string;
}

/** What faulthandler, py-spy and pytest-timeout print. None of them tells of locks. */
export class PythonDumpReader implements DumpReader {
  readonly noun = 'thread';
  #threads: PythonThread[] = [];
  #said: string[] = [];
  #current: PythonThread | null = null;

  take(line: string): boolean {
    if (SAID.test(line) && this.#said.length === 0) this.#said.push(line);
    const began = beginning(line);
    if (began !== null) {
      this.#current = began;
      this.#threads.push(began);
      return true;
    }
    const thread = this.#current;
    if (thread === null) return false;
    const frame = frameOf(line);
    if (frame !== null) thread.frames.push(frame);
    else if (thread.innermostLast && /^ {4}\S/.test(line)) thread.source = line.trim();
    // Arguments, locals, and lines of source.
    else if (!/^ {2,}\S/.test(line)) this.#current = null;
    return this.#current !== null;
  }

  finish(): Omit<Dump, 'noun'> | null {
    const [threads, said] = [this.#threads.filter(({ frames }) => frames.length > 0), this.#said];
    this.#threads = [];
    this.#said = [];
    this.#current = null;
    return threads.length === 0 ? null : { threads: threads.map(threadOf), said };
  }
}

function beginning(line: string): PythonThread | null {
  const fault = FAULT.exec(line);
  if (fault !== null) return started(fault[2] === undefined ? `thread 0x${fault[1]}` : `"${fault[2]}"`, null, false);
  const spy = SPY.exec(line);
  if (spy !== null) return started(spy[3] === undefined ? `thread ${spy[1]}` : `"${spy[3]}"`, spy[2] === 'idle', false);
  const timeout = TIMEOUT.exec(line);
  return timeout === null ? null : started(`"${timeout[1]}"`, null, true);
}

function started(name: string, isIdle: boolean | null, innermostLast: boolean): PythonThread {
  return { name, isIdle, innermostLast, frames: [], source: '' };
}

function frameOf(line: string): StackFrame | null {
  const frame = FRAME.exec(line);
  const spy = frame === null ? SPY_FRAME.exec(line) : null;
  const [file, number, name] = frame !== null ? frame.slice(1) : [spy?.[2], spy?.[3], spy?.[1]];
  if (file === undefined || number === undefined || name === undefined) return null;
  return { name, place: `${baseName(file)}:${number}`, isLibrary: LIBRARY.test(file), owner: baseName(file), object: null };
}

function threadOf({ name, isIdle, innermostLast, frames, source }: PythonThread): Thread {
  const inOrder = innermostLast ? frames.toReversed() : frames;
  return { name, wait: waitOf(inOrder, isIdle, source), holds: null, frames: inOrder, startedBy: null, isLeaked: false };
}

/** How the standard library is called while it waits: the innermost frames of its own. */
const WAITING: readonly (readonly [call: RegExp, kind: WaitKind])[] = [
  [/^queue\.py (?:\w+\.)?put$/, 'send'],
  [/^queue\.py (?:\w+\.)?get$/, 'receive'],
  [/^threading\.py (?:\w+\.)?(?:join|_wait_for_tstate_lock)$/, 'others'],
  [/^threading\.py (?:\w+\.)?wait(?:_for)?$/, 'condition'],
  [/^(?:selectors|socket|ssl)\.py /, 'io'],
  [/^subprocess\.py /, 'others'],
];

function waitOf(frames: readonly StackFrame[], isIdle: boolean | null, source: string): Wait {
  const own = frames.findIndex(({ isLibrary }) => !isLibrary);
  const calls = frames.slice(0, Math.max(own, 0)).map(({ name, place }) => `${place?.replace(/:\d+$/, '') ?? ''} ${name}`);
  if (own === -1) return { ...NOT_TOLD, kind: 'runtime' };
  const found = WAITING.find(([call]) => calls.some((said) => call.test(said)));
  if (found !== undefined) return { ...NOT_TOLD, kind: found[1] };
  const lock = own === 0 ? /^(?:with (\w[\w.]{0,200}):|(\w[\w.]{0,200})\.acquire\()/.exec(source) : null;
  if (lock !== null) return { ...NOT_TOLD, kind: 'lock', on: null, what: lock[1] ?? lock[2] ?? null };
  return isIdle === false ? { ...NOT_TOLD, kind: 'running' } : NOT_TOLD;
}
