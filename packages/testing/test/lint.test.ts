/** The linter's own test: each floor and each ban must be reported where it is broken, or the configuration holds nothing. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assert, fixture, suite, temporaryFolder } from '../src/index.ts';

const it = suite('the linter');
const ROOT = fixture(import.meta.url, '..', '..', '..');

interface Case {
  readonly file: string;
  readonly code: string;
  /** What is reported; null when nothing may be. */
  readonly reported: string | null;
}

const CASES: readonly Case[] = [
  {
    file: 'packages/raft/src/a.ts',
    code: "import { isOpcode } from '@raftlens/events';\nexport const a = isOpcode;",
    reported: '@raftlens/events',
  },
  { file: 'packages/raft/src/b.ts', code: "import type { Event } from '@raftlens/events';\nexport type A = Event;", reported: null },
  { file: 'packages/raft/src/c.ts', code: "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;", reported: 'node:fs' },
  { file: 'packages/raft/src/d.ts', code: 'export const a = () => Date.now();', reported: "'Date'" },
  { file: 'packages/raft/src/e.ts', code: 'export const a = () => setTimeout(() => {}, 1);', reported: "'setTimeout'" },
  { file: 'packages/raft/src/f.ts', code: 'export const a = () => Math.random();', reported: "'Math.random'" },
  {
    file: 'packages/checker/src/a.ts',
    code: "import { labConfig } from '@raftlens/raft';\nexport const a = labConfig;",
    reported: '@raftlens/raft',
  },
  {
    file: 'packages/raft/src/g.ts',
    code: "import type { EventLog } from '@raftlens/events/event-log';\nexport type A = EventLog;",
    reported: '@raftlens/events/event-log',
  },
  {
    file: 'packages/patterns/src/a.ts',
    code: "import { labNetwork } from '@raftlens/raft/timers';\nexport const a = labNetwork;",
    reported: '@raftlens/raft/timers',
  },
  {
    file: 'packages/checker/src/d.ts',
    code: "import { labNetwork } from '@raftlens/raft/timers';\nexport const a = labNetwork;",
    reported: '@raftlens/raft/timers',
  },
  {
    file: 'tools/pick-timers/src/a.ts',
    code: "import { labNetwork } from '@raftlens/raft/timers';\nexport const a = labNetwork;",
    reported: null,
  },
  {
    file: 'tools/pick-timers/src/b.ts',
    code: "import { RaftLog } from '@raftlens/raft/src/log.ts';\nexport const a = RaftLog;",
    reported: '@raftlens/raft/src/log.ts',
  },
  {
    file: 'packages/bug-zoo/test/a.test.ts',
    code: "import { isRetry } from '@raftlens/raft/core';\nexport const a = isRetry;",
    reported: null,
  },
  {
    file: 'packages/bug-zoo/test/b.test.ts',
    code: "import { RaftLog } from '@raftlens/raft/dist/src/log.js';\nexport const a = RaftLog;",
    reported: '@raftlens/raft/dist/src/log.js',
  },
  { file: 'packages/checker/src/b.ts', code: "import { isOpcode } from '@raftlens/events';\nexport const a = isOpcode;", reported: null },
  { file: 'packages/checker/src/c.ts', code: "export const a = (b: string) => b.localeCompare('c');", reported: 'localeCompare' },
  {
    file: 'packages/events/src/a.ts',
    code: "import { Checker } from '@raftlens/checker';\nexport const a = Checker;",
    reported: '@raftlens/checker',
  },
  {
    file: 'packages/simulator/src/a.ts',
    code: "import { listBugs } from '@raftlens/bug-zoo';\nexport const a = listBugs;",
    reported: '@raftlens/bug-zoo',
  },
  { file: 'packages/simulator/src/b.ts', code: 'export const a = () => performance.now();', reported: "'performance'" },
  { file: 'packages/simulator/src/c.ts', code: 'export const a = () => crypto.randomUUID();', reported: "'crypto'" },
  { file: 'packages/log-store/src/a.ts', code: 'export const a = (b: object) => new WeakRef(b);', reported: "'WeakRef'" },
  { file: 'packages/raft/test/a.test.ts', code: "import { suite } from 'uvu';\nexport const a = suite;", reported: "'uvu'" },
  { file: 'packages/raft/test/b.test.ts', code: "import * as assert from 'uvu/assert';\nexport const a = assert;", reported: 'uvu/assert' },
  { file: 'tools/raftlens/src/a.ts', code: "import blessed from 'blessed';\nexport const a = blessed;", reported: 'blessed' },
  { file: 'tools/raftlens/src/views/b.ts', code: "import blessed from 'blessed';\nexport const a = blessed;", reported: null },
  { file: 'tools/raftlens/src/c.ts', code: 'export const a = () => Date.now();', reported: null },
  { file: 'tools/raftlens/src/d.ts', code: 'export const a = (b: any) => b;', reported: 'Unexpected `any`' },
  { file: 'tools/raftlens/src/e.ts', code: 'export const a = (b: string | null) => b!.length;', reported: 'non-null' },
  { file: 'tools/raftlens/src/f.ts', code: `export const a = 1;${'\n'.repeat(401)}export const b = 2;`, reported: 'max-lines' },
  {
    file: 'tools/raftlens/src/g.ts',
    code: `export function a(): number {${'\n'.repeat(71)}return 1; }`,
    reported: 'max-lines-per-function',
  },
];

/** What oxlint says of the files, laid out as they would lie in the repository. */
function lint(cases: readonly Case[]): string {
  const folder = temporaryFolder();
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const { file, code } of cases) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${code}\n`);
  }
  try {
    return execFileSync(process.execPath, [join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint'), '--format=unix'], {
      cwd: folder,
      encoding: 'utf8',
    });
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout);
    throw error;
  }
}

const report = lint(CASES).split('\n');
for (const { file, code, reported } of CASES) {
  const [first = ''] = code.split('\n');
  it(`${reported === null ? 'allows' : 'reports'} in ${dirname(file)}: ${first.slice(0, 60)}`, () => {
    const lines = report.filter((line) => line.includes(file)).join('\n');
    if (reported === null) assert.is(lines, '');
    else assert.match(lines, reported);
  });
}
