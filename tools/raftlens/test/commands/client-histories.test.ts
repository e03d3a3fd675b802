import { openText } from '@raftlens/log-store';
import { assert, suite } from '@raftlens/testing';
import { checkStore } from '../../src/check/log-check.ts';

const it = suite("Clients' histories");

async function judged(...lines: readonly string[]): Promise<string> {
  const log = openText(lines.map((line) => `${line}\n`).join(''), { name: 'history' });
  await log.done;
  const verdict = checkStore(log).historyVerdict();
  log.close();
  return verdict === null ? 'none' : `${verdict.verdict}: ${verdict.summary}`;
}

const own = (seq: number, op: string, client: string, f: string, value?: string): string =>
  JSON.stringify({ seq, time: seq, node: client, boot: 1, op, client, opid: 1, f, key: 'r', ...(value === undefined ? {} : { value }) });

it('hold a compare-and-set that was refused against the register', async () => {
  const refused = (reason: string): Promise<string> =>
    judged(
      own(1, 'Invoke', 'C1', 'write', '1'),
      own(2, 'Ok', 'C1', 'write', '1'),
      own(3, 'Invoke', 'C2', 'cas', '1 2'),
      own(4, 'Fail', 'C2', 'cas', reason),
    );
  assert.is(await refused('1 2'), 'illegal: not linearizable: no order of the operations on r explains that C2 got cas r "1 2" -> refused');
  assert.is(await refused('not leader'), 'legal: 2 operations of clients on a register service: linearizable');
});

it('tell what the keys begin with, where they read a value that nobody wrote', async () => {
  const read = (seq: number, client: string, value: string): string[] => [
    own(seq, 'Invoke', client, 'read'),
    own(seq + 1, 'Ok', client, 'read', value),
  ];
  assert.is(
    await judged(...read(1, 'C1', '0'), own(3, 'Invoke', 'C2', 'write', '5'), ...read(4, 'C3', '0')),
    'legal: 3 operations of clients on a register service whose keys begin with 0: linearizable',
  );
});

it('accuse nobody where the log does not hold the call of what ended', async () => {
  const cut = [own(7, 'Ok', 'C1', 'write', '4'), own(8, 'Invoke', 'C2', 'read'), own(9, 'Ok', 'C2', 'read', '4')];
  assert.is(
    await judged(...cut),
    'unknown: 1 operation of clients, not judged: the history is not whole: the calls of 1 operation are not in it',
  );
});

it('judge nothing where operations stand on several lines, which are not read', async () => {
  assert.is(
    await judged(
      '[{:process 1, :type :invoke, :f :write, :value 3}',
      ' {:process 1, :type :ok, :f :write, :value 3}',
      ' {:process 2, :type :invoke, :f :read, :value nil}',
      ' {:process 2,',
      '  :type :ok, :f :read, :value 9}]',
    ),
    'unknown: 2 operations of clients, not judged: the history is not whole: ' +
      '2 lines of it could not be read (an operation has to stand on one line)',
  );
});
