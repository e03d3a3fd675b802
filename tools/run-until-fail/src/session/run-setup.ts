import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { formatDuration, printable, UserError } from '@raftlens/command-line';
import type { Interrupts } from './interrupts.ts';

/** A step before the first run: a shell line, or a program with its arguments, which may have a folder of its own to start in. */
export type SetupStep = { readonly line: string } | { readonly words: readonly string[]; readonly directory?: string };

const SHOWN_LINES = 20;
const LINE_MAX = 400;
/** A step that is over sooner is not worth a word. */
const QUIET_MS = 1000;
const LOOK_MS = 200;

/**
 * Runs the step once. When it takes longer than a moment, what it prints is shown as it comes.
 *
 * @throws UserError SETUP_FAILED with the end of what it printed
 */
export async function runSetup(step: SetupStep, directory: string, environment: NodeJS.ProcessEnv, interrupts: Interrupts): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'run-until-fail-setup-'));
  // A file and no pipe: what a step leaves running on purpose, such as a server, may go on printing.
  const file = openSync(join(folder, 'output.log'), 'a+');
  const output = new SetupOutput(file, nameOf(step));
  const watch = setInterval(() => output.look(), LOOK_MS);
  try {
    const problem = await ending(start(step, directory, environment, file), interrupts);
    output.close();
    if (problem === null) return;
    throw new UserError('SETUP_FAILED', [`the setup "${wordsOf(step)}" failed: ${problem}`, ...output.lastLines].join('\n'));
  } finally {
    clearInterval(watch);
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}

function start(step: SetupStep, directory: string, environment: NodeJS.ProcessEnv, file: number): ChildProcess {
  const own = 'words' in step ? step.directory : undefined;
  // A group of its own: an interrupt has to reach what the step has started as well.
  const stdio: StdioOptions = ['ignore', file, file];
  const options = { cwd: own ?? directory, env: environment, detached: true, stdio } satisfies Parameters<typeof spawn>[2];
  if ('line' in step) return spawn(step.line, { ...options, shell: true });
  const [program = '', ...words] = step.words;
  return spawn(program, words, options);
}

/** @returns what went wrong; null where nothing did */
function ending(child: ChildProcess, interrupts: Interrupts): Promise<string | null> {
  return new Promise((resolve) => {
    let asked = false;
    const release = interrupts.on(() => {
      signalGroup(child, asked ? 'SIGKILL' : 'SIGTERM');
      asked = true;
    });
    const end = (problem: string | null): void => {
      release();
      resolve(problem);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(code === 0 ? null : `exit ${signal ?? code}`));
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

function wordsOf(step: SetupStep): string {
  return 'line' in step ? step.line : step.words.join(' ');
}

/** As the line above what it prints names it. */
function nameOf(step: SetupStep): string {
  return `${'line' in step ? 'setup' : 'building'}: ${wordsOf(step)}`;
}

/** What a step has printed, read from its file. */
class SetupOutput {
  readonly #file: number;
  readonly #name: string;
  readonly #startedMs = performance.now();
  readonly #decoder = new StringDecoder('utf8');
  readonly #chunk = Buffer.allocUnsafe(1 << 16);
  #at = 0;
  #rest = '';
  #shown = false;
  /** Not shown yet. */
  #lines: readonly string[] = [];
  #last: readonly string[] = [];

  constructor(file: number, name: string) {
    this.#file = file;
    this.#name = name;
  }

  /** The end of it, for a person. */
  get lastLines(): readonly string[] {
    // What has been shown already is not said again.
    return this.#shown ? [] : this.#last;
  }

  look(): void {
    this.#read();
    if (performance.now() - this.#startedMs < QUIET_MS && !this.#shown) return;
    if (!this.#shown) say([printable(this.#name)]);
    this.#shown = true;
    say(this.#lines);
    this.#lines = [];
  }

  close(): void {
    this.#read();
    if (this.#rest !== '') this.#add([this.#rest]);
    if (!this.#shown) return;
    say([...this.#lines, `that took ${formatDuration(performance.now() - this.#startedMs)}`]);
  }

  #read(): void {
    for (let bytes = -1; bytes !== 0; this.#at += bytes) {
      bytes = readSync(this.#file, this.#chunk, 0, this.#chunk.length, this.#at);
      const lines = (this.#rest + this.#decoder.write(this.#chunk.subarray(0, bytes))).split('\n');
      // A bar that a program draws over and over is one line: the latest state of it is enough.
      this.#rest = (lines.pop() ?? '').slice(-LINE_MAX);
      this.#add(lines);
    }
  }

  #add(lines: readonly string[]): void {
    const fresh = lines.map((line) => line.trimEnd().split('\r').at(-1) ?? '').filter((line) => line !== '');
    const safe = fresh.map((line) => `  | ${printable(line.slice(0, LINE_MAX))}`);
    this.#lines = [...this.#lines, ...safe].slice(this.#shown ? 0 : -SHOWN_LINES);
    this.#last = [...this.#last, ...safe].slice(-SHOWN_LINES);
  }
}

function say(lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(lines.map((line) => `${line}\n`).join(''));
}
