import { assert, suite } from '@raftlens/testing';
import { commandOf, environmentOf } from '../../src/execute/substitute.ts';

const it = suite('the command of a run');

const PLAN = { command: ['test', '{test}', '--seed={seed}', '{dir}/x', '{other}'], shell: false };
const ORDER = { directory: '/logs/run', seed: '42', test: 'a {seed}; $(rm)', setting: null };

it('has the values in it, each once: the name of a test is not itself expanded', () => {
  assert.equal(commandOf(PLAN, ORDER), ['test', 'a {seed}; $(rm)', '--seed=42', '/logs/run/x', '{other}']);
});

it('quotes the values in a line for the shell', () => {
  assert.equal(commandOf({ ...PLAN, shell: true, command: ['run {test} {seed}'] }, ORDER), ['/bin/sh', '-c', "run 'a {seed}; $(rm)' 42"]);
});

it('has them in its environment too', () => {
  assert.equal(environmentOf(ORDER), { RUN_DIR: '/logs/run', RUN_SEED: '42', RUN_TEST: 'a {seed}; $(rm)' });
});
