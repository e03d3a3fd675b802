import { assert, suite } from '@raftlens/testing';
import { openText } from '../../src/index.ts';
import { KeyQueues } from '../../src/link/key-queues.ts';

const linking = suite('Messages without ids');

const queues = (timesMs: readonly number[]) => new KeyQueues((row) => timesMs[row] ?? 0);

linking('go on being joined rightly after one was lost', async () => {
  const send = (tenths: number) => `${String(tenths).padStart(6, '0')} LOG1 S1 -> S2 Sending N: 1 T:1\n`;
  const receive = (tenths: number) => `${String(tenths).padStart(6, '0')} LOG2 S2 <- S1 Received T:1\n`;
  // The first is lost; every other arrives before the next is sent.
  const log = openText(send(10) + [20, 30, 40, 50].map((tenths) => send(tenths) + receive(tenths + 5)).join(''), { format: 'lab' });
  await log.done;
  assert.is(log.partnerOf(0), -1);
  for (let row = 1; row < log.size; row += 2) assert.is(log.partnerOf(row), row + 1);
});

linking('are joined when the receive is read before the send, as in two files', () => {
  const waiting = queues([10, 20, 5, 15]);
  assert.is(waiting.match('k', false, 0), -1);
  assert.is(waiting.match('k', false, 1), -1);
  assert.is(waiting.match('k', true, 2), 0);
  assert.is(waiting.match('k', true, 3), 1);
});

linking('are joined even where the clocks say that the receive was first', () => {
  const waiting = queues([100, 1]);
  waiting.match('k', true, 0);
  assert.is(waiting.match('k', false, 1), 0);
});

linking('forget sends that many others have overtaken', () => {
  const waiting = queues(Array.from({ length: 200 }, (_, row) => row));
  for (let row = 0; row < 100; row++) waiting.match('k', true, row);
  assert.is(waiting.match('k', false, 100), 99);
  let found = 0;
  for (let row = 101; row < 150; row++) if (waiting.match('k', false, row) >= 0) found++;
  assert.is(found, 16);
});
