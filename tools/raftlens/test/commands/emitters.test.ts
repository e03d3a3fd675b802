import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeLine, type Event, type ServerState } from '@raftlens/events';
import { assert, suite, temporaryFolder, unlessRuns } from '@raftlens/testing';

const EMITTERS = fileURLToPath(new URL('../../../../../docs/emitters/', import.meta.url));
const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const LINES_MAX = 100;

const OFFLINE = ['--offline', '--locked'];
/** Nothing comes from the network, no other toolchain either. */
const ENVIRONMENT = { ...process.env, GOPROXY: 'off', GOTOOLCHAIN: 'local' };

interface Language {
  readonly name: string;
  readonly emitter: string;
  /** What must be on the machine. */
  readonly tool: readonly string[];
  /** Libraries of other people that it is built on. A test needs no network: `.ci/run` fetches them into the toolchain's cache. */
  readonly libraries?: Libraries;
  /** The commands that build and run the demo, in the folder; the output of the last is the log. */
  readonly run: (folder: string) => readonly (readonly string[])[];
}

interface Libraries {
  readonly what: string;
  readonly folder: string;
  /** Runs in that folder where they are in the toolchain's cache. */
  readonly probe: readonly string[];
}

const LANGUAGES: readonly Language[] = [
  {
    name: 'go',
    emitter: 'raftlog.go',
    tool: ['go', 'version'],
    // The labs of MIT 6.5840 have a go.mod that says 1.15: what came to the language later does not compile there.
    run: (folder) => {
      cpSync(join(EMITTERS, 'go'), folder, { recursive: true });
      writeFileSync(join(folder, 'go.mod'), 'module lab\n\ngo 1.15\n');
      return [
        ['go', 'build', '-o', 'demo', '.'],
        ['go', 'vet', '.'],
        ['go', 'run', '.'],
      ];
    },
  },
  {
    name: 'rust',
    emitter: 'raftlog.rs',
    tool: ['rustc', '--version'],
    run: (folder) => [['rustc', '--edition', '2021', '-o', join(folder, 'demo'), join(EMITTERS, 'rust/demo.rs')], [join(folder, 'demo')]],
  },
  {
    name: 'go-zap',
    emitter: 'raftzap.go',
    tool: ['go', 'version'],
    libraries: { what: 'go.uber.org/zap', folder: 'go-zap', probe: ['go', 'list', '-deps', '.'] },
    run: (folder) => {
      cpSync(join(EMITTERS, 'go-zap'), folder, { recursive: true });
      return [['go', 'run', '-gcflags=-lang=go1.15', '.']];
    },
  },
  {
    name: 'rust-tracing',
    emitter: 'src/raft_layer.rs',
    tool: ['cargo', '--version'],
    libraries: { what: 'the crate tracing', folder: 'rust-tracing', probe: ['cargo', 'metadata', ...OFFLINE, '--format-version', '1'] },
    run: (folder) => {
      cpSync(join(EMITTERS, 'rust-tracing'), folder, { recursive: true });
      return [['cargo', 'run', '--quiet', ...OFFLINE, '--config', 'profile.dev.debug=0']];
    },
  },
  {
    name: 'java',
    emitter: 'RaftLog.java',
    tool: ['javac', '-version'],
    run: (folder) => [
      ['javac', '-d', folder, join(EMITTERS, 'java/RaftLog.java'), join(EMITTERS, 'java/Demo.java')],
      ['java', '-cp', folder, 'Demo'],
    ],
  },
  {
    name: 'python',
    emitter: 'raftlog.py',
    tool: ['python3', '--version'],
    run: () => [['python3', '-B', join(EMITTERS, 'python/demo.py')]],
  },
  {
    name: 'cpp',
    emitter: 'raftlog.hpp',
    tool: ['g++', '--version'],
    run: (folder) => [
      ['g++', '-std=c++17', '-Wall', '-Wextra', '-Werror', '-o', join(folder, 'demo'), join(EMITTERS, 'cpp/demo.cpp')],
      [join(folder, 'demo')],
    ],
  },
];

const emitting = suite('The emitters of docs/EMITTERS.md');

interface Surroundings {
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string;
  /** The exit code that it must have; 0 unless given. */
  readonly status?: number;
}

function output([command = '', ...argv]: readonly string[], { environment, cwd, status = 0 }: Surroundings = {}): string {
  const ended = spawnSync(command, argv, { encoding: 'utf8', env: { ...ENVIRONMENT, ...environment }, cwd });
  assert.is(ended.status, status, `${command} ${argv.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

function missing({ tool, libraries }: Language): string | false {
  return (
    unlessRuns(tool) ||
    (libraries !== undefined && unlessRuns(libraries.probe, libraries.what, { cwd: join(EMITTERS, libraries.folder), env: ENVIRONMENT }))
  );
}

const STATE = ['term', 'role', 'vote', 'commit', 'applied', 'last', 'lastTerm'] as const satisfies readonly (keyof ServerState)[];

/** The lines of the harness have no server's state; nothing of S2 is written between its crash and its next start. */
function tellOfTheTest(events: readonly Event[]): void {
  const harness = events.filter(({ node }) => node === 'TEST');
  assert.equal(
    harness.map(({ op, boot, target }) => [op, boot, target]),
    [
      ['TestBegin', 0, undefined],
      ['Crash', 0, 'S2'],
      ['Violation', 0, 'S2'],
      ['TestEnd', 0, undefined],
    ],
  );
  for (const event of harness) for (const field of [...STATE, 'extra'] as const) assert.is(event[field], undefined, event.op);
  const crashedAt = events.findIndex(({ op }) => op === 'Crash');
  const after = events.slice(crashedAt + 1).filter(({ node }) => node === 'S2');
  assert.equal(
    after.map(({ op, boot }) => [op, boot]),
    [['Boot', 2]],
  );
}

/** A message that arrives has changed nothing yet; a step tells what it has changed. */
function tellTheStateAsTheySay(events: readonly Event[]): void {
  const before = new Map<string, Event>();
  for (const event of events) {
    if (event.node === 'TEST') continue;
    for (const field of STATE) assert.ok(event[field] !== undefined, `${event.op}: ${field}`);
    const previous = before.get(event.node);
    if (event.dir === 'recv') for (const field of STATE) assert.is(event[field], previous?.[field], `${event.op}: ${field}`);
    if (event.op === 'Vote') assert.is(event.vote, event.for);
    if (event.op === 'BecomeCandidate') assert.is(event.term, (previous?.term ?? 0) + 1);
    before.set(event.node, event);
  }
}

for (const language of LANGUAGES) {
  const { name, emitter, run } = language;
  const skip = missing(language);
  emitting(`write events in ${name} that hold to figure 2`, { skip, timeoutMs: 120_000 }, () => {
    const folder = temporaryFolder();
    const log =
      run(folder)
        .map((command) => output(command, { cwd: folder }))
        .at(-1) ?? '';
    const file = join(folder, 'events.ndjson');
    writeFileSync(file, log);
    const lines = log.trimEnd().split('\n');
    assert.ok(lines.length >= 15);
    const events = lines.map((line) => {
      const { event, error } = decodeLine(line);
      assert.ok(event !== undefined, `${error?.reason}: ${line}`);
      return event;
    });
    tellOfTheTest(events);
    tellTheStateAsTheySay(events);
    // The demo's test fails by a rule of its own; its servers hold to figure 2.
    assert.match(output([process.execPath, MAIN, 'check', file], { status: 1 }), /the test failed, though \d+ events show no broken rule/);
  });

  emitting(`are short in ${name}`, () => {
    const lines = readFileSync(join(EMITTERS, name, emitter), 'utf8')
      .trimEnd()
      .split('\n');
    assert.ok(lines.length < LINES_MAX, `${emitter} has ${lines.length} lines`);
  });
}

emitting('are read by lnav with the format file', { skip: unlessRuns(['lnav', '-V']), timeoutMs: 60_000 }, () => {
  const folder = temporaryFolder();
  const home = { environment: { HOME: folder, XDG_CONFIG_HOME: '' } };
  const file = join(folder, 'events.ndjson');
  const line = {
    level: 30,
    time: 1_700_000_000_250.5,
    seq: 7,
    node: 'S1',
    boot: 1,
    op: 'Vote',
    src: 'S1',
    dst: 'S1',
    term: 3,
    for: 'S2',
    msg: 'S1 Vote T3',
  };
  writeFileSync(file, `${JSON.stringify(line)}\n`);
  output(['lnav', '-i', join(EMITTERS, 'raftlens.lnav.json')], home);
  const shown = output(['lnav', '-n', '-c', ';select node, op, term from raftlens_log', '-c', ':write-csv-to -', file], home);
  assert.is(shown, 'node,op,term\nS1,Vote,3\n');
});

emitting('are all in the table of the guide', () => {
  const guide = readFileSync(join(EMITTERS, '..', 'EMITTERS.md'), 'utf8');
  for (const { name, emitter } of LANGUAGES) assert.ok(guide.includes(`emitters/${name}/${emitter}`), name);
  const folders = readdirSync(EMITTERS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.equal(folders.map(({ name }) => name).sort(), LANGUAGES.map(({ name }) => name).sort());
});
