import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { RaftLog } from '../src/log.ts';
import { entriesOf } from './messages.ts';

const it = suite('the log');

function logOf(...terms: readonly number[]): RaftLog {
  const log = new RaftLog();
  log.append(entriesOf(1, ...terms));
  return log;
}

it('starts empty, with entry 0 of term 0 before it', () => {
  const { offset, lastIndex, lastTerm } = new RaftLog();
  assert.equal({ offset, lastIndex, lastTerm }, { offset: 0, lastIndex: 0, lastTerm: 0 });
  assert.equal([new RaftLog().termAt(0), new RaftLog().termAt(1)], [0, -1]);
});

it('keeps the term at its start when it is compacted, and knows nothing before', () => {
  const log = logOf(1, 2, 2, 3);
  log.compactTo(3);
  assert.equal([log.offset, log.lastIndex, log.termAt(2), log.termAt(3), log.termAt(4)], [3, 4, -1, 2, 3]);
  log.compactTo(4);
  assert.equal([log.lastIndex, log.lastTerm], [4, 3]);
});

it('gives the same slice twice without another array', () => {
  const log = logOf(1, 1, 1);
  assert.is(log.slice(2, 3), log.slice(2, 3));
});

it('gives no old slice after a truncation', () => {
  const log = logOf(1, 1, 1);
  log.slice(2, 3);
  log.truncateFrom(3);
  log.append(entriesOf(3, 2));
  assert.equal(
    log.slice(2, 3).map(({ term }) => term),
    [1, 2],
  );
});

it('batches as many entries as fit, and at least one', () => {
  const log = logOf(1, 1, 1, 1);
  const { size } = entriesOf(1, 1)[0] ?? { size: 0 };
  const ends = [0, 1, 2 * size, 2 * size + 1, 100 * size].map((bytesMax) => log.batch(1, bytesMax).to);
  assert.equal(ends, [1, 1, 2, 2, 4]);
  assert.is(log.batch(1, 2 * size).bytes, 2 * size);
  assert.equal(log.batch(5, 100).entries, []);
});

it('notices in a batch what was appended since', () => {
  const log = logOf(1);
  log.batch(1, 1000);
  log.append(entriesOf(2, 1));
  assert.is(log.batch(1, 1000).to, 2);
});

type Step = readonly ['append', number] | readonly ['truncate' | 'compact' | 'slice', number];

it('is a list of which the front can be cut off and the end replaced', () => {
  const step: fc.Arbitrary<Step> = fc.tuple(fc.constantFrom('append', 'truncate', 'compact', 'slice'), fc.nat(7));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const log = new RaftLog();
      const terms: number[] = [];
      steps.forEach(([kind, number], term) => {
        const held = terms.length - log.offset;
        const index = log.offset + 1 + (held === 0 ? 0 : number % held);
        if (kind === 'append') {
          const added = Array.from({ length: number % 3 }, () => term);
          log.append(entriesOf(terms.length + 1, ...added));
          terms.push(...added);
        } else if (held > 0 && kind === 'truncate') {
          log.truncateFrom(index);
          terms.length = index - 1;
        } else if (held > 0 && kind === 'compact') {
          log.compactTo(index);
        }
        assert.is(log.lastIndex, terms.length);
        assert.is(log.lastTerm, terms.at(-1) ?? 0);
        assert.equal(
          log.slice(log.offset + 1, log.lastIndex).map((entry) => entry.term),
          terms.slice(log.offset),
        );
      });
    }),
    { seed: 1, numRuns: 500 },
  );
});
