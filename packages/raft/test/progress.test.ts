import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { Inflights, Progress } from '../src/progress.ts';
import { mayFollow, mayPropose, widenWindow } from '../src/rules/flow.ts';

const it = suite('what a leader knows of a peer');
const start = { next: 5, nowMs: 0, lastMessageId: 0, joins: false };
const limits = { maxInflightMessages: 8, maxInflightBytes: 100 };

it('starts by probing, with one message at a time', () => {
  const peer = new Progress('S2', start);
  assert.equal([peer.state, peer.match, peer.next, peer.window], ['probe', 0, 5, 1]);
});

it('raises match only, and keeps next above it', () => {
  const peer = new Progress('S2', start);
  assert.equal([peer.acknowledge(7), peer.acknowledge(6), peer.match, peer.next], [true, false, 7, 8]);
});

it('forgets what was under way when its state changes', () => {
  const peer = new Progress('S2', start);
  peer.becomeReplicate();
  peer.inflights.add(9, 50);
  peer.window = 4;
  peer.sent = 12;
  peer.becomeProbe(3);
  assert.equal([peer.inflights.messages, peer.window, peer.sentBefore, peer.next], [0, 1, 12, 3]);
});

it('lets messages follow within all three limits', () => {
  assert.ok(mayFollow(3, 99, 4, limits));
  assert.not(mayFollow(4, 0, 4, limits));
  assert.not(mayFollow(8, 0, 100, limits));
  assert.not(mayFollow(0, 100, 4, limits));
});

it('doubles the window with each acknowledgement, up to the limit', () => {
  const widths = [1, 2, 3, 4].reduce((all: number[]) => [...all, widenWindow(all.at(-1) ?? 1, limits)], [1]);
  assert.equal(widths, [1, 2, 4, 8, 8]);
});

it('always takes a proposal where none waits, however large it is', () => {
  assert.equal([mayPropose(0, 1000, 10), mayPropose(1, 10, 10), mayPropose(1, 9, 10)], [true, false, true]);
});

it('counts messages and bytes under way like a list would', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(20)), { maxLength: 200 }), (steps) => {
      const inflights = new Inflights();
      let list: { last: number; size: number }[] = [];
      let last = 0;
      for (const [adds, number] of steps) {
        if (adds) {
          last += 1;
          inflights.add(last, number);
          list.push({ last, size: number });
        } else {
          const match = last - number;
          inflights.acknowledge(match);
          list = list.filter((each) => each.last > match);
        }
        assert.equal([inflights.messages, inflights.bytes], [list.length, list.reduce((sum, { size }) => sum + size, 0)]);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

it('asks at once only further back than before, until the next heartbeat or until it moves on', () => {
  const peer = new Progress('S2', start);
  const asked = [4, 4, 3, 3].map((next) => {
    peer.backUp(next);
    return !peer.probing;
  });
  assert.equal(asked, [true, false, true, false]);
  peer.allowRetries();
  peer.backUp(3);
  assert.is(peer.probing, false);
});

it('counts for nothing once it has lost what it acknowledged', () => {
  const peer = new Progress('S2', start);
  peer.acknowledge(4);
  peer.becomeLost();
  assert.equal([peer.match, peer.counted, peer.next], [4, 0, 5]);
});
