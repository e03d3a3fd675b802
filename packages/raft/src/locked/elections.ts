import type { VoteRequest } from '../message.ts';
import { tallyVotes } from '../quorum.ts';
import { isStale } from '../rules/term.ts';
import { traceTimeout } from '../trace.ts';
import type { Context } from './context.ts';
import { persist } from './persisting.ts';
import { runHeartbeats } from './replication.ts';
import { adoptTerm, advanceLeaderCommit, appendOwn, becomeCandidate, becomeLeader } from './steps.ts';

/** The ticker: one task for the life of the server, which starts an election when the timer has run out (figure 2, followers; 5.2). */
export async function runTicker(context: Context, task: string): Promise<void> {
  const { state, host } = context;
  for (;;) {
    context.nextRound();
    const waitMs = await context.locked(task, async () => {
      if (state.role !== 'leader' && host.now() >= state.electionDueMs) await startElection(context, task, 'election');
      // Nobody can need an election sooner than a whole timeout after it stopped to lead.
      return state.role === 'leader' ? context.config.electionTimeoutMinMs : state.electionDueMs - host.now();
    });
    await context.sleep(Math.max(1, Math.ceil(waitMs)));
  }
}

/** The host wants an election now, as if the timer had run out. Returns whether there is one: a leader starts none. */
export async function campaignNow(context: Context, task: string): Promise<boolean> {
  if (context.state.role === 'leader') return false;
  await startElection(context, task, 'host');
  return true;
}

/** Figure 2, candidates (5.2): a task for each peer asks for its vote. */
async function startElection(context: Context, task: string, timer: 'election' | 'host'): Promise<void> {
  traceTimeout(context.traced, timer);
  becomeCandidate(context);
  await persist(context);
  if (tallyVotes(context.configuration, context.state.votes) === 'won') return lead(context, task);
  const { term, log } = context.state;
  for (const to of context.others) {
    // The arguments are those of this election, whatever has become of it when the task runs.
    const request = context.sends<VoteRequest>({
      kind: 'RequestVote',
      id: context.nextMessageId(),
      re: 0,
      from: context.id,
      to,
      term,
      lastLogIndex: log.lastIndex,
      lastLogTerm: log.lastTerm,
      transfer: false,
    });
    context.spawn(`vote of ${to}`, (own) => askForVote(context, own, request));
  }
}

/** Asks one peer, without the lock, and counts its answer, with it. */
async function askForVote(context: Context, task: string, request: VoteRequest): Promise<void> {
  const reply = await context.call(request);
  if (reply === null || reply.kind !== 'RequestVoteReply') return;
  await context.locked(task, async () => {
    const { state } = context;
    context.receives(reply);
    adoptTerm(context, reply.term);
    await persist(context);
    // While the reply was under way the server may have lost this election, won it, or stood in another one.
    if (state.role !== 'candidate' || state.term !== request.term || isStale(reply.term, state.term)) return;
    state.votes.set(reply.from, reply.granted);
    if (tallyVotes(context.configuration, state.votes) === 'won') await lead(context, task);
  });
}

async function lead(context: Context, task: string): Promise<void> {
  becomeLeader(context);
  // An empty entry of the own term commits those of older terms at once (8).
  if (context.config.noopOnElection) appendOwn(context, 'noop', '');
  await persist(context);
  advanceLeaderCommit(context, task);
  const { term } = context.state;
  context.spawn('heartbeats', (own) => runHeartbeats(context, own, term));
}
