import { describeConfig, isQuorum } from '../model/quorum.ts';
import type { ReadModel, ServerModel } from '../model/server-model.ts';
import type { Step } from '../model/step.ts';
import { at, type Broken, broken, HELD, type RuleRow, type Verdict } from './rule.ts';

/** ReadIndex and reads in general (8; thesis 6.4). */
export const READS = {
  'read-index': {
    title: 'ReadIndex',
    section: '8; thesis 6.4',
    about: 'reads',
    text: 'A leader serves a read only after it has committed an entry of its term and a majority has answered a heartbeat sent after the read came in.',
    kind: 'step',
    checks: [
      at('ReadStart', { needs: ['role'], reads: ['term', 'commit', 'log'], judge: starts }),
      at('sends ReadIndexReply', {
        governs: isAnswer,
        needs: ['members', 'acknowledgements'],
        reads: ['term', 'begun reads', 'kinds'],
        judge: answers,
      }),
      at('ReadReady', { reads: ['applied', 'begun reads'], judge: waitsForApply }),
      at('ReadReady', {
        governs: isConfirmedHere,
        needs: ['members', 'acknowledgements'],
        reads: ['term', 'begun reads', 'kinds'],
        counts: false,
        judge: isConfirmed,
      }),
      at('ReadReady', { governs: isUnbegun, needs: ['begun reads'], reads: ['role'], counts: false, judge: isGivenAnIndex }),
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
  if (committed >= 0 && server.term >= 0 && committed !== server.term)
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
function isAnswer({ server, event: { success, ctx } }: Step): boolean {
  return success === true && ctx !== undefined && server.reads.get(ctx)?.term === server.term;
}

function answers(step: Step): Verdict {
  const { server, event } = step;
  const read = server.reads.get(event.ctx ?? '');
  if (read === undefined) return null;
  return event.lease === true ? keepsItsLease(server, read) : (notConfirmed(step, read) ?? HELD);
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

/** A leader serves a read that it has begun itself. */
function isConfirmedHere({ server, event: { ctx, index } }: Step): boolean {
  if (ctx === undefined || index === undefined) return false;
  const read = server.reads.get(ctx);
  return read !== undefined && read.round >= 0 && read.term === server.term;
}

function isConfirmed(step: Step): Verdict {
  const { server, event } = step;
  const read = server.reads.get(event.ctx ?? '');
  if (read === undefined) return null;
  return event.lease === true ? keepsItsLease(server, read) : notConfirmed(step, read);
}

function isUnbegun({ server, event: { ctx, index } }: Step): boolean {
  return ctx !== undefined && index !== undefined && !server.reads.has(ctx);
}

function isGivenAnIndex({ server, event: { ctx } }: Step): Verdict {
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
  const answered = (voter: string): boolean => {
    const { round, repliedSeq } = leadership.of(voter);
    // Where no round was sent, each answer that came after the read may be one to a heartbeat that was sent after it.
    return voter === server.id || round > read.round || (leadership.roundSent === 0 && repliedSeq > read.seq);
  };
  if (isQuorum(config, answered)) return null;
  if (leadership.roundSent === 0) {
    const isTold = event.dir === undefined && server.tells('sends');
    return isTold ? unconfirmed(server, read, 'no round of heartbeats was sent at all') : null;
  }
  // The majority that has answered may be one of a configuration before this one: when a read is confirmed no line tells.
  if (config.seq > read.seq) return null;
  return unconfirmed(server, read, `no majority of ${describeConfig(config)} has answered a heartbeat sent since`);
}

function unconfirmed({ id }: ServerModel, read: ReadModel, why: string): Broken {
  return broken([read.seq], `${id} serves a read without knowing that it still leads: ${why}`, 'to wait for a round of heartbeats');
}
