import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { environmentOf, processNames, readStat, signalProcess, wordsOf } from './process-group.ts';

/** A process that prints the stacks of all its threads when it gets a signal. */
interface Teller {
  readonly pid: number;
  readonly signal: NodeJS.Signals;
}

/** Where the processes of a run are, and how much it has printed. */
export interface AskedRun {
  readonly group: number;
  /** RUN_DIR=FOLDER, in the environment of all that it started. */
  readonly variable: string;
  /** Null once it has ended. */
  readonly outputBytes: () => number | null;
}

/** A dump of 12,000 lines takes a tenth of a second; what takes longer than this is told with what stands there by then. */
const TELLING_MAX_MS = 5000;
const POLL_MS = 50;
/** Nothing has been printed for so long, by what told its stacks or by what hands them on, as `go test` does. */
const QUIET_MS = 400;

/**
 * Asks the processes of a run that hangs for their stacks, before it is ended: test binaries of Go, JVMs, Python with faulthandler and Node with
 * --report-on-signal, wherever they stand below the command. Others would only be killed by such a signal, and get none. Linux only.
 *
 * @param mostMs the longest to wait for what they print
 */
export async function askForStacks(run: AskedRun, mostMs: number): Promise<void> {
  const tellers = tellersOf(run);
  if (tellers.length === 0) return;
  let bytes = run.outputBytes();
  for (const { pid, signal } of tellers) signalProcess(pid, signal);
  const startedMs = performance.now();
  let lastMs = startedMs;
  for (let nowMs = startedMs; nowMs - startedMs < Math.min(TELLING_MAX_MS, mostMs); nowMs = performance.now()) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const printed = run.outputBytes();
    if (printed === null) return;
    if (printed !== bytes) lastMs = performance.now();
    bytes = printed;
    if (performance.now() - lastMs >= QUIET_MS) return;
  }
}

function tellersOf({ group, variable }: AskedRun): readonly Teller[] {
  const tellers: Teller[] = [];
  for (const name of processNames()) {
    const environment = environmentOf(name);
    if (environment === null || (readStat(name)?.group !== group && !environment.includes(variable))) continue;
    const signal = signalFor(name, environment);
    if (signal !== null) tellers.push({ pid: Number(name), signal });
  }
  return tellers;
}

function signalFor(pid: string, environment: readonly string[]): NodeJS.Signals | null {
  const program = programOf(pid);
  const name = basename(program);
  const words = wordsOf(pid);
  if (name.endsWith('.test')) return isGoProgram(pid) ? 'SIGQUIT' : null;
  if (name === 'java') return words.includes('-Xrs') ? null : 'SIGQUIT';
  if (/^python\d?(?:\.\d+)?$/.test(name)) return hasFaultHandler(words, environment) ? 'SIGABRT' : null;
  return name === 'node' ? reportSignal([...words, ...nodeOptions(environment)]) : null;
}

/** What it runs; the file may be gone, as `go test` removes what it has built. */
function programOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
  } catch {
    return '';
  }
}

/** pytest switches the faulthandler on by itself. */
function hasFaultHandler(words: readonly string[], environment: readonly string[]): boolean {
  if (words.includes('no:faulthandler')) return false;
  const isPytest = words.slice(1, 4).some((word) => /^(?:pytest|py\.test)(?:-3)?$/.test(basename(word)));
  const asked = words.some(
    (word, at) => word === '-Xfaulthandler' || word === '-Xdev' || (word === '-X' && words[at + 1] === 'faulthandler'),
  );
  return isPytest || asked || environment.some((variable) => /^PYTHONFAULTHANDLER=./.test(variable));
}

function nodeOptions(environment: readonly string[]): readonly string[] {
  return (
    environment
      .find((variable) => variable.startsWith('NODE_OPTIONS='))
      ?.slice('NODE_OPTIONS='.length)
      .split(' ') ?? []
  );
}

function reportSignal(words: readonly string[]): NodeJS.Signals | null {
  if (!words.includes('--report-on-signal')) return null;
  const said = words.find((word) => word.startsWith('--report-signal='))?.slice('--report-signal='.length);
  if (said === undefined) return 'SIGUSR2';
  return said === 'SIGQUIT' || said === 'SIGUSR1' || said === 'SIGUSR2' ? said : null;
}

/** The head of what `go version -m` reads. */
const GO_BUILD_INFORMATION = Buffer.from('\xff Go buildinf:', 'latin1');
const SEARCHED_MAX = 2 ** 28;
const CHUNK = 2 ** 20;

/** Any program may be called NAME.test. */
function isGoProgram(pid: string): boolean {
  try {
    const file = openSync(`/proc/${pid}/exe`, 'r');
    try {
      return holdsBuildInformation(file);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

function holdsBuildInformation(file: number): boolean {
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (let at = 0; at < SEARCHED_MAX; at += CHUNK - GO_BUILD_INFORMATION.length) {
    const bytes = readSync(file, chunk, 0, CHUNK, at);
    if (chunk.subarray(0, bytes).includes(GO_BUILD_INFORMATION)) return true;
    if (bytes < CHUNK) return false;
  }
  return false;
}
