import type { Ballots } from '../model/ballots.ts';
import { describeConfig, isQuorum, isVoter } from '../model/quorum.ts';
import type { ConfigModel, ServerModel } from '../model/server-model.ts';
import type { RoleStep, Step } from '../model/step.ts';
import { hasMajority } from './observed/elections.ts';
import { at, type Broken, broken, HELD, type RuleRow, seen, unknown, unknownInPart, type Verdict } from './rule.ts';

/** Followers rule 2, Candidates rules 1 and 2, and the roles' transitions of figure 4 (figure 2; 5.2). */
export const ELECTIONS = {
  'candidates-1': {
    title: 'Candidates rule 1',
    section: 'figure 2, Rules for Servers; 5.2',
    about: 'elections',
    text: 'To start an election a server that is no leader raises its term by one and votes for itself.',
    kind: 'step',
    checks: [at('role', { governs: stands, reads: ['term', 'role', 'kinds', 'restarts'], judge: startsElection })],
  },
  'candidates-2': {
    title: 'Candidates rule 2',
    section: 'figure 2, Rules for Servers; 5.2',
    about: 'elections',
    text: 'A candidate leads once voters of a majority have each granted it their vote in its own term.',
    kind: 'step',
    checks: [
      at('role', { governs: leadsUnelected, needs: ['role', 'candidacies'], judge: stoodBefore }),
      at('role', { governs: winsByVotes, needs: ['members', 'received votes'], reads: ['term', 'history', 'kinds'], judge: winsElection }),
    ],
    observed: [seen('leads', hasMajority)],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

export const CAUSES = {
  'followers-2': {
    title: 'Followers rule 2',
    section: 'figure 2, Rules for Servers; 5.2',
    about: 'elections',
    text: 'A follower stands when the election timeout has passed without AppendEntries of the current leader and without granting a vote, and not before.',
    kind: 'step',
    checks: [
      at('BecomePreCandidate', { governs: hasCause, reads: ['timeouts'], judge: () => HELD }),
      at('BecomePreCandidate', {
        governs: hasNoCause,
        needs: ['timeouts'],
        reads: ['role'],
        judge: (step) => standsWithoutCause(step, 'starts a pre-vote'),
      }),
      at('role', { governs: (step) => isTimedStand(step) && hasCause(step), reads: ['timeouts'], judge: () => HELD }),
      at('role', {
        governs: (step) => isTimedStand(step) && hasNoCause(step),
        needs: ['timeouts'],
        reads: ['role'],
        judge: (step) => standsWithoutCause(step, 'stands'),
      }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** The server becomes a candidate: of the term `from` + 1. */
function stands({ toRole }: RoleStep): boolean {
  return toRole === 'candidate';
}

function startsElection({ server, event, from, fromRole }: RoleStep): Verdict {
  const { term } = event;
  const wrong: Broken[] = [];
  const stepsDownUnsaid = !server.restartsAreTold || !(server.facts.writesFollowers || server.facts.writesStates);
  if (fromRole === 'leader' && server.roleKnown && !stepsDownUnsaid)
    wrong.push(broken([server.roleSeq], `${server.id} led term ${from} and stands for election`, 'to lead on, or to become a follower'));
  if (term !== undefined && from >= 0 && term !== from + 1 && (term <= from || server.facts.writesStates))
    wrong.push(broken([server.termSeq], `${server.id} stands in term ${term} out of term ${from}`, `term ${from + 1}`));
  if (event.vote !== undefined && event.vote !== server.id)
    wrong.push(broken([], `${server.id} stands with votedFor ${event.vote ?? 'null'}`, 'a vote for itself'));
  if (wrong.length > 0) return wrong;
  const isLeap = term !== undefined && from >= 0 && term > from + 1;
  return isLeap ? unknownInPart(`${server.id} does not tell each term that it enters`) : HELD;
}

/** Whether the server stands without a pre-vote before, which would have had the cause. */
export function isTimedStand({ fromRole, toRole }: RoleStep): boolean {
  return toRole === 'candidate' && fromRole !== 'precandidate';
}

/** An election starts because a timer ran out, or because the leader says so (thesis 3.10). */
function hasCause({ server }: Step): boolean {
  return server.timeoutSeq !== 0 || server.transferSeq !== 0;
}

/** Where a TimeoutNow of another term is all there is, the rule of leadership transfer is broken. */
function hasNoCause(step: Step): boolean {
  return !hasCause(step) && step.server.staleTransferSeq === 0;
}

function standsWithoutCause({ server }: Step, does: string): Verdict {
  return broken([server.roleSeq], `${server.id} ${does} although no election timer has run out since it last did`, 'to wait for the timer');
}

/** The majority of pre-votes lets the server stand (thesis 9.6). */
export function standsByPreVotes({ server, fromRole, toRole }: RoleStep): boolean {
  // TimeoutNow needs no pre-vote: the leader has already said that it may stand.
  return toRole === 'candidate' && fromRole === 'precandidate' && server.transferSeq === 0;
}

export function standsWithPreVotes({ server, config }: RoleStep): Verdict {
  if (config === null) return null;
  if (wins(server, server.preBallots, config)) return HELD;
  return broken(
    server.preBallots.seqs,
    `${server.id} stands with pre-votes of ${names(server.preBallots)} and itself, no majority of ${describeConfig(config)}`,
    'to go on asking, or to become a follower',
  );
}

/** A candidate asks every voter: one that it leaves out is none by its own configuration, whose change no line may tell. */
function hasAskedAll(server: ServerModel, { voters, outgoing }: ConfigModel): boolean {
  const { asked, ballots, id } = server;
  return (
    server.facts.isNumbered ||
    !server.tells('sends') ||
    [...voters, ...outgoing].every((voter) => voter === id || asked.includes(voter) || ballots.voters.includes(voter))
  );
}

function wins({ id }: ServerModel, ballots: Ballots, config: ConfigModel): boolean {
  return isQuorum(config, (voter) => voter === id || ballots.voters.includes(voter));
}

/** The server becomes the leader of `server.term`, and was no candidate. */
function leadsUnelected({ from, fromRole, toRole }: RoleStep): boolean {
  return toRole === 'leader' && fromRole !== 'candidate' && from >= 0;
}

/** Where lines tell steps alone, one that is missing is no proof that the step was not taken. */
function stoodBefore({ server, fromRole }: RoleStep): Verdict {
  return broken([server.roleSeq], `${server.id} becomes leader out of the role ${fromRole}`, 'to stand as a candidate first');
}

export function winsByVotes({ fromRole, toRole }: RoleStep): boolean {
  return toRole === 'leader' && fromRole === 'candidate';
}

function winsElection({ server, config }: RoleStep): Verdict {
  if (config === null) return null;
  if (wins(server, server.ballots, config)) return HELD;
  if (!hasAskedAll(server, config))
    return unknown(`${server.id} has not asked all servers that it is known to count: it may go by another configuration`);
  return broken(
    [server.termSeq, ...server.ballots.seqs],
    `${server.id} becomes leader of term ${server.term} with votes of ${names(server.ballots)} and itself, no majority of ${describeConfig(config)}`,
    'to wait for more votes of this term',
  );
}

/** Its own vote counts only once it would survive a crash: else the server could vote again in the term that it led. */
export function countsOwnDurableVote({ server, config }: RoleStep): Verdict {
  const { durable } = server;
  if (config === null || !wins(server, server.ballots, config)) return null;
  if (durable.holdsVote(server.term, server.id)) return HELD;
  if (isQuorum(config, (voter) => voter !== server.id && server.ballots.voters.includes(voter))) return HELD;
  return broken(
    [server.voteSeq, durable.seq, ...server.ballots.seqs],
    `${server.id} counts its own vote of term ${server.term} while its disk holds term ${durable.term} and vote ${durable.vote ?? 'null'}`,
    'to lead once its own vote is durable',
  );
}

/**
 * Until C_new is committed the server that it leaves out may be needed: nobody else may hold the entry (thesis 4.2.2). It stands and does
 * not count its own vote.
 */
export function mayStand({ server, event, config }: Step): Verdict {
  if (config === null) return null;
  if (isVoter(config, server.id)) return HELD;
  const commit = event.commit ?? server.commit;
  if (config.index > 0 && commit < 0) return unknown(`it is not told what ${server.id} knows to be committed`);
  if (config.index === 0 && config.seq === server.bootSeq && server.log.last > commit)
    return unknown(`it is not told whether the configuration that ${server.id} starts with is committed`);
  const before = server.configBefore;
  if (config.index > commit && (before === null || isVoter(before, server.id))) return HELD;
  const what = config.learners.includes(server.id) ? 'is a learner' : 'is no member';
  return broken([config.seq], `${server.id} ${what} of ${describeConfig(config)} and stands for election`, 'to stay a follower');
}

function names(ballots: Ballots): string {
  return ballots.voters.length === 0 ? 'nobody' : ballots.voters.join(', ');
}
