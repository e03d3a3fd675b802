import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite, unlessRuns } from '@raftlens/testing';
import { outputOf, type Tool, tool } from '../support/tool.ts';

const it = suite('real-hangs');

/** The labs' most frequent hang: the applier sends with the lock held, and who receives wants the lock first. */
const LAB = `package lab

import ("sync"; "testing"; "time")

type Raft struct { mu sync.Mutex; applyCh chan int; commit, applied int }

func (rf *Raft) applier() {
	for {
		rf.mu.Lock()
		for rf.applied < rf.commit { rf.applied++; rf.applyCh <- rf.applied }
		rf.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
}
func (rf *Raft) RequestVote() { rf.mu.Lock(); rf.commit += 2; rf.mu.Unlock() }
func (rf *Raft) Snapshot() { rf.mu.Lock(); rf.mu.Unlock() }

func TestBackup(t *testing.T) {
	rf := &Raft{applyCh: make(chan int)}
	go rf.applier()
	go func() { for range rf.applyCh { rf.Snapshot() } }()
	for { go rf.RequestVote(); time.Sleep(10 * time.Millisecond) }
}
`;

function lab(): Tool {
  const t = tool({ GOFLAGS: '-mod=mod', GO111MODULE: 'on' });
  writeFileSync(join(t.folder, 'go.mod'), 'module example.com/lab\n\ngo 1.19\n');
  writeFileSync(join(t.folder, 'lab_test.go'), LAB);
  return t;
}

const NO_GO = unlessRuns(['go', 'version']);
const LAB_HANG =
  /why it hangs:\n {2}[\d,]+ goroutines with [^]*goroutines are waiting for the lock 0x[0-9a-f]+ of a lab\.\(\*Raft\)[^]*x {2}lab\.\(\*Raft\)\.RequestVote lab_test\.go:15[^]*does not wait for it:\n +1x {2}goroutine \d+ sending on a channel[^\n]*: lab\.\(\*Raft\)\.applier lab_test\.go:10\n/;

it('go: an ordinary go test is asked for its stacks, and the hang is explained', { timeoutMs: 120_000, skip: NO_GO }, async () => {
  const t = lab();
  const { code, stdout } = await t.run('--timeout', '15s', '--jobs', '1', '--junit', 'junit.xml', '--', 'go', 'test', '.');
  assert.is(code, 1, stdout);
  assert.match(stdout, LAB_HANG);
  assert.match(stdout, /1x timeout: in example\.com\/lab\.TestBackup; others wait for a lock of lab\.\(\*Raft\)\.applier/);
  const shown = await t.run('show');
  assert.match(shown.stdout, /hangs\n {2}\| [\d,]+ goroutines with/);
  const hang = await t.run('hang');
  assert.is(hang.code, 0, hang.stderr);
  assert.match(hang.stdout, /^[\d,]+ goroutines with/);
});

it("go: a hang that go test's own time limit ends is explained as well", { timeoutMs: 120_000, skip: NO_GO }, async () => {
  const t = lab();
  const { code, stdout } = await t.run('--jobs', '1', '--', 'go', 'test', '-timeout', '2s', '.');
  assert.is(code, 1, stdout);
  assert.match(stdout, LAB_HANG);
});

const JAVA = `import java.util.concurrent.*;
public class Hang {
  final BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
  synchronized void apply() { try { queue.put(1); queue.put(2); } catch (InterruptedException e) { } }
  synchronized void vote() { }
  public static void main(String[] words) throws Exception {
    Hang hang = new Hang();
    new Thread(hang::apply, "applier").start();
    Thread.sleep(200);
    for (int i = 0; i < 5; i++) new Thread(hang::vote, "rpc-" + i).start();
  }
}
`;

it('java: a JVM below a shell is asked for its stacks, and holders are named', {
  timeoutMs: 120_000,
  skip: unlessRuns(['java', '--version']),
}, async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'Hang.java'), JAVA);
  const { stdout } = await t.run('--timeout', '12s', '--jobs', '1', '--shell', '--', 'java Hang.java; echo done');
  assert.match(
    stdout,
    /5 threads are waiting for the lock 0x[0-9a-f]+ \(a Hang\):[^]*it is held by\n +1x {2}"applier" waiting to put into a queue: Hang\.apply Hang\.java:4/,
  );
});

const PYTHON = `import threading, queue, time
lock, q = threading.Lock(), queue.Queue(1)
def apply():
    with lock: q.put(1); q.put(2)
def vote():
    with lock: pass
threading.Thread(target=apply, name="applier").start()
time.sleep(0.3)
for _ in range(5): threading.Thread(target=vote).start()
`;

it('python: with faulthandler it is asked for its stacks', { timeoutMs: 60_000, skip: unlessRuns(['python3', '--version']) }, async () => {
  const t = tool();
  writeFileSync(join(t.folder, 'hang.py'), PYTHON);
  const { stdout } = await t.run('--timeout', '4s', '--jobs', '1', '--env', 'PYTHONFAULTHANDLER=1', '--', 'python3', 'hang.py');
  assert.match(stdout, /5x {2}at vote hang\.py:6\n[^]*waiting to put into a queue: apply hang\.py:4/);
});

it('node: a report tells the handles, node --test the promises', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  mkdirSync(join(t.folder, 'reports'));
  writeFileSync(join(t.folder, 'hang.cjs'), "require('node:net').createServer().listen(0, '127.0.0.1'); setInterval(() => {}, 1e6);");
  const options = '--report-on-signal --report-filename=stdout';
  const { stdout } = await t.run('--timeout', '3s', '--jobs', '1', '--env', `NODE_OPTIONS=${options}`, '--', 'node', 'hang.cjs');
  assert.match(stdout, /2 handles with 2 different stacks[^]*no JavaScript runs[^]*1x {2}a tcp server at (?:127\.0\.0\.1|localhost):\d+/);
  writeFileSync(join(t.folder, 'never.test.cjs'), "require('node:test')('never', async () => { await new Promise(() => {}); });");
  const pending = await t.run('node', 'never.test.cjs', '--runs', '1');
  assert.match(pending.stdout, /1 promise with [^]*the event loop is empty[^]*test "never" awaiting a promise: never\.test\.cjs:1/);
});

it('a program that would only die of it is not asked', { timeoutMs: 60_000 }, async () => {
  const t = tool();
  const { stdout } = await t.run(
    '--timeout',
    '1s',
    '--jobs',
    '1',
    '--shell',
    '--',
    "trap 'echo quit' QUIT; trap 'echo term; exit 3' TERM; while :; do sleep 0.1; done",
  );
  assert.match(stdout, /1 timed out/);
  const [run] = t.runs();
  const printed = run === undefined ? '' : outputOf(run);
  assert.ok(printed.includes('term') && !printed.includes('quit'), printed);
  const { code, stderr } = await t.run('hang');
  assert.is(code, 2);
  assert.match(stderr, /there are no stacks in /);
});
