import { assert, suite } from '@raftlens/testing';
import { digestOf } from '../src/index.ts';

const it = suite('digestOf');

it('is FNV-1a, by the vectors of its authors', () => {
  assert.is(digestOf(''), '811c9dc5');
  assert.is(digestOf('a'), 'e40c292c');
  assert.is(digestOf('foobar'), 'bf9cf968');
});

it('takes bytes as they are and text as UTF-8', () => {
  assert.is(digestOf(new TextEncoder().encode('größe')), digestOf('größe'));
  assert.is(digestOf(Uint8Array.of(0xff, 0x00)), digestOf(Uint8Array.of(0xff, 0x00)));
  assert.is(digestOf('b').length, 8);
});
