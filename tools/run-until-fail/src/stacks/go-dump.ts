import { baseName, type Dump, type DumpReader, type StackFrame, type Thread, type WaitKind } from './thread.ts';

const HEADER = /^\[?goroutine (\d{1,19})(?: gp=\S{1,40})?(?: m=\S{1,40})?(?: mp=\S{1,40})? \[([^\]]{1,200})\]:$/;
/** Of goleak (go.uber.org/goleak), which gives the goroutines that outlived a test. */
const LEAKED = /^\[?Goroutine (\d{1,19}) in state (.{1,100}?), with .{1,500} on top of the stack:$/;
const CREATED = /^created by (\S{1,1000}?)(?: in goroutine (\d{1,19}))?$/;
const PLACE = /^\s{1,20}(\S.{0,1000}\.(?:go|s)):(\d{1,9})(?: \+0x[0-9a-f]{1,16})?(?: fp=.{0,100})?$/;
const SAID = /^(?:panic: test timed out after .{1,100}|fatal error: all goroutines are asleep - deadlock!)$/;

/** The folders of Go's standard library, of which the names of packages begin. A module may be called like none of them. */
const STANDARD = new Set(
  (
    'archive bufio bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash html image index ' +
    'internal io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings structs sync syscall testing ' +
    'text time unicode unique unsafe vendor weak'
  ).split(' '),
);

interface Goroutine {
  readonly number: string;
  readonly state: string;
  readonly isLeaked: boolean;
  readonly frames: GoFrame[];
  startedBy: Thread['startedBy'];
}

interface GoFrame extends StackFrame {
  /** The first argument, an address; null where the compiler has not kept it. */
  readonly first: string | null;
}

/** What Go prints at SIGQUIT, at a panic with GOTRACEBACK=all, and when `go test` times out. It never tells who holds a lock. */
export class GoDumpReader implements DumpReader {
  readonly noun = 'goroutine';
  #threads: Thread[] = [];
  #said: string[] = [];
  #current: Goroutine | null = null;
  #call: string | null = null;
  /** By how much a test has indented what it printed, as goleak does. */
  #indent = '';

  take(indented: string): boolean {
    const begins = /^ {0,24}(?=\[?[Gg]oroutine \d)/.exec(indented);
    if (begins !== null) this.#indent = begins[0].slice(0, begins[0].length & ~3);
    const line = indented.startsWith(this.#indent) ? indented.slice(this.#indent.length).replace(/^ (?=Goroutine )/, '') : indented;
    const header = HEADER.exec(line) ?? LEAKED.exec(line);
    if (header !== null) return this.#begin(header[1] ?? '', header[2] ?? '', !HEADER.test(line));
    if (this.#current !== null && this.#takeFrame(this.#current, line)) return true;
    this.#close();
    if (!SAID.test(line)) return false;
    this.#said.push(line);
    return true;
  }

  finish(): Omit<Dump, 'noun'> | null {
    this.#close();
    const [threads, said] = [this.#threads, this.#said];
    this.#indent = '';
    this.#threads = [];
    this.#said = [];
    return threads.length === 0 ? null : { threads, said };
  }

  #begin(number: string, state: string, isLeaked: boolean): boolean {
    // goleak prints both headers of a goroutine, in older versions.
    const same = this.#current?.number === number && this.#current.frames.length === 0;
    const wasLeaked = same && this.#current?.isLeaked === true;
    if (same) this.#current = null;
    else this.#close();
    this.#current = { number, state, isLeaked: isLeaked || wasLeaked || /\(leaked\)/.test(state), frames: [], startedBy: null };
    return true;
  }

  #takeFrame(goroutine: Goroutine, line: string): boolean {
    const place = PLACE.exec(line);
    if (place !== null) {
      if (this.#call !== null) goroutine.frames.push(frameOf(this.#call, place[1] ?? '', place[2] ?? ''));
      this.#call = null;
      return true;
    }
    const created = CREATED.exec(line);
    if (created !== null) goroutine.startedBy = { name: created[1] ?? '', goroutine: created[2] ?? null };
    const isCall = line.endsWith(')') && /^\S/.test(line);
    this.#call = isCall ? line : null;
    return created !== null || isCall || line.startsWith('...');
  }

  #close(): void {
    const goroutine = this.#current;
    this.#current = null;
    this.#call = null;
    // The scheduler's own stack, which SIGQUIT prints first, is no goroutine.
    if (goroutine !== null && goroutine.number !== '0') this.#threads.push(threadOf(goroutine));
  }
}

function frameOf(call: string, file: string, line: string): GoFrame {
  const open = argumentsAt(call);
  const name = call.slice(0, open);
  const first = /^\(0x([0-9a-f]{1,16})/.exec(call.slice(open))?.[1] ?? null;
  const owner = /^(.{1,500}\(\*[\w[\].]{1,200}\))\.\w{1,200}$/.exec(name)?.[1] ?? null;
  // A function within a method has no receiver among its arguments, but still belongs to that type.
  const within = owner ?? /^(.{1,500}\(\*[\w[\].]{1,200}\))\.\w{1,200}\./.exec(name)?.[1] ?? null;
  const object = owner === null || first === null || first === '0' ? null : BigInt(`0x${first}`);
  // `gowrap1` is what the compiler makes of a go statement with arguments.
  const isLibrary = isStandard(name, file) || /\.gowrap\d+$/.test(name);
  return { name, place: `${baseName(file)}:${line}`, isLibrary, owner: within, object, first: first === '0' ? null : first };
}

/** Where the arguments of a call begin: at the parenthesis that the last character closes. */
function argumentsAt(call: string): number {
  let depth = 0;
  for (let at = call.length - 1; at > 0; at--) {
    if (call[at] === ')') depth++;
    if (call[at] === '(' && --depth === 0) return at;
  }
  return call.length;
}

function isStandard(name: string, file: string): boolean {
  const slash = name.indexOf('/');
  const end = slash === -1 ? name.indexOf('.') : slash;
  return STANDARD.has(name.slice(0, end)) || baseName(file) === '_testmain.go';
}

function threadOf({ number, state, isLeaked, frames, startedBy }: Goroutine): Thread {
  const [text = '', ...more] = state.replace(/ \((?:leaked|durable|scan|nil chan)\)/g, '').split(', ');
  const minutes = more.map((part) => /^(\d{1,9}) minutes?$/.exec(part)?.[1]).find((found) => found !== undefined);
  const kind = kindOf(text, frames);
  return {
    name: `goroutine ${number}`,
    wait: { kind, on: waitsOn(kind, frames), what: null, minutes: minutes === undefined ? null : Number(minutes) },
    holds: null,
    frames: frames.filter(({ name }) => name !== 'runtime.goexit' && !name.startsWith('runtime.gopark')),
    startedBy,
    isLeaked,
  };
}

const KINDS: Readonly<Record<string, WaitKind>> = {
  'chan send': 'send',
  'chan receive': 'receive',
  select: 'select',
  'select (no cases)': 'select',
  'sync.Mutex.Lock': 'lock',
  'sync.RWMutex.Lock': 'lock',
  'sync.RWMutex.RLock': 'lock',
  'sync.Cond.Wait': 'condition',
  'sync.WaitGroup.Wait': 'others',
  'IO wait': 'io',
  syscall: 'io',
  sleep: 'sleep',
  running: 'running',
  runnable: 'running',
};

/** What a goroutine waits for that has `semacquire` for a state, as before Go 1.19. */
const SEMAPHORES: readonly (readonly [prefix: string, kind: WaitKind])[] = [
  ['sync.(*RWMutex).', 'lock'],
  ['sync.(*Mutex).', 'lock'],
  ['internal/sync.(*Mutex).', 'lock'],
  ['sync.(*WaitGroup).', 'others'],
  ['sync.(*Cond).', 'condition'],
];

function kindOf(text: string, frames: readonly StackFrame[]): WaitKind {
  if (frames.length > 0 && frames.every(({ name }) => name.startsWith('runtime.'))) return 'runtime';
  if (text !== 'semacquire') return KINDS[text] ?? 'unknown';
  for (const [prefix, kind] of SEMAPHORES) if (frames.some(({ name }) => name.startsWith(prefix))) return kind;
  return 'unknown';
}

/** The functions whose first argument is what is waited for. Those of channels are printed at SIGQUIT only. */
const WAITING: Partial<Readonly<Record<WaitKind, RegExp>>> = {
  lock: /^(?:internal\/)?sync\.\(\*(?:RW)?Mutex\)\.(?:lockSlow|Lock|RLock)$/,
  send: /^runtime\.chansend$/,
  receive: /^runtime\.chanrecv$/,
  condition: /^sync\.\(\*Cond\)\.Wait$/,
  others: /^sync\.\(\*WaitGroup\)\.Wait$/,
};

function waitsOn(kind: WaitKind, frames: readonly GoFrame[]): string | null {
  const pattern = WAITING[kind];
  const found = pattern === undefined ? undefined : frames.findLast(({ name, first }) => first !== null && pattern.test(name));
  return found === undefined || found.first === null ? null : `0x${found.first}`;
}
