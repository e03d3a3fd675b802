import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { EventQueue, type Timed } from '../../src/engine/event-queue.ts';

const it = suite('event queue');

const named = (name: number): Timed & { name: number } => ({ name, fire: () => undefined });

it('gives items in the order of time, and equal times in the order in which they came, for any mix of pushes and pops', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20), { nil: null }), { maxLength: 800 }), (moves) => {
      const queue = new EventQueue();
      const model: { at: number; order: number; item: Timed }[] = [];
      for (const [order, move] of moves.entries()) {
        if (move === null) {
          model.sort((a, b) => a.at - b.at || a.order - b.order);
          const expected = model.shift();
          assert.is(queue.nextAt, expected?.at ?? Number.POSITIVE_INFINITY);
          assert.is(queue.pop(), expected?.item);
        } else {
          const item = named(order);
          queue.push(move, item);
          model.push({ at: move, order, item });
        }
        assert.is(queue.size, model.length);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});
