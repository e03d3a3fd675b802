import { readFile } from 'node:fs/promises';
import { assert, rejects, suite } from '@raftlens/testing';
import { VirtualTime } from '../../src/engine/virtual-time.ts';
import { AssertionFailed } from '../../src/protocol/assert.ts';

const it = suite('virtual time');

const limits = { virtualMs: 10_000, realMs: 5000 };

async function play(
  script: (time: VirtualTime, say: (text: string) => void) => Promise<void>,
  time = new VirtualTime(),
): Promise<{ said: string[]; time: VirtualTime }> {
  const said: string[] = [];
  await time.run(() => script(time, (text) => said.push(`${time.nowMs} ${text}`)), limits);
  return { said, time };
}

it('lets sleeping scripts go on in the order of their times', async () => {
  const { said } = await play(async (time, say) => {
    const late = time.spawn('late', async () => {
      await time.sleepUs(2000);
      say('late');
    });
    await time.sleepUs(1000);
    say('early');
    await late;
    say('both');
  });
  assert.equal(said, ['1 early', '2 late', '2 both']);
});

it('does not let time go on while a script is on its way through nested async functions', async () => {
  const deep = async (levels: number): Promise<number> => (levels === 0 ? 0 : 1 + (await deep(levels - 1)));
  const { said } = await play(async (time, say) => {
    time.at(1001, { fire: () => say('a thing that happens') });
    await time.sleepUs(1000);
    await deep(8);
    say('the script');
    await time.sleepUs(10);
  });
  assert.equal(said, ['1 the script', '1.001 a thing that happens']);
});

it('waits for several tasks with Promise.all', async () => {
  const { said, time } = await play(async (at, say) => {
    await Promise.all([1, 2, 3].map((ms) => at.spawn(`task ${ms}`, () => at.sleepUs(ms * 1000))));
    say('all');
  });
  assert.equal(said, ['3 all']);
  assert.is(time.failure, null);
});

it('wakes a waiter that is settled before its time, once', async () => {
  const { said } = await play(async (time, say) => {
    const waiter = time.wait(5000);
    time.at(1000, { fire: () => waiter.settle() });
    time.at(1500, { fire: () => waiter.settle() });
    say(String(await waiter.promise));
    say(String(await time.wait(1000).promise));
  });
  assert.equal(said, ['1 true', '2 false']);
});

it('lets a script wait for something real, if it comes soon', async () => {
  const { said, time } = await play(async (_, say) => {
    await readFile(new URL(import.meta.url));
    say('read');
  });
  assert.equal(said, ['0 read']);
  assert.is(time.failure, null);
});

const failureOf = async (script: (time: VirtualTime) => Promise<void>): Promise<string> => {
  const { time } = await play((at) => script(at));
  return `${time.failure?.kind}: ${time.failure?.message}`;
};

it('fails a script that throws, with the message and the place', async () => {
  assert.match(await failureOf(() => Promise.reject(new TypeError('oops'))), /^script: TypeError: oops; at .*virtual-time/);
});

it('fails a script that throws something that is no error', async () => {
  assert.match(await failureOf(() => Promise.reject(null)), /^script: threw null/);
});

it('fails when a task beside the script throws', async () => {
  const failure = await failureOf(async (time) => {
    time.spawn('beside', () => Promise.reject(new Error('from the task')));
    await time.sleepUs(1000);
  });
  assert.match(failure, /^script: Error: from the task/);
});

it('fails a script that leaves tasks behind', async () => {
  const failure = await failureOf(async (time) => {
    time.spawn('forgotten', () => time.sleepUs(100_000));
    await time.sleepUs(1000);
  });
  assert.match(failure, /^leaked-tasks: .*forgotten/);
});

it('fails a script that never ends in virtual time', async () => {
  const failure = await failureOf(async (time) => {
    for (;;) await time.sleepUs(1000);
  });
  assert.match(failure, /^virtual-limit: .*10000 ms/);
});

it('fails a script that waits for a promise that nobody settles', async () => {
  assert.match(await failureOf(() => new Promise(() => undefined)), /^stuck: /);
});

it('fails a script that waits for a task that waits for nothing that will happen', async () => {
  const failure = await failureOf(async (time) => {
    await time.spawn('hangs', () => {
      time.park();
      return new Promise(() => undefined);
    });
  });
  assert.match(failure, /^stuck: nothing will ever happen again/);
});

it('keeps the first failure', async () => {
  const { time } = await play(async (at) => {
    at.fail({ kind: 'apply', message: 'first' });
    at.fail({ kind: 'budget', message: 'second' });
    await at.sleepUs(1);
  });
  assert.is(time.failure?.message, 'first');
});

it('lets time go on only when no microtask is left, however many turns a task takes', async () => {
  const { said } = await play(async (time, say) => {
    time.at(1001, { fire: () => say('a thing that happens') });
    await time.sleepUs(1000);
    for (let turn = 0; turn < 5000; turn += 1) await Promise.resolve();
    say('the script');
    await time.sleepUs(10);
  });
  assert.equal(said, ['1 the script', '1.001 a thing that happens']);
});

it('throws what the simulator itself did wrong, in place of failing the run by it', async () => {
  const time = new VirtualTime();
  await rejects(
    time.run(async () => {
      throw new AssertionFailed('one and one are two');
    }, limits),
    { code: 'ASSERTION_FAILED' },
  );
  assert.is(time.failure, null);
});
