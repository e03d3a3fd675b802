import { assert, suite } from '@raftlens/testing';
import { TapeDeck } from '../../src/engine/tape-deck.ts';
import type { Tape } from '../../src/protocol/tape.ts';

const it = suite('tape');

const draw = (deck: TapeDeck, label: string, count: number): number[] =>
  Array.from({ length: count }, () => deck.draws(label).below(100, 7));

it('records what was drawn, and plays it back under another seed', () => {
  const recorder = new TapeDeck({ seed: 'one', record: true });
  const values = draw(recorder, 'net.delay S1->S2', 5);
  const player = new TapeDeck({ seed: 'two', play: recorder.recorded() });
  assert.equal(draw(player, 'net.delay S1->S2', 5), values);
});

it('falls back on the calm value, or on the seed, where it holds nothing', () => {
  const tape = (rest: Tape['rest']): Tape => ({ version: 1, rest, draws: { 'net.x': [1, 50] } });
  assert.equal(draw(new TapeDeck({ seed: 's', play: tape('calm') }), 'net.x', 3), [7, 50, 7]);
  const seeded = draw(new TapeDeck({ seed: 's' }), 'net.x', 3);
  assert.equal(draw(new TapeDeck({ seed: 's', play: tape('seed') }), 'net.x', 2), [seeded[0], 50]);
});

it('brings a value that is out of bounds to the nearest one', () => {
  assert.is(new TapeDeck({ seed: 's', play: { version: 1, rest: 'calm', draws: { x: [0, 5000] } } }).draws('x').below(100), 99);
});

it('draws of one label leave those of another alone', () => {
  const quiet = new TapeDeck({ seed: 's' });
  const busy = new TapeDeck({ seed: 's' });
  draw(busy, 'other', 1000);
  assert.equal(draw(quiet, 'x', 10), draw(busy, 'x', 10));
});

it('draws nothing for a chance of zero: it costs nothing and no tape shows it', () => {
  const deck = new TapeDeck({ seed: 's', record: true });
  assert.is(deck.draws('loss').chance(0), false);
  assert.equal(deck.recorded().draws, {});
});
