import { openText } from '@raftlens/log-store';
import { assert, suite } from '@raftlens/testing';
import { checkLog } from '../../src/check/log-check.ts';
import { converted } from '../../src/convert/convert.ts';
import { HEALTHY, HEALTHY_EVENTS } from './healthy.ts';

const foreign = suite("A trace of etcd's raft, held against figure 2");

interface Message {
  readonly type: string;
  readonly from: string;
  readonly to: string;
}

let timeSeconds = 1_700_000_000;

/** One line of the trace. etcd notes a vote after it has sent it, so that the line of the reply has the vote from before. */
function line(name: string, nid: string, term: number, vote: string, role: string, message?: Message): string {
  timeSeconds += 0.01;
  const msg =
    message === undefined
      ? {}
      : { msg: { ...message, term: 2, entries: 0, logTerm: 0, index: 0, commit: 0, vote: '0', reject: false, rejectHint: 0 } };
  const event = { name, nid, state: { term, vote, commit: 0 }, role: `State${role}`, log: 0, conf: [['1', '2', '3'], []], ...msg };
  return JSON.stringify({ level: 'debug', ts: timeSeconds, msg: 'trace', tag: 'trace', event });
}

/** The candidate asks 2 for its vote of term 2 and gets it. */
function election(candidate: string, voteBefore: string): string[] {
  const ask = { type: 'MsgVote', from: candidate, to: '2' };
  const grant = { type: 'MsgVoteResp', from: '2', to: candidate };
  return [
    line('BecomeCandidate', candidate, 2, candidate, 'Candidate'),
    line('SendRequestVoteRequest', candidate, 2, candidate, 'Candidate', ask),
    line('ReceiveRequestVoteRequest', '2', voteBefore === '0' ? 1 : 2, voteBefore, 'Follower', ask),
    ...(voteBefore === '0' ? [line('BecomeFollower', '2', 2, '0', 'Follower')] : []),
    line('SendRequestVoteResponse', '2', 2, voteBefore, 'Follower', grant),
    line('ReceiveRequestVoteResponse', candidate, 2, candidate, 'Candidate', grant),
  ];
}

const start = ['1', '2', '3'].map((nid) => line('BecomeFollower', nid, 1, '0', 'Follower'));

async function violationsOf(text: string, format: string): Promise<readonly string[]> {
  const log = openText(text);
  await log.done;
  assert.is(log.files[0]?.format, format);
  assert.is(log.unmatched, 0);
  return checkLog(log).violations.map(({ rule, node }) => `${node}: ${rule}`);
}

const violations = (lines: readonly string[]) => violationsOf(`${lines.join('\n')}\n`, 'etcd-trace');

foreign('has no violation where a vote is given once', async () => {
  assert.equal(await violations([...start, ...election('1', '0')]), []);
});

foreign('shows a second vote in one term', async () => {
  const found = await violations([...start, ...election('1', '0'), ...election('3', '1')]);
  assert.match(found[0] ?? 'nothing', /^S2: .*[Vv]ote/);
});

const converting = suite('A log that is right, written in another format');

for (const format of ['native', 'lab', 'shiviz', 'etcd-trace', 'etcd-zap', 'hclog', 'pino'] as const) {
  converting(`is right as ${format}: what a format cannot tell is not wrong`, async () => {
    const log = openText(HEALTHY);
    await log.done;
    const text = [...converted(log, HEALTHY_EVENTS.keys(), format)].join('');
    assert.equal(await violationsOf(text, format), []);
  });
}
