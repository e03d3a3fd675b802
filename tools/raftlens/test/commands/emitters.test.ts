import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeLine } from '@raftlens/events';
import { assert, suite, temporaryFolder } from '@raftlens/testing';

const EMITTERS = fileURLToPath(new URL('../../../../../docs/emitters/', import.meta.url));
const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const LINES_MAX = 60;

interface Language {
  readonly name: string;
  readonly emitter: string;
  /** What must be on the machine. */
  readonly tool: readonly string[];
  /** Where Debian keeps the libraries that it is built on, for a test must not need the network. */
  readonly libraries?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The commands that build and run the demo, in the folder; the output of the last is the log. */
  readonly run: (folder: string) => readonly (readonly string[])[];
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
    libraries: '/usr/share/gocode/src/go.uber.org/zap',
    environment: { GO111MODULE: 'off', GOPATH: '/usr/share/gocode' },
    run: () => [['go', 'run', '-gcflags=-lang=go1.15', join(EMITTERS, 'go-zap/raftzap.go'), join(EMITTERS, 'go-zap/demo.go')]],
  },
  {
    name: 'rust-tracing',
    emitter: 'src/raft_layer.rs',
    tool: ['cargo', '--version'],
    libraries: '/usr/share/cargo/registry',
    run: (folder) => {
      cpSync(join(EMITTERS, 'rust-tracing'), folder, { recursive: true });
      const debian = [
        'source.crates-io.replace-with="debian"',
        'source.debian.directory="/usr/share/cargo/registry"',
        'profile.dev.debug=0',
      ];
      const settings = debian.flatMap((setting) => ['--config', setting]);
      return [['cargo', 'run', '--quiet', '--offline', ...settings, '--manifest-path', join(folder, 'Cargo.toml')]];
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
}

function output([command = '', ...argv]: readonly string[], { environment, cwd }: Surroundings = {}): string {
  const { status, stdout, stderr } = spawnSync(command, argv, { encoding: 'utf8', env: { ...process.env, ...environment }, cwd });
  assert.is(status, 0, `${command} ${argv.join(' ')}: ${stderr}`);
  return stdout;
}

function isThere([command = '', ...argv]: readonly string[]): boolean {
  return spawnSync(command, argv).status === 0;
}

function missing({ tool, libraries }: Language): string | false {
  if (!isThere(tool)) return `${tool[0]} is not on this machine`;
  return libraries !== undefined && !existsSync(libraries) && `${libraries} is not on this machine`;
}

for (const language of LANGUAGES) {
  const { name, emitter, environment, run } = language;
  const skip = missing(language);
  emitting(`write events in ${name} that hold to figure 2`, { skip, timeoutMs: 120_000 }, () => {
    const folder = temporaryFolder();
    const log =
      run(folder)
        .map((command) => output(command, { environment, cwd: folder }))
        .at(-1) ?? '';
    const file = join(folder, 'events.ndjson');
    writeFileSync(file, log);
    const lines = log.trimEnd().split('\n');
    assert.ok(lines.length >= 15);
    for (const line of lines) assert.is(decodeLine(line).error, undefined, line);
    assert.match(output([process.execPath, MAIN, 'check', file]), /no violation in \d+ events/);
  });

  emitting(`are short in ${name}`, () => {
    const lines = readFileSync(join(EMITTERS, name, emitter), 'utf8')
      .trimEnd()
      .split('\n');
    assert.ok(lines.length < LINES_MAX, `${emitter} has ${lines.length} lines`);
  });
}

const LNAV = ['lnav', '-V'];

emitting('are read by lnav with the format file', { skip: !isThere(LNAV) && 'lnav is not on this machine', timeoutMs: 60_000 }, () => {
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
