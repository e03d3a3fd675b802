import { assert, suite } from '@raftlens/testing';
import { namesOnlyPaths } from '../src/commands/plain-call.ts';

const plainCall = suite('plain call');

plainCall('names paths and nothing else', () => {
  for (const argv of [[], ['run/events.ndjson'], ['S1.log', 'S2.log'], ['logs/latest'], ['./check']])
    assert.ok(namesOnlyPaths(argv), argv.join(' '));
});

plainCall('leaves commands, mistyped ones, options and standard input to the parser', () => {
  for (const argv of [['check'], ['chek', 'a.log'], ['a.log', '--fresh'], ['-h'], ['-'], ['a.log', '-']])
    assert.not(namesOnlyPaths(argv), argv.join(' '));
});
