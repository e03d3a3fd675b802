import { describeConfig, isQuorum } from '../model/quorum.ts';
import type { ReadModel, ServerModel } from '../model/server-model.ts';
import type { Step } from '../model/step.ts';
import { at, type Broken, broken, HELD, type RuleRow, unknown, type Verdict } from './rule.ts';

/** ReadIndex and reads in general (8; thesis 6.4). */
export const READS = {
  'read-index': {
    title: 'ReadIndex',
    section: '8; thesis 6.4',
    about: 'reads',
    text: 'A leader serves a read only after it has committed an entry of its term and a majority has answered a heartbeat sent after the read came in.',
    kind: 'step',
    checks: [
      at('ReadStart', { reads: ['term', 'role', 'commit', 'log'], judge: starts }),
      at('sends ReadIndexReply', { reads: ['term', 'members', 'acknowledgements', 'reads', 'kinds'], judge: answers }),
      at('ReadReady', { reads: ['applied', 'reads'], judge: waitsForApply }),
      at('ReadReady', {
        reads: ['term', 'role', 'members', 'acknowledgements', 'reads', 'kinds'],
        counts: false,
        judge: isGivenAnIndex,
      }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function starts({ server, event }: Step): Verdict {
  const { ctx, index } = event;
  if (ctx === undefined || index === undefined) return null;
  const wrong: Broken[] = [];
  if (server.role !== 'leader')
    wrong.push(broken([server.roleSeq], `${server.id} gives out a read index as ${server.role}`, 'to ask the leader'));
  const committed = server.log.termAt(server.commit);
  if (committed >= 0 && committed !== server.term)
    wrong.push(
      broken(
        [server.roleSeq, server.commitSeq],
        `${server.id} leads term ${server.term} and gives out a read index although its last committed entry is of term ${committed}`,
        'to commit an entry of its own term first',
      ),
    );
  if (index < server.commit)
    wrong.push(
      broken(
        [server.commitSeq],
        `${server.id} gives out read index ${index}, but its commitIndex is ${server.commit}`,
        `index ${server.commit}`,
      ),
    );
  return wrong.length === 0 ? HELD : wrong;
}

/** The leader's answer to a follower, which then waits for the index to be applied. */
function answers({ server, event }: Step): Verdict {
  if (event.success !== true || event.ctx === undefined) return null;
  const read = server.reads.get(event.ctx);
  if (read === undefined || read.term !== server.term) return null;
  return event.lease === true ? keepsItsLease(server, read) : (notConfirmed({ server, event }, read) ?? HELD);
}

function waitsForApply({ server, event }: Step): Verdict {
  const { ctx, index } = event;
  if (ctx === undefined || index === undefined) return null;
  // The line's own state counts: a restored snapshot is applied without a line of its own.
  const applied = event.applied ?? server.applied;
  if (applied < 0 || index <= applied) return HELD;
  return broken(
    [server.reads.get(ctx)?.seq ?? 0, server.appliedSeq],
    `${server.id} serves a read at index ${index}, but has applied only ${applied}`,
    `to wait until index ${index} is applied`,
  );
}

function isGivenAnIndex({ server, event }: Step): Verdict {
  const { ctx, index } = event;
  if (ctx === undefined || index === undefined) return null;
  const read = server.reads.get(ctx);
  if (read !== undefined) {
    if (event.lease === true && read.round >= 0 && read.term === server.term) return keepsItsLease(server, read);
    const isJudged = read.round >= 0 && event.lease !== true && read.term === server.term;
    return isJudged ? notConfirmed({ server, event }, read) : null;
  }
  if (!server.writesReceives) return unknown(`${server.id} does not tell what it received`);
  return broken(
    [server.roleSeq],
    `${server.id} serves the read ${ctx} as ${server.role}, for which no leader has given it a read index`,
    'to ask the leader for a read index, or to refuse',
  );
}

/** Whoever was told to stand wins in spite of the lease: voters listen to it though they hear from the leader (thesis 3.10, 6.4.1). */
function keepsItsLease({ id, term }: ServerModel, { handoverSeq, seq }: ReadModel): Verdict {
  if (handoverSeq === 0) return HELD;
  return broken(
    [handoverSeq, seq],
    `${id} serves a read by its lease of term ${term}, which it began after it had told another to stand: that one may lead by now`,
    'a round of heartbeats for every read from TimeoutNow on',
  );
}

/** A majority has answered a heartbeat that was sent after the read came in: nobody else led in between. Null where that is so. */
function notConfirmed({ server, event }: Pick<Step, 'server' | 'event'>, read: ReadModel): Broken | null {
  const { config, leadership } = server;
  if (config === null || leadership === null) return null;
  if (leadership.roundSent === 0 && !isQuorum(config, (voter) => voter === server.id)) {
    const isTold = event.dir === undefined && server.writesReceives;
    return isTold ? unconfirmed(server, read, 'no round of heartbeats was sent at all') : null;
  }
  const answered = (voter: string): boolean => voter === server.id || leadership.of(voter).round > read.round;
  // The majority that has answered may be one of a configuration before this one: when a read is confirmed no line tells.
  if (isQuorum(config, answered) || config.seq > read.seq) return null;
  return unconfirmed(server, read, `no majority of ${describeConfig(config)} has answered a heartbeat sent since`);
}

function unconfirmed({ id }: ServerModel, read: ReadModel, why: string): Broken {
  return broken([read.seq], `${id} serves a read without knowing that it still leads: ${why}`, 'to wait for a round of heartbeats');
}
