import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, suite, temporaryFolder, unlessRuns } from '@raftlens/testing';
import { storyLog } from './support/cluster-log.ts';

const realTerminal = suite('in a real terminal');

const skip = unlessRuns(['script', '--version'], 'script of util-linux');
/** As users start it: from its bundle. */
const RAFTLENS = fileURLToPath(new URL('../../bin/raftlens.mjs', import.meta.url));
const TAKEN = '\u001b[?1049h';
const GIVEN_BACK = '\u001b[?1049l';
const WAIT_MS = 20_000;

/** The inspector in a terminal of 100x30, made by `script` of util-linux. */
class Session {
  readonly #child: ChildProcess;
  readonly #folder = temporaryFolder();
  output = '';

  constructor() {
    const log = join(this.#folder, 'events.ndjson');
    writeFileSync(log, storyLog().text);
    const command = `stty cols 100 rows 30; echo $$ > ${this.#pidFile}; exec ${process.execPath} ${RAFTLENS} ${log}`;
    const env = { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', XDG_STATE_HOME: this.#folder };
    this.#child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  get #pidFile(): string {
    return join(this.#folder, 'pid');
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(Number(readFileSync(this.#pidFile, 'utf8')), signal);
  }

  /** Waits until the terminal was sent what matches. */
  async sent(pattern: RegExp): Promise<void> {
    const until = performance.now() + WAIT_MS;
    while (!pattern.test(this.output)) {
      if (performance.now() > until) throw new Error(`${pattern.source} was not sent: ${JSON.stringify(this.output.slice(-500))}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The exit code of the inspector. */
  async ended(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    return new Promise((resolve) => this.#child.once('close', (code) => resolve(code)));
  }
}

realTerminal('shows the log and gives the terminal back on q', { skip }, async () => {
  const session = new Session();
  await session.sent(/State Machine Safety|All servers rule 1/);
  session.type('q');
  assert.is(await session.ended(), 0);
  assert.ok(session.output.includes(TAKEN));
  assert.ok(session.output.lastIndexOf(GIVEN_BACK) > session.output.lastIndexOf(TAKEN));
});

realTerminal('gives the terminal back when it is asked to end by a signal, and says so by its exit code', { skip }, async () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) {
    const session = new Session();
    await session.sent(/All servers rule 1/);
    session.signal(signal);
    assert.is(await session.ended(), 130, signal);
    assert.ok(session.output.lastIndexOf(GIVEN_BACK) > session.output.lastIndexOf(TAKEN), signal);
  }
});

realTerminal('gives the terminal back on Ctrl-Z and takes it again afterwards', { skip }, async () => {
  const session = new Session();
  await session.sent(/All servers rule 1/);
  // No shell is there to go on with a stopped job, so that nothing is stopped and the screen comes back by itself.
  session.type('\u001a');
  // eslint-disable-next-line no-control-regex
  await session.sent(/\u001b\[\?1049l[^]*\u001b\[\?1049h[^]*All servers rule 1/);
  session.type('q');
  assert.is(await session.ended(), 0);
});
