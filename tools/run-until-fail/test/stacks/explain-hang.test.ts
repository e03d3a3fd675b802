import { assert, suite } from '@raftlens/testing';
import { BRIEFLY, explainHang, IN_FULL } from '../../src/stacks/explain-hang.ts';
import { dumpsIn } from '../../src/stacks/hang-file.ts';
import { causeOfHang, tellsOfHang } from '../../src/stacks/hang-story.ts';

const it = suite('explain-hang');

function told(text: string, howMuch = IN_FULL): string {
  return explainHang(dumpsIn(text), howMuch).join('\n');
}

const STD = '/usr/local/go/src';

/** A goroutine that waits for a mutex, as Go 1.24 prints it; the receiver is often no longer known. */
function handler(number: number, lock: string, minutes: number): string {
  return `goroutine ${number} [sync.Mutex.Lock, ${minutes} minutes]:
internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x1f0337aca1c0?)
\t${STD}/runtime/sema.go:95 +0x25
internal/sync.(*Mutex).lockSlow(${lock})
\t${STD}/internal/sync/mutex.go:149 +0x15d
sync.(*Mutex).Lock(...)
\t${STD}/sync/mutex.go:46
6.5840/raft.(*Raft).RequestVote(0x0?, 0xc0001b40d8)
\t/home/me/raft/raft.go:212 +0x47
created by 6.5840/labrpc.(*Server).dispatch in goroutine 18
\t/home/me/labrpc/labrpc.go:55 +0x118
`;
}

function applier(number: number, object: string, frames = ''): string {
  return `goroutine ${number} [chan send, 3 minutes]:
${frames}6.5840/raft.(*Raft).applier(${object})
\t/home/me/raft/raft.go:410 +0x9d
created by 6.5840/raft.Make in goroutine 18
\t/home/me/raft/raft.go:54 +0xda
`;
}

const TICKER = `goroutine 24 [sync.Mutex.Lock]:
internal/sync.(*Mutex).lockSlow(0xc000093208)
\t${STD}/internal/sync/mutex.go:149 +0x15d
6.5840/raft.(*Raft).ticker(0xc000093200)
\t/home/me/raft/raft.go:35 +0x47
created by 6.5840/raft.Make in goroutine 18
\t/home/me/raft/raft.go:55 +0x118
`;

const TEST = `panic: test timed out after 10m0s
\trunning tests:
\t\tTestBackup3B (10m0s)

goroutine 18 [sleep]:
time.Sleep(0x34630b8a000)
\t${STD}/runtime/time.go:363 +0x165
6.5840/raft.TestBackup3B(0x3499b4824488?)
\t/home/me/raft/test_test.go:74 +0x106
testing.tRunner(0xc000004488, 0x594858)
\t${STD}/testing/testing.go:2036 +0xea
created by testing.(*T).Run in goroutine 1
\t${STD}/testing/testing.go:2101 +0x4c5
`;

it("names the labs' most frequent hang by its two stacks, in a dump of 12,000 lines", () => {
  const waiting = Array.from({ length: 1100 }, (_, at) => handler(100 + at, '0xc000093208', 1 + (at % 3)));
  const text = [TEST, applier(9, '0xc000093200'), TICKER, ...waiting].join('\n');
  assert.ok(text.split('\n').length > 12_000);
  assert.is(
    told(text, BRIEFLY),
    `1,103 goroutines with 4 different stacks
panic: test timed out after 10m0s
1,101 goroutines are waiting for the lock 0xc000093208 of a raft.(*Raft), the longest for 3 minutes:
 1,100x  raft.(*Raft).RequestVote raft.go:212
     1x  raft.(*Raft).ticker raft.go:35
  who holds it is not told; of those in methods of the same raft.(*Raft) only this one does not wait for it:
     1x  goroutine 9 sending on a channel, for 3 minutes: raft.(*Raft).applier raft.go:410
  if it holds the lock while it sends, all of these wait for one another: let go of the lock before
the other stacks:
     1x  goroutine 18 sleeping: raft.TestBackup3B test_test.go:74`,
  );
  assert.is(causeOfHang(dumpsIn(text)), 'others wait for a lock of raft.(*Raft).applier');
});

it('suspects nobody of another object, nor who waits for a condition, which lets go of the lock', () => {
  const other = told([TEST, applier(9, '0xc000fff200'), TICKER, handler(30, '0xc000093208', 2)].join('\n'));
  assert.match(other, /2 goroutines are waiting for the lock [^]*\n {2}who holds it is not told\n/);
  const condition = applier(9, '0xc000093200').replace('chan send', 'sync.Cond.Wait');
  assert.match(told([TEST, condition, TICKER].join('\n')), /\n {2}who holds it is not told\n/);
});

it('tells at SIGQUIT that nobody receives from the channel', () => {
  const frames = `runtime.gopark(0x1?, 0x2?)
\t${STD}/runtime/proc.go:462 +0xce fp=0x1 sp=0x2 pc=0x3
runtime.chansend(0xc0000742a0, 0xc000055fa8, 0x1, 0x1?)
\t${STD}/runtime/chan.go:283 +0x3fc fp=0x1 sp=0x2 pc=0x3
`;
  const text = [applier(9, '0xc000093200', frames), TICKER].join('\n');
  assert.match(told(text), /goroutine 9 sending on a channel 0xc0000742a0, for 3 minutes: raft/);
  assert.match(told(text), /\n {2}nobody is receiving from that channel\n/);
  const reader = `goroutine 5 [chan receive]:
runtime.chanrecv(0xc0000742a0, 0x0, 0x1)
\t${STD}/runtime/chan.go:667 +0x4ae
6.5840/raft.reader()
\t/home/me/raft/config.go:3 +0x1
`;
  assert.not.match(told([text, reader].join('\n')), /nobody is receiving/);
});

it('tells of a method that waits in another one for the lock that its caller may hold', () => {
  const text = `goroutine 25 [sync.RWMutex.RLock]:
sync.runtime_SemacquireRWMutexR(0x0?, 0x0?, 0x0?)
\t${STD}/runtime/sema.go:100 +0x25
sync.(*RWMutex).RLock(...)
\t${STD}/sync/rwmutex.go:74
kv.(*Store).inner(0x397b5f540e0)
\t/home/me/kv/store.go:8 +0x30
kv.(*Store).Outer(0x397b5f540e0)
\t/home/me/kv/store.go:7 +0x54
`;
  assert.match(
    told(text),
    /1 goroutine is waiting for a lock of a kv\.\(\*Store\):[^]*this one waits in a method of kv\.\(\*Store\) that another one called/,
  );
});

it('lists what goleak found, and what outlived the test that started it', () => {
  const leaked = `--- FAIL: TestLeaks (0.45s)
    l_test.go:3: found unexpected goroutines:
        [Goroutine 19 in state chan send, with leak.TestLeaks.func1 on top of the stack:
        leak.TestLeaks.func1()
        \t/tmp/leak/l_test.go:3 +0x1e
        created by leak.TestLeaks in goroutine 18
        \t/tmp/leak/l_test.go:3 +0x6b
         Goroutine 20 in state chan send, with leak.TestLeaks.func1 on top of the stack:
        leak.TestLeaks.func1()
        \t/tmp/leak/l_test.go:3 +0x1e
        created by leak.TestLeaks in goroutine 18
        \t/tmp/leak/l_test.go:3 +0x6b
        ]`;
  assert.match(told(leaked), /^2 goroutines leaked:\n {5}2x {2}sending on a channel: leak\.TestLeaks\.func1 l_test\.go:3$/m);
  const worker = `goroutine 30 [chan receive]:
leak.worker(...)
\t/tmp/leak/l_test.go:5
created by leak.TestFirst in goroutine 7
\t/tmp/leak/l_test.go:4 +0x6b
`;
  assert.match(told([TEST, worker].join('\n')), /1 goroutine outlived the one that started it[^]*leak\.worker l_test\.go:5/);
});

it('reads the events of go test -json, and dumps of Go before 1.21', () => {
  const json = [TEST, applier(9, '0xc000093200')]
    .join('\n')
    .split('\n')
    .map((line) => JSON.stringify({ Time: '2026-11-29T00:00:00Z', Action: 'output', Package: 'raft', Output: `${line}\n` }));
  assert.match(told(json.join('\n')), /^2 goroutines/);
  const old = `goroutine 7 [semacquire, 4 minutes]:
sync.runtime_SemacquireMutex(0xc0000b000c, 0x0, 0x1)
\t${STD}/runtime/sema.go:71 +0x47
sync.(*Mutex).lockSlow(0xc0000b0008)
\t${STD}/sync/mutex.go:138 +0x105
raft.(*Raft).vote(0xc0000b0000)
\t/home/me/raft.go:9 +0x3a
created by raft.Make
\t/home/me/raft.go:5 +0x3a
`;
  assert.match(told(old), /1 goroutine is waiting for the lock 0xc0000b0008 of a raft\.\(\*Raft\), for 4 minutes/);
});

const JSTACK = `2026-11-29 00:50:52
Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode, sharing):

"a" #12 prio=5 os_prio=0 cpu=2.53ms elapsed=2.39s tid=0x00007fd288119f90 nid=0x7348 waiting for monitor entry  [0x00007fd25932b000]
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat app.One.run(One.java:7)
\t- waiting to lock <0x000000069ec1a688> (a java.lang.Object)
\t- locked <0x000000069ec1a678> (a java.lang.Object)
\tat java.lang.Thread.run(java.base@17.0.15/Thread.java:840)

   Locked ownable synchronizers:
\t- None

"b" #13 prio=5 os_prio=0 cpu=2.53ms elapsed=2.39s tid=0x00007fd288119f91 nid=0x7349 waiting for monitor entry  [0x00007fd25932b001]
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat app.Two.run(Two.java:7)
\t- waiting to lock <0x000000069ec1a678> (a java.lang.Object)
\t- locked <0x000000069ec1a688> (a java.lang.Object)

"c" #14 prio=5 os_prio=0 cpu=0.41ms elapsed=2.18s tid=0x00007fd288128a70 nid=0x7351 waiting on condition  [0x00007fd258a2b000]
   java.lang.Thread.State: WAITING (parking)
\tat jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)
\t- parking to wait for  <0x000000069ec1a7f0> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
\tat app.Three.run(Three.java:9)

"d" #15 prio=5 os_prio=0 cpu=0.31ms elapsed=2.23s tid=0x00007fd2881277c0 nid=0x7350 in Object.wait()  [0x00007fd258b2b000]
   java.lang.Thread.State: WAITING (on object monitor)
\tat java.lang.Object.wait(java.base@17.0.15/Native Method)
\t- waiting on <0x000000069ec1a7b0> (a app.Four)
\tat app.Four.run(Four.java:19)
\t- locked <0x000000069ec1a7b0> (a app.Four)

   Locked ownable synchronizers:
\t- <0x000000069ec1a7f0> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)

"VM Thread" os_prio=0 cpu=1.0ms elapsed=2.4s tid=0x00007fd288119f92 nid=0x734a runnable
`;

it('finds a deadlock of Java by who holds what, and the holder of a lock of java.util.concurrent', () => {
  const text = told(JSTACK);
  assert.match(text, /^4 threads with 4 different stacks, and 1 of the runtime/);
  assert.match(
    text,
    /deadlock: "a" waits for 0x000000069ec1a688 \(a java\.lang\.Object\), which "b" holds; "b" waits for [^]*, which "a" holds/,
  );
  assert.match(text, /waiting for the lock 0x000000069ec1a7f0 [^]*it is held by\n {5}1x {2}"d" waiting for a condition/);
  assert.is(causeOfHang(dumpsIn(JSTACK)), 'deadlock of app.One.run and app.Two.run');
  // Asked twice, a JVM says all of it twice.
  assert.is(told(`${JSTACK}\n${JSTACK}`), text);
});

it('reads what faulthandler, py-spy and pytest-timeout print of Python', () => {
  const faulthandler = `Fatal Python error: Aborted

Thread 0x00007f12af7fe6c0 (most recent call first):
  File "/tmp/hang.py", line 9 in vote
  File "/usr/lib/python3.11/threading.py", line 982 in run

Current thread 0x00007f12be0506c0 (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 327 in wait
  File "/usr/lib/python3.11/queue.py", line 140 in put
  File "/tmp/hang.py", line 7 in applier
`;
  assert.match(told(faulthandler), /at vote hang\.py:9\n.*waiting to put into a queue: applier hang\.py:7/);
  const pySpy = `Process 1: python3 hang.py
Python v3.11.2 (/usr/bin/python3.11)

Thread 30055 (idle): "MainThread"
    Condition.wait (threading.py:327)
        Locals:
            waiter: <_thread.lock at 0x7f1827929dc0>
    main (hang.py:17)
Thread 30098 (active+gil): "Thread-1 (vote)"
    Raft.vote (hang.py:9)
`;
  assert.match(told(pySpy), /"MainThread" waiting for a condition: main hang\.py:17\n.*"Thread-1 \(vote\)" running: Raft\.vote hang\.py:9/);
  const timeout = `+++++++++++++++ Timeout +++++++++++++++
~~~~~~~~~~ Stack of Thread-6 (vote) (140164202473152) ~~~~~~~~~~
  File "/usr/lib/python3.11/threading.py", line 982, in run
    self._target(*self._args, **self._kwargs)
  File "/tmp/hang.py", line 9, in vote
    with self.lock:
~~~~~~~~~~ Stack of applier (140164244436672) ~~~~~~~~~~
  File "/tmp/hang.py", line 7, in applier
    self.q.put(2)
  File "/usr/lib/python3.11/queue.py", line 140, in put
    self.not_full.wait()
  File "/usr/lib/python3.11/threading.py", line 327, in wait
    waiter.acquire()
`;
  assert.match(
    told(timeout),
    /1 thread is waiting for the lock self\.lock:\n {5}1x {2}vote hang\.py:9\n[^]*"applier" waiting to put into a queue: applier/,
  );
  assert.ok(tellsOfHang(dumpsIn(timeout), false));
});

it('takes a panic, and what is no dump, for no hang', () => {
  const panic = `panic: index out of range

goroutine 7 [running]:
raft.(*Raft).apply(0xc0000b0000)
\t/home/me/raft.go:9 +0x3a
`;
  assert.not.ok(tellsOfHang(dumpsIn(panic), false));
  assert.equal(dumpsIn('goroutine 7 does well\n"main" is a thread\nThread 5 (idle)\n{"header": 1}\n'), []);
});

it('tells several processes apart', () => {
  const one = applier(9, '0xc000093200');
  const noise = Array.from({ length: 300 }, (_, at) => `line ${at}`).join('\n');
  assert.match(told(`${one}\n${noise}\n${one}`), /^process 1 of 2\n1 goroutine [^]*\nprocess 2 of 2\n1 goroutine/);
});
