import type { Role } from '@raftlens/events';
import type { Configuration, ServerId } from '../configuration.ts';
import type { Snapshot } from '../durable-state.ts';
import { createEntry } from '../entry.ts';
import { ContractError } from '../errors.ts';
import { RaftLog } from '../log.ts';
import type { ServerOptions } from '../options.ts';
import type { PeerStatus, ProgressState } from '../progress.ts';
import { problemOfConfiguration } from '../rules/membership.ts';
import { type IncomingSnapshot, needsSnapshot } from '../rules/snapshot.ts';

/** What a leader knows of a peer (figure 2, volatile state on leaders). */
export interface Peer {
  /** nextIndex */
  next: number;
  /** matchIndex */
  match: number;
  /** The byte of the snapshot that the peer wants next. */
  offset: number;
  /** The id of the newest request that is under way to it, 0 when none is. */
  underWay: number;
  /** The id of the newest request sent to it, and of the newest when `match` rose last. */
  sent: number;
  sentAtMatch: number;
  /** The commit index that the peer must know once it has taken all that was sent to it. */
  toldCommit: number;
  /** Refusals that were answered at once since the last heartbeat. */
  retries: number;
  /** When it answered last, on the host's clock; null where it has not in this term. */
  heardMs: number | null;
  /** It has lost entries that it had acknowledged: it gets heartbeats alone, and counts for nothing. */
  lost: boolean;
}

/** All state of one server (figure 2, "State"). The lock guards every field of it. */
export interface LockedState {
  // Persistent state.
  term: number;
  vote: ServerId | null;
  log: RaftLog;
  snapshot: Snapshot | null;

  // Volatile state.
  role: Role;
  leader: ServerId | null;
  commit: number;
  /** The last entry that was handed to the service. */
  applied: number;
  /** A snapshot that the service has to be restored from. */
  restore: Snapshot | null;
  incoming: IncomingSnapshot | null;
  electionDueMs: number;

  // Volatile state on candidates.
  votes: Map<ServerId, boolean>;

  // Volatile state on leaders.
  peers: Map<ServerId, Peer>;
  uncommittedBytes: number;
}

/** What is known of a peer, as the state machine tells it. It replicates once it has acknowledged all that went before nextIndex. */
export function statusOfPeer({ log, snapshot }: LockedState, id: ServerId, peer: Peer): PeerStatus {
  const { match, next, heardMs, offset } = peer;
  const needs = needsSnapshot(log, next) ? snapshot : null;
  return {
    id,
    match,
    next,
    state: stateOfPeer(peer, needs !== null),
    heardMs,
    snapshot: needs === null ? null : { index: needs.index, offset, bytes: needs.data.length },
  };
}

function stateOfPeer({ match, next, lost }: Peer, needsIt: boolean): ProgressState {
  if (lost) return 'lost';
  if (needsIt) return 'snapshot';
  return next === match + 1 && match > 0 ? 'replicate' : 'probe';
}

/** What a server of this structure says of itself. */
export interface LockedStatus {
  readonly id: ServerId;
  readonly term: number;
  readonly role: Role;
  readonly leader: ServerId | null;
  readonly vote: ServerId | null;
  readonly commit: number;
  readonly applied: number;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
  /** What a leader knows of the other members; empty on everybody else. */
  readonly peers: readonly PeerStatus[];
}

/** The methods of `RaftLog` that change it, for the race detector. */
export const LOG_MUTATORS = ['append', 'truncateFrom', 'compactTo', 'reset'] as const;

/** @throws ContractError `BAD_DURABLE_STATE` when the disk gives back a log with gaps or with terms that fall. */
export function stateFrom({ id, durable }: ServerOptions): LockedState {
  const { term, vote, snapshot, entries } = durable;
  const log = new RaftLog();
  const start = snapshot?.index ?? 0;
  log.reset(start, snapshot?.term ?? 0);
  for (const entry of entries) {
    if (entry.index !== log.lastIndex + 1 || entry.term < log.lastTerm || entry.term > term) {
      throw new ContractError(
        'BAD_DURABLE_STATE',
        `${id}: entry ${entry.index} of term ${entry.term} cannot follow entry ${log.lastIndex} of term ${log.lastTerm} in currentTerm ${term}: repair or wipe this disk`,
      );
    }
    log.append([createEntry(entry.index, entry.term, entry.kind, entry.command)]);
  }
  const own = snapshot === null ? null : Object.freeze({ ...snapshot });
  return {
    term,
    vote,
    log,
    snapshot: own,
    role: 'follower',
    leader: null,
    commit: start,
    applied: start,
    // The service starts from the snapshot, too.
    restore: own,
    incoming: null,
    electionDueMs: 0,
    votes: new Map(),
    peers: new Map(),
    uncommittedBytes: 0,
  };
}

/** Structure B has the voters that it starts with and no learners: membership changes are structure A's. */
export function checkConfiguration({ id, configuration, durable }: ServerOptions): Configuration {
  const known = durable.snapshot?.configuration ?? configuration;
  const problem = problemOfConfiguration(known);
  if (problem !== null) throw new ContractError('BAD_CONFIGURATION', `${id}: ${problem}`);
  if (known.outgoing.length > 0 || known.learners.length > 0 || !known.voters.includes(id)) {
    throw new ContractError(
      'BAD_OPTIONS',
      `${id}: the structure of many tasks needs a plain set of voters with ${id} among them: take StateMachine for other memberships`,
    );
  }
  return known;
}

/** An option that would do nothing is refused: these features are structure A's. */
export function checkFeatures({ id, config }: ServerOptions): void {
  const { preVote, checkQuorum, leaseReads, forwardProposals } = config;
  const wanted = Object.entries({ preVote, checkQuorum, leaseReads, forwardProposals }).flatMap(([name, on]) => (on ? [name] : []));
  if (wanted.length > 0) {
    throw new ContractError(
      'BAD_OPTIONS',
      `${id}: the structure of many tasks has no ${wanted.join(', ')}: switch them off or take StateMachine`,
    );
  }
}
