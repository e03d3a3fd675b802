import { assert, suite } from '@raftlens/testing';
import { suggest, unknownName } from '../src/index.ts';

const it = suite('suggest');
const SCENARIOS = ['initial-election', 're-election', 'basic-agreement', 'figure-8', 'figure-8-unreliable'];

it('finds the name that was meant', () => {
  assert.is(suggest('figure8', SCENARIOS), 'figure-8');
  assert.is(suggest('Figure-9', SCENARIOS), 'figure-8');
  assert.is(suggest('basic', SCENARIOS), 'basic-agreement');
  assert.is(suggest('setp', ['help', 'step']), 'step');
  assert.is(suggest('colr', ['debug', 'colour']), 'colour');
});

it('finds nothing where nothing is near', () => {
  assert.is(suggest('partition', SCENARIOS), undefined);
  assert.is(suggest('', SCENARIOS), undefined);
  assert.is(suggest('xy', ['ab']), undefined);
  assert.is(suggest('x', []), undefined);
});

it('says what is known in the error', () => {
  const error = unknownName('scenario', 'figure-9', SCENARIOS);
  assert.is(error.code, 'UNKNOWN_SCENARIO');
  assert.is(error.message, `unknown scenario "figure-9". Did you mean "figure-8"? Known: ${SCENARIOS.join(', ')}.`);
});
