import { assert, suite } from '@raftlens/testing';
import { readBudget } from '../../src/index.ts';
import { check } from '../transcript.ts';

const it = suite('Message budget');

function heartbeats(count: number, everyMs: number, fromMs = 1000): string {
  let text = '';
  for (let n = 0; n < count; n += 1) text += `@${fromMs + n * everyMs}\n S1->S2 AppendEntries prev=0 prevTerm=0 leaderCommit=0\n`;
  return text;
}

const LEADS = 'S1 Timeout timer=election\n S1 BecomeCandidate\n S1 BecomeLeader\n';
const found = (text: string, budget = 'idle=10') =>
  check(text, { budget: readBudget(budget) ?? {} }).violations.filter(({ rule }) => rule === 'Message budget');

it('an idle cluster sends no more than it may in a second', () => {
  assert.equal(found(LEADS + heartbeats(50, 100)), []);
  const [first] = found(LEADS + heartbeats(50, 50));
  assert.is(first?.why, '11 requests were sent within 500 ms of an idle cluster');
  assert.is(first?.evidence.length, 2);
});

it('a cluster with work to do is not idle', () => {
  const busy = Array.from({ length: 10 }, (_, n) => `${heartbeats(9, 10, 1000 + n * 100)} S1 Start index=${n + 1} hash=aa\n`).join('');
  assert.equal(found(LEADS + busy), []);
});

it('the first election takes no more than it may', () => {
  const asks = (count: number) => `S1 BecomeCandidate\n ${'S1->S2 RequestVote lastLogIndex=0 lastLogTerm=0\n'.repeat(count)}`;
  assert.equal(found(`${asks(5)} S1 BecomeLeader\n ${heartbeats(50, 1)}`, 'election=5'), []);
  assert.is(found(`${asks(6)} S1 BecomeLeader`, 'election=5')[0]?.why, '6 requests were sent, and there is no leader yet');
});

it('the test may give the budget, and the user another one', () => {
  const log = `TEST TestBegin name=test budget=idle=10\n ${LEADS} ${heartbeats(50, 50)}`;
  assert.is(check(log).first?.rule, 'Message budget');
  assert.equal(found(log, 'idle=30'), []);
  assert.match(
    check('TEST TestBegin name=test budget=many')
      .unchecked.map(({ reason }) => reason)
      .join(),
    'a budget that is none: many',
  );
});

it('without a budget nothing is judged', () => {
  const report = check(LEADS + heartbeats(500, 1));
  assert.not.ok(report.violations.some(({ rule }) => rule === 'Message budget'));
  assert.ok(report.notExercised.includes('Message budget'));
});

it('reads budgets, and what is none', () => {
  assert.equal(readBudget('idle=60, election=30'), { idle: 60, election: 30 });
  for (const text of ['', 'idle', 'idle=0', 'idle=-1', 'idle=1.5', 'busy=3', 'idle=60,', 'idle=9999999999'])
    assert.is(readBudget(text), null, text);
});
