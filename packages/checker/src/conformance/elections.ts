import type { Event, Role } from '@raftlens/events';
import type { Ballots } from '../model/ballots.ts';
import { describeConfig, isQuorum, isVoter } from '../model/quorum.ts';
import type { ConfigModel, ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/** Followers rule 2, Candidates rules 1 and 2, and the roles' transitions of figure 4 (figure 2; 5.2). */
export class ElectionRules {
  private readonly followers2: Rule;
  private readonly candidates1: Rule;
  private readonly candidates2: Rule;
  private readonly preVote: Rule;
  private readonly transfer: Rule;
  private readonly membership: Rule;
  private readonly persistent: Rule;

  constructor(book: Rulebook) {
    this.followers2 = book.rule('followers-2');
    this.candidates1 = book.rule('candidates-1');
    this.candidates2 = book.rule('candidates-2');
    this.preVote = book.rule('pre-vote');
    this.transfer = book.rule('transfer');
    this.membership = book.rule('membership');
    this.persistent = book.rule('persistent-vote');
  }

  /** The server becomes a candidate: of the term `fromTerm` + 1, out of the role `from`. */
  stands(server: ServerModel, event: Event, from: Role, fromTerm: number, config: ConfigModel | null): void {
    this.candidates1.checked++;
    if (from === 'leader' && server.restartsAreTold) {
      this.candidates1.broken(
        event,
        [server.roleSeq],
        `${server.id} led term ${fromTerm} and stands for election`,
        'to lead on, or to become a follower',
      );
    }
    this.raisesTermByOne(server, event, fromTerm);
    if (event.vote !== undefined && event.vote !== server.id) {
      this.candidates1.broken(event, [], `${server.id} stands with votedFor ${event.vote ?? 'null'}`, 'a vote for itself');
    }
    this.mayStand(server, event, config);
    if (from === 'precandidate') this.hasPreVotes(server, event, config);
    else this.hasCause(server, event, 'stands');
  }

  private raisesTermByOne(server: ServerModel, event: Event, fromTerm: number): void {
    const { term } = event;
    if (term === undefined || fromTerm < 0 || term === fromTerm + 1) return;
    if (term > fromTerm && !server.facts.writesStates) {
      this.candidates1.skip(`${server.id} does not tell each term that it enters`);
      return;
    }
    this.candidates1.broken(event, [server.termSeq], `${server.id} stands in term ${term} out of term ${fromTerm}`, `term ${fromTerm + 1}`);
  }

  /** The server asks for pre-votes. */
  asks(server: ServerModel, event: Event, config: ConfigModel | null): void {
    this.mayStand(server, event, config);
    this.hasCause(server, event, 'starts a pre-vote');
  }

  /**
   * Until C_new is committed the server that it leaves out may be needed: nobody else may hold the entry (thesis 4.2.2). It stands and does
   * not count its own vote.
   */
  private mayStand(server: ServerModel, event: Event, config: ConfigModel | null): void {
    if (config === null) return;
    if (isVoter(config, server.id)) {
      this.membership.checked++;
      return;
    }
    const commit = event.commit ?? server.commit;
    if (config.index > 0 && commit < 0) {
      this.membership.skip(`it is not told what ${server.id} knows to be committed`);
      return;
    }
    if (config.index === 0 && config.seq === server.bootSeq && server.log.last > commit) {
      this.membership.skip(`it is not told whether the configuration that ${server.id} starts with is committed`);
      return;
    }
    this.membership.checked++;
    const before = server.configBefore;
    if (config.index > commit && (before === null || isVoter(before, server.id))) return;
    const what = config.learners.includes(server.id) ? 'is a learner' : 'is no member';
    this.membership.broken(
      event,
      [config.seq],
      `${server.id} ${what} of ${describeConfig(config)} and stands for election`,
      'to stay a follower',
    );
  }

  /** An election starts because a timer ran out, or because the leader says so (thesis 3.10). */
  private hasCause(server: ServerModel, event: Event, does: string): void {
    if (server.timeoutSeq !== 0 || server.transferSeq !== 0) {
      this.followers2.checked++;
      if (server.transferSeq !== 0) this.transfer.checked++;
      return;
    }
    if (server.staleTransferSeq !== 0) {
      this.transfer.checked++;
      this.transfer.broken(
        event,
        [server.termSeq, server.staleTransferSeq],
        `${server.id} ${does} because of a TimeoutNow of another term than its own`,
        'to ignore it',
      );
      return;
    }
    // Who tells of no AppendEntries need not tell of a TimeoutNow either.
    if (!server.writesTimeouts || !server.writesReceives || !server.facts.writesAppends) {
      this.followers2.skip(`${server.id} does not tell when its timers run out, or not of every message that it takes in`);
      return;
    }
    this.followers2.checked++;
    this.followers2.broken(
      event,
      [server.roleSeq],
      `${server.id} ${does} although no election timer has run out since it last did`,
      'to wait for the timer',
    );
  }

  private hasPreVotes(server: ServerModel, event: Event, config: ConfigModel | null): void {
    // TimeoutNow needs no pre-vote: the leader has already said that it may stand.
    if (server.transferSeq !== 0) return;
    if (config === null || !server.facts.writesPreVoteReplies || !server.termIsWhole) {
      this.preVote.skip(`the configuration of ${server.id}, or what it receives, is not told`);
      return;
    }
    this.preVote.checked++;
    if (this.wins(server, server.preBallots, config)) return;
    this.preVote.broken(
      event,
      server.preBallots.seqs,
      `${server.id} stands with pre-votes of ${names(server.preBallots)} and itself, no majority of ${describeConfig(config)}`,
      'to go on asking, or to become a follower',
    );
  }

  private wins(server: ServerModel, ballots: Ballots, config: ConfigModel): boolean {
    return isQuorum(config, (voter) => voter === server.id || ballots.voters.includes(voter));
  }

  /** The server becomes the leader of `server.term`, out of the role `from`. */
  wonElection(server: ServerModel, event: Event, from: Role, config: ConfigModel | null): void {
    // Where lines tell steps alone, one that is missing is no proof that the step was not taken.
    if (from !== 'candidate' && !(server.facts.writesCandidacies && server.facts.writesStates)) {
      this.candidates2.skip('no line tells that a server became a candidate');
      return;
    }
    if (from !== 'candidate') {
      this.candidates2.checked++;
      this.candidates2.broken(
        event,
        [server.roleSeq],
        `${server.id} becomes leader out of the role ${from}`,
        'to stand as a candidate first',
      );
      return;
    }
    if (config === null || !server.facts.writesVoteReplies || !server.termIsWhole) {
      this.candidates2.skip(`the configuration of ${server.id}, or what it receives, is not told`);
      return;
    }
    this.candidates2.checked++;
    if (!this.wins(server, server.ballots, config)) {
      this.candidates2.broken(
        event,
        [server.termSeq, ...server.ballots.seqs],
        `${server.id} becomes leader of term ${server.term} with votes of ${names(server.ballots)} and itself, no majority of ${describeConfig(config)}`,
        'to wait for more votes of this term',
      );
      return;
    }
    this.ownVoteIsDurable(server, event, config);
  }

  /** Its own vote counts only once it would survive a crash: else the server could vote again in the term that it led. */
  private ownVoteIsDurable(server: ServerModel, event: Event, config: ConfigModel): void {
    const { durable } = server;
    if (!durable.told) return;
    this.persistent.checked++;
    if (durable.holdsVote(server.term, server.id)) return;
    if (isQuorum(config, (voter) => voter !== server.id && server.ballots.voters.includes(voter))) return;
    this.persistent.broken(
      event,
      [server.voteSeq, durable.seq, ...server.ballots.seqs],
      `${server.id} counts its own vote of term ${server.term} while its disk holds term ${durable.term} and vote ${durable.vote ?? 'null'}`,
      'to lead once its own vote is durable',
    );
  }
}

function names(ballots: Ballots): string {
  return ballots.voters.length === 0 ? 'nobody' : ballots.voters.join(', ');
}
