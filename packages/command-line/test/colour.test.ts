import { assert, suite } from '@raftlens/testing';
import { wantsColour } from '../src/index.ts';

const it = suite('colour');
const ask = (flag: boolean | undefined, environment: Record<string, string>, isTerminal: boolean) =>
  wantsColour({ flag, environment, isTerminal });

it('follows the flag before anything else', () => {
  assert.is(ask(true, { NO_COLOR: '1' }, false), true);
  assert.is(ask(false, { FORCE_COLOR: '1' }, true), false);
});

it('follows NO_COLOR before FORCE_COLOR, unless it is empty', () => {
  assert.is(ask(undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true), false);
  assert.is(ask(undefined, { NO_COLOR: '', FORCE_COLOR: '1' }, false), true);
});

it('follows FORCE_COLOR, in which 0 and false mean none', () => {
  assert.is(ask(undefined, { FORCE_COLOR: '0' }, true), false);
  assert.is(ask(undefined, { FORCE_COLOR: 'false' }, true), false);
  assert.is(ask(undefined, { FORCE_COLOR: '3' }, false), true);
});

it('else follows the terminal', () => {
  assert.is(ask(undefined, { TERM: 'xterm' }, true), true);
  assert.is(ask(undefined, { TERM: 'dumb' }, true), false);
  assert.is(ask(undefined, {}, false), false);
});
