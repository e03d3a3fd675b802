import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bugById } from '@raftlens/bug-zoo';
import { readPlan, writePlan } from '@raftlens/simulator';
import { assert, suite, temporaryFolder } from '@raftlens/testing';
import { runLines } from '../src/commands/show-run.ts';
import { removeTree } from '../src/files.ts';
import { readRuns } from '../src/keep/find-run.ts';
import { packRun } from '../src/keep/pack-run.ts';
import { parseState } from '../src/keep/parse-state.ts';
import { readReport } from '../src/report/report-schema.ts';
import { explainHang, IN_FULL } from '../src/stacks/explain-hang.ts';
import { dumpsIn } from '../src/stacks/hang-file.ts';
import { causeOfHang } from '../src/stacks/hang-story.ts';
import { Draws, HostileFolders, inputCount, SECRET } from './support/hostile-inputs.ts';

const it = suite('inputs made at random');

const PLAN = writePlan({
  version: 1,
  scenario: 'figure-8',
  structure: 'state-machine',
  seed: '1',
  by: 'actions',
  endUs: 1000,
  actions: [
    { atUs: 1, do: 'crash', server: 'S1' },
    { atUs: 2, do: 'cut', from: 'S1', to: 'S2' },
  ],
  tape: { version: 1, rest: 'calm', draws: { 'network/delay': [0, 1] } },
  failure: null,
  traceHash: '0123456789abcdef',
  checkpoints: [],
});
const RUN = JSON.stringify({
  test: 'a',
  seed: '7',
  outcome: 'fail',
  why: 'timed out',
  reason: { type: 'timeout', limitMs: 1 },
  command: ['go', 'test'],
  durationMs: 12.5,
  again: 'run-until-fail',
  againWords: ['--runs', '1'],
});
const VERDICT = JSON.stringify({ violations: [{ rule: 'a', section: '5.1', node: 'S1', why: 'b' }] });
const GO = `goroutine 9 [chan send, 3 minutes]:
raft.(*Raft).applier(0xc000093200)
\t/home/me/raft.go:410 +0x9d
created by raft.Make in goroutine 18
\t/home/me/raft.go:54 +0xda

goroutine 24 [sync.Mutex.Lock]:
sync.(*Mutex).lockSlow(0xc000093208)
\t/usr/local/go/src/sync/mutex.go:149 +0x15d
raft.(*Raft).ticker(0xc000093200)
\t/home/me/raft.go:35 +0x47
`;
const JAVA = `Full thread dump OpenJDK 64-Bit Server VM (17):
"a" #12 prio=5 os_prio=0 cpu=2.53ms elapsed=2.39s tid=0x00007fd288119f90 nid=0x7348 waiting for monitor entry
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat app.One.run(One.java:7)
\t- waiting to lock <0x000000069ec1a688> (a java.lang.Object)
\t- locked <0x000000069ec1a678> (a java.lang.Object)
Found one Java-level deadlock:
"a":
  waiting for ownable synchronizer 0x1, (object 0x2, a x),
  which is held by "a"
`;
const PYTHON = `Thread 0x00007f12af7fe6c0 (most recent call first):
  File "/tmp/hang.py", line 9 in vote
Thread 30055 (idle): "MainThread"
    Condition.wait (threading.py:327)
~~~~~ Stack of applier (1) ~~~~~
  File "/tmp/hang.py", line 7, in applier
    with self.lock:
`;
const NODE = `{
  "header": { "nodejsVersion": "v20" },
  "javascriptStack": { "message": "x", "stack": ["at f (/a/b.js:1:2)"] },
  "libuv": [{ "type": "timer", "is_active": true, "is_referenced": true, "firesInMsFromNow": 5 }]
}
`;
/** What a terminal obeys. */
const HARMFUL = /\p{Cc}|[\u202a-\u202e\u2066-\u2069\u3164]/u;

it('of folders of runs: all are listed, shown, packed and removed, and nothing outside is read', { timeoutMs: 600_000 }, async () => {
  const [logs, outside] = [join(temporaryFolder(), 'logs'), temporaryFolder()];
  const folders = new HostileFolders(new Draws(1), outside);
  const texts = {
    'run.json': RUN,
    'output.log': `${GO}${SECRET.slice(2)}\n`,
    'plan.json': PLAN,
    'verdict.json': VERDICT,
    'events.ndjson': '{}\n',
  };
  let read = 0;
  for (let input = 0; input < inputCount(300); input++) {
    const folder = join(logs, `20260101-000000-x${input}`);
    folders.make(folder, texts);
    const { runs, problems } = readRuns(logs);
    for (const line of [...problems, ...runs.flatMap((run) => runLines(run, 5))]) assert.not.ok(line.includes(SECRET), line);
    for (const run of runs) for (const line of runLines(run, 5)) assert.not.ok(HARMFUL.test(line), JSON.stringify(line));
    read += runs.length;
    const [run] = runs;
    // What is packed are plain files alone; a sparse one of 64 GB would take its time.
    if (run !== undefined && input % 10 === 0 && !hasLargeFile(folder)) {
      const target = join(outside, 'packed.tar.gz');
      await packRun(run, target);
      assert.not.ok(gunzipSync(readFileSync(target)).includes(SECRET));
      rmSync(target);
    }
    assert.is(removeTree(folder), null);
  }
  assert.ok(read > inputCount(300) / 4, `${read} runs could be read`);
  assert.is(readFileSync(join(outside, 'secret'), 'utf8'), SECRET);
  assert.equal(readdirSync(outside).toSorted(), ['pipe', 'secret']);
});

function hasLargeFile(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isFile() && statSync(join(folder, entry.name)).size > 2 ** 30);
}

/** A reader either reads, or says by an error of its own what is wrong: what it throws has a code, and is no accident. */
function readsOrRefuses(what: string, read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
    assert.ok(typeof code === 'string' && !code.startsWith('ERR_'), `${what}: ${String(error)}`);
    return false;
  }
}

it('of plans, states, reports and ids of bugs: each is read or refused', { timeoutMs: 600_000 }, () => {
  const draws = new Draws(2);
  let read = 0;
  const state = JSON.stringify({
    commandLine: ['a'],
    firstSeed: 1,
    elapsedMs: 1,
    queue: { started: 1, tests: [] },
    tests: [],
    failures: [],
  });
  for (let input = 0; input < inputCount(500); input++) {
    if (readsOrRefuses('plan', () => readPlan(draws.mutated(PLAN)))) read += 1;
    readsOrRefuses('state', () => parseState(draws.mutated(state), 'a'));
    readsOrRefuses('report', () => readReport(draws.mutated(state), 'a'));
    readsOrRefuses('bug', () => bugById(draws.mutated('C1')));
  }
  assert.ok(read > 0 && read < inputCount(500), `${read} plans could be read`);
});

it('of stacks: each is explained, in time that is linear in it', { timeoutMs: 600_000 }, () => {
  const draws = new Draws(3);
  const texts = [GO, JAVA, PYTHON, NODE] as const;
  let threads = 0;
  for (let input = 0; input < inputCount(1000); input++) {
    const dumps = dumpsIn(draws.mutated(draws.mutated(draws.pick(texts) + draws.pick(texts))));
    assert.ok(explainHang(dumps, IN_FULL).every((line) => typeof line === 'string'));
    causeOfHang(dumps);
    threads += dumps.length;
  }
  assert.ok(threads > inputCount(1000) / 2, `${threads} dumps`);
});

const PIECES = [
  'a',
  ' ',
  '(',
  ')',
  '"',
  '.',
  '\t',
  ', ',
  'goroutine ',
  '[a]:',
  'created by a in goroutine ',
  '  File "',
  '.go:1',
  ' (a',
  '~ Stack of ',
  '(*a).',
  '- locked <0x1> (a ',
  '$$Lambda/',
];
const BEGINNINGS = [
  '',
  'goroutine 1 [running]:\n',
  '"a" #1 prio=5 os_prio=0 x\n',
  'Thread 1 (idle)\n',
  '~~ Stack of a (1) ~~\n',
  'Found one Java-level deadlock:\n',
];

it('of stacks with long hostile lines: they are read like others', { timeoutMs: 120_000 }, () => {
  for (const beginning of BEGINNINGS) {
    for (const piece of PIECES) {
      const line = piece.repeat(3000 / piece.length);
      explainHang(dumpsIn(`${beginning}${`${line}\n`.repeat(100)}${piece.repeat(100_000)}`), IN_FULL);
    }
  }
});
