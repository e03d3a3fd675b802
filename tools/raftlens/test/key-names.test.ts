import { assert, suite } from '@raftlens/testing';
import { keyPressOf } from '../src/views/key-names.ts';

const names = suite('key names');

names('a character that can be typed is its own name, upper case and signs too', () => {
  assert.equal(keyPressOf('G', { name: 'g', full: 'S-g' }), { name: 'G', character: 'G' });
  assert.equal(keyPressOf('?', {}), { name: '?', character: '?' });
  assert.equal(keyPressOf('字', {}), { name: '字', character: '字' });
});

names('a space has a name and is still typed', () => {
  assert.equal(keyPressOf(' ', { name: 'space', full: 'space' }), { name: 'space', character: ' ' });
});

names('control and meta keys are named and not typed', () => {
  assert.equal(keyPressOf('\u0004', { name: 'd', full: 'C-d', ctrl: true }), { name: 'C-d', character: null });
  assert.equal(keyPressOf('b', { name: 'b', full: 'M-b', meta: true }), { name: 'M-b', character: null });
  assert.equal(keyPressOf(undefined, { name: 'pageup', full: 'pageup' }), { name: 'pageup', character: null });
});

names('Enter, which blessed sends twice, comes once, and a line feed is Enter too', () => {
  assert.is(keyPressOf('\r', { name: 'return', full: 'return' }), null);
  assert.equal(keyPressOf('\r', { name: 'enter', full: 'enter' }), { name: 'enter', character: null });
  assert.equal(keyPressOf('\n', { name: 'linefeed', full: 'linefeed' }), { name: 'enter', character: null });
});

names('an escape sequence that blessed does not know is passed over', () => {
  assert.is(keyPressOf('\u001b[99z', {}), null);
});
