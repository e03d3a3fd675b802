import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { getSystemErrorName } from 'node:util';
import { SESSION_VARIABLE } from './launch-plan.ts';
import {
  type Answer,
  decodeAnswer,
  encodeRequest,
  type LaunchCommand,
  type LaunchRequest,
  type Stage,
  splitStatus,
} from './launcher-protocol.ts';
import { signalGroup } from './process-group.ts';

/** Which program launches: perl is quicker, Node is always there. */
export type LauncherKind = 'perl' | 'node';

/** The number of prctl(2) on Linux: perl knows the call by that alone. None where it is not known, and then nothing is adopted. */
const PRCTL: Readonly<Record<string, number>> = {
  x64: 157,
  arm64: 167,
  riscv64: 167,
  loong64: 167,
  ia32: 172,
  arm: 172,
  s390x: 172,
  ppc64: 171,
};
/** That of waitid(2), where what it writes is laid out as on these. */
const WAITID: Readonly<Record<string, number>> = { x64: 247, arm64: 95, riscv64: 95, loong64: 95 };

/** That of dup3(2). */
const DUP3: Readonly<Record<string, number>> = { x64: 292, arm64: 24, riscv64: 24, loong64: 24 };

/** What the launcher of perl is told of system calls. */
function systemCalls(): readonly string[] {
  const numbers = process.platform === 'linux' ? [PRCTL[process.arch], WAITID[process.arch], DUP3[process.arch]] : [];
  return numbers.flatMap((number) => (number === undefined ? [] : [String(number)]));
}

const PROGRAM: Readonly<Record<LauncherKind, readonly string[]>> = {
  perl: ['perl', fileURLToPath(new URL('../../../launcher/launcher.pl', import.meta.url)), ...systemCalls()],
  // Small young generations: it allocates little, and what it touches is copied at every fork.
  node: [process.execPath, '--max-semi-space-size=1', fileURLToPath(import.meta.resolve('./node-launcher.js'))],
};

export function preferredLauncher(environment: NodeJS.ProcessEnv = process.env): LauncherKind {
  return environment['RUN_UNTIL_FAIL_LAUNCHER'] === 'node' ? 'node' : 'perl';
}

/** A launcher must not be led astray by what is meant for commands (PERL5OPT, NODE_OPTIONS, a locale that is not installed). */
function ownEnvironment({ PATH }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { LC_ALL: 'C', ...(PATH === undefined ? {} : { PATH }) };
}

/** How a process ended, and what it left alive. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Others of its group. */
  readonly left: boolean;
  /** The launcher has children that are no commands: this one's, perhaps, that left the group. */
  readonly strays: boolean;
  /** Of the processor, by it, by what it had waited for, and by what has ended of its group; null where it cannot be told. */
  readonly spentUs: number | null;
}

export interface CommandListener {
  started(pid: number): void;
  exited(exit: Exit): void;
  /** It has not been started, or nobody can say any more how it ended. */
  failed(error: Error): void;
}

/** The code of a command whose launcher never came to run: another may. */
export const UNUSABLE = 'LAUNCHER_UNUSABLE';

/** The system would not start a command, or its launcher has died. */
export class LaunchError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'LaunchError';
    this.code = code;
  }
}

interface CommandUnderWay {
  readonly command: LaunchCommand;
  readonly listener: CommandListener;
  pid: number | null;
}

/** What every command of a launcher shares. */
export interface LaunchSurroundings {
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starting one takes a tenth of a second; one that a machine without threads or memory has not brought up in this time never will be. */
const READY_MAX_MS = 30_000;
const CLOSE_MAX_MS = 2000;
const LOOK_EVERY_MS = 50;
const LOOK_REST = 50;

/** One launcher, and the commands that it has under way. */
export class LauncherProcess {
  readonly #kind: LauncherKind;
  readonly #child: ChildProcess;
  #nextLookMs = performance.now() + LOOK_EVERY_MS;
  readonly #surroundings: LaunchSurroundings;
  readonly #waiting = new Map<number, CommandUnderWay>();
  /** Groups that were left behind and have been ended. */
  readonly #forgetting = new Map<number, (spentUs: number | null) => void>();
  readonly #ended: Promise<void>;
  #started = 0;
  #ready = false;
  #closing = false;
  #isOver = false;
  readonly #readyTimer: NodeJS.Timeout;
  #rest = '';

  /** @param died it ended although nobody asked it to; the commands that it had under way have been killed */
  constructor(kind: LauncherKind, surroundings: LaunchSurroundings, died: (launcher: LauncherProcess) => void) {
    this.#kind = kind;
    this.#surroundings = surroundings;
    const { environment, workingDirectory } = surroundings;
    const [program = '', ...words] = PROGRAM[kind];
    const session = environment[SESSION_VARIABLE];
    this.#child = spawn(program, words, {
      // A session of its own keeps the terminal's Ctrl-C away from it; the variable lets the next session find it if all else fails.
      detached: true,
      env: { ...ownEnvironment(environment), ...(session === undefined ? {} : { [SESSION_VARIABLE]: session }) },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdin?.on('error', () => undefined); // One that cannot be told something also exits.
    this.#child.stdout?.setEncoding('latin1').on('data', (text: string) => this.#read(text));
    this.#ended = new Promise((resolve) => {
      const end = (how: string): void => {
        clearTimeout(this.#readyTimer);
        this.#failAll(how);
        resolve();
        if (!this.#closing) died(this);
      };
      this.#child.once('error', (error) => end(error.message));
      this.#child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
    this.#readyTimer = setTimeout(() => this.kill(), READY_MAX_MS).unref();
    this.#tell({ type: 'plan', directory: workingDirectory, environment });
  }

  /** Its process; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Whether to look for what a command left outside of its group, although the launcher has not said that there is something: one that cannot adopt
   * never says so. A look goes through all processes of the machine: for short runs it is done now and then, for others after each.
   */
  looksForStrays(): boolean {
    return this.#kind !== 'perl' && performance.now() >= this.#nextLookMs;
  }

  /** A look took so long: looks are to take no more than a fiftieth of the time. */
  hasLooked(durationMs: number): void {
    this.#nextLookMs = performance.now() + Math.max(LOOK_EVERY_MS, LOOK_REST * durationMs);
  }

  /** Whether it has ever run. */
  get usable(): boolean {
    return this.#ready;
  }

  /** Commands under way. */
  get load(): number {
    return this.#waiting.size;
  }

  start(command: LaunchCommand, listener: CommandListener): void {
    this.#started += 1;
    this.#waiting.set(this.#started, { command, listener, pid: null });
    this.#tell({ type: 'start', number: this.#started, ...command });
  }

  /** What a command left behind in its group has been ended. @returns the processor time that it had taken; null where it cannot be told */
  forget(pid: number): Promise<number | null> {
    if (this.#isOver) return Promise.resolve(null);
    this.#tell({ type: 'forget', pid });
    return new Promise((resolve) => this.#forgetting.set(pid, resolve));
  }

  /** Ends it, and what still runs. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.kill(), CLOSE_MAX_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  /** When it does not answer any more. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #tell(request: LaunchRequest): void {
    if (this.#child.stdin?.writable === true) this.#child.stdin.write(encodeRequest(request));
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const answer = decodeAnswer(line);
      if (answer === null) return this.kill(); // A program of that name which is another.
      this.#hear(answer);
    }
  }

  #hear(answer: Answer): void {
    if (answer.type === 'ready') {
      this.#ready = true;
      clearTimeout(this.#readyTimer);
      return;
    }
    if (answer.type === 'spent') {
      this.#forgetting.get(answer.pid)?.(answer.spentUs);
      this.#forgetting.delete(answer.pid);
      return;
    }
    const waiting = this.#waiting.get(answer.number);
    if (waiting === undefined) return;
    if (answer.type === 'started') {
      waiting.pid = answer.pid;
      waiting.listener.started(answer.pid);
      return;
    }
    this.#waiting.delete(answer.number);
    if (answer.type === 'exited') {
      const { left, strays, spentUs } = answer;
      waiting.listener.exited({ ...splitStatus(answer.status), left, strays, spentUs });
    } else waiting.listener.failed(this.#errorOf(answer.errno, answer.stage, waiting.command));
  }

  #errorOf(errno: number, stage: Stage, command: LaunchCommand): LaunchError {
    const code = errno === 0 ? 'UNKNOWN' : getSystemErrorName(-errno);
    const what: Readonly<Record<Stage, string>> = {
      start: 'no further process can be started',
      directory: `cannot run in ${this.#surroundings.workingDirectory}`,
      output: `cannot write ${command.output}`,
      command: `cannot run "${command.words[0] ?? ''}"`,
    };
    return new LaunchError(code, `${what[stage]}: ${code}`);
  }

  /** A launcher that was killed could not end its commands itself. */
  #failAll(how: string): void {
    for (const { listener, pid } of this.#waiting.values()) {
      if (pid !== null) signalGroup(pid, 'SIGKILL');
      listener.failed(new LaunchError(this.#ready ? 'LAUNCHER_DIED' : UNUSABLE, `the process that launched it ended (${how})`));
    }
    this.#waiting.clear();
    this.#isOver = true;
    for (const resolve of this.#forgetting.values()) resolve(null);
    this.#forgetting.clear();
  }
}
