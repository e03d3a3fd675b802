import { assert, suite } from '@raftlens/testing';
import { NO_TERMINAL, onTerminal } from './support/terminal.ts';
import { tool } from './support/tool.ts';

const it = suite('the offer to look at a failure');

const ALTERNATE_SCREEN = '\u001b[?1049h';

it('opens raftlens at the violation when the answer is yes', { skip: NO_TERMINAL, timeoutMs: 60_000 }, async () => {
  const { folder, logs } = tool();
  const terminal = onTerminal(folder, { RAFTLENS_LOGS: logs }, 'sim', '--bug', 'C1');
  await terminal.untilShown('Open it in raftlens? [y/N]');
  terminal.type('y\r');
  await terminal.untilShown(ALTERNATE_SCREEN);
  await terminal.untilShown('1 violation');
  terminal.type('\u0003');
  assert.is(await terminal.exitCode, 1, 'the exit code is that of the session');
});

it('leaves it at any other answer', { skip: NO_TERMINAL, timeoutMs: 60_000 }, async () => {
  const { folder, logs } = tool();
  const terminal = onTerminal(folder, { RAFTLENS_LOGS: logs }, 'sim', '--bug', 'C1');
  await terminal.untilShown('Open it in raftlens? [y/N]');
  terminal.type('\r');
  assert.is(await terminal.exitCode, 1);
  assert.not.ok(terminal.shown().includes(ALTERNATE_SCREEN));
});

it('is not made where nobody can answer, where there is no log, nor with --no-open', { skip: NO_TERMINAL, timeoutMs: 60_000 }, async () => {
  const t = tool();
  assert.not.match((await t.run('sim', '--bug', 'C1')).stdout, /Open it/);
  for (const words of [
    ['sim', '--bug', 'C1', '--no-open'],
    ['--', 'false'],
  ]) {
    const terminal = onTerminal(t.folder, { RAFTLENS_LOGS: t.logs }, ...words);
    assert.is(await terminal.exitCode, 1);
    assert.not.match(terminal.shown(), /Open it/);
  }
});
