import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  /** The commands that build and run the demo; the output of the last is the log. */
  readonly run: (folder: string) => readonly (readonly string[])[];
}

const LANGUAGES: readonly Language[] = [
  {
    name: 'go',
    emitter: 'raftlog.go',
    tool: ['go', 'version'],
    run: () => [['go', 'run', join(EMITTERS, 'go/raftlog.go'), join(EMITTERS, 'go/demo.go')]],
  },
  {
    name: 'rust',
    emitter: 'raftlog.rs',
    tool: ['rustc', '--version'],
    run: (folder) => [['rustc', '--edition', '2021', '-o', join(folder, 'demo'), join(EMITTERS, 'rust/demo.rs')], [join(folder, 'demo')]],
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

function output([command = '', ...argv]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, argv, { encoding: 'utf8' });
  assert.is(status, 0, `${command} ${argv.join(' ')}: ${stderr}`);
  return stdout;
}

function isThere([command = '', ...argv]: readonly string[]): boolean {
  return spawnSync(command, argv).status === 0;
}

for (const { name, emitter, tool, run } of LANGUAGES) {
  const skip = isThere(tool) ? false : `${tool[0]} is not on this machine`;
  emitting(`write events in ${name} that hold to figure 2`, { skip, timeoutMs: 120_000 }, () => {
    const folder = temporaryFolder();
    const log = run(folder).map(output).at(-1) ?? '';
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

emitting('are all in the table of the guide', () => {
  const guide = readFileSync(join(EMITTERS, '..', 'EMITTERS.md'), 'utf8');
  for (const { name, emitter } of LANGUAGES) assert.ok(guide.includes(`emitters/${name}/${emitter}`), name);
  const folders = readdirSync(EMITTERS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.equal(folders.map(({ name }) => name).sort(), LANGUAGES.map(({ name }) => name).sort());
});
