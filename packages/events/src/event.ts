import type { Opcode } from './opcode.ts';

/** The role of a server. A learner is a follower that the configuration gives no vote. */
export type Role = 'follower' | 'precandidate' | 'candidate' | 'leader';

/** What the network did with a message: it left its sender, it reached its receiver, or it was lost. */
export type Direction = 'send' | 'recv' | 'drop';

/** A log entry as events tell of it: the term it was created in and a digest of its command, enough to rebuild logs. */
export interface EntryDigest {
  readonly term: number;
  /** Eight lower-case hexadecimal digits: see `digestOf`. */
  readonly hash: string;
}

/**
 * The state of a server AFTER the event (paper, figure 2, "State"). Every line that a server writes carries it; lines of
 * the harness, of clients and of the network do not.
 */
export interface ServerState {
  readonly term: number;
  readonly role: Role;
  /** votedFor: the candidate that has this server's vote in `term`, or null. */
  readonly vote: string | null;
  /** commitIndex */
  readonly commit: number;
  /** lastApplied */
  readonly applied: number;
  /** The index of the last entry of the log, 0 when it is empty. */
  readonly last: number;
  /** The term of that entry, 0 when the log is empty. */
  readonly lastTerm: number;
}

/**
 * One event. It is flat, like its line: the keys of the header, then the state of the server, then the opcode's own
 * fields, whose names, types and meaning the opcode table gives (`OPCODES`).
 *
 * Everything but the header is optional in the type, because events come from logs of any implementation: a reader has to
 * say what it does where a field is absent. `level` and `msg` of the line are derived from the rest and are not kept.
 */
export interface Event extends Partial<ServerState> {
  /** The order of writing, from 1, in each file. 0 until a sink has given the number. */
  seq: number;
  /** Milliseconds: virtual in the simulator, which stamps its true time over a server's own, since the epoch in a real process. */
  time: number;
  /** Who speaks: a server ("S1"), a client ("C1") or the harness ("TEST"). */
  readonly node: string;
  /** The incarnation of the server: 1, raised at each restart. */
  readonly boot: number;
  readonly op: Opcode;

  // Messages only.
  readonly dir?: Direction;
  /** Sender and receiver; for a local event both are the node. */
  readonly src: string;
  readonly dst: string;
  /** Pairs a send with its receive, and by `re` a reply with its request. Unique in a run. */
  readonly id?: number;
  readonly re?: number;
  /** The term that the message carries. `term` is the term of the server that writes the line. */
  readonly msgTerm?: number;

  // RequestVote and PreVote, and their replies.
  readonly lastLogIndex?: number;
  readonly lastLogTerm?: number;
  /** The candidate stands because the leader told it to, so that it may be voted for in spite of a live leader. */
  readonly transfer?: boolean;
  readonly granted?: boolean;

  // AppendEntries and its reply.
  /** prevLogIndex */
  readonly prev?: number;
  /** prevLogTerm */
  readonly prevTerm?: number;
  /** A number of entries, or of removed entries. */
  readonly n?: number;
  /** The entries from `prev + 1` on (or from `index` on), in order. */
  readonly entries?: readonly EntryDigest[];
  readonly leaderCommit?: number;
  /** The heartbeat round that ReadIndex and leases count acknowledgements of. */
  readonly round?: number;
  readonly success?: boolean;
  /** matchIndex: the last index up to which the follower's log is known to equal the leader's. */
  readonly match?: number;
  readonly conflictIndex?: number;
  readonly conflictTerm?: number;

  // InstallSnapshot and its reply.
  readonly lastIncludedIndex?: number;
  readonly lastIncludedTerm?: number;
  /** The byte at which this chunk starts; in a reply the byte that is wanted next. */
  readonly offset?: number;
  readonly bytes?: number;
  readonly done?: boolean;

  // Reads.
  /** Names one read request. */
  readonly ctx?: string;
  readonly lease?: boolean;

  // A server's own steps.
  readonly index?: number;
  readonly entryTerm?: number;
  readonly indexTerm?: number;
  readonly from?: number;
  readonly hash?: string;
  /** The start of the command as text, for eyes. */
  readonly cmd?: string;
  readonly timer?: string;
  readonly leader?: string | null;
  readonly why?: string;
  readonly for?: string;
  readonly what?: string;
  readonly durableTerm?: number;
  readonly durableVote?: string | null;
  readonly durableLast?: number;
  readonly durableLastTerm?: number;
  readonly snapshotIndex?: number;
  readonly snapshotTerm?: number;
  /** The server's timers: each election timeout is drawn from [electionMinMs, electionMaxMs). */
  readonly electionMinMs?: number;
  readonly electionMaxMs?: number;
  readonly heartbeatMs?: number;
  /** A configuration. `outgoing` is the old half of a joint one. */
  readonly voters?: readonly string[];
  readonly outgoing?: readonly string[];
  readonly learners?: readonly string[];
  readonly phase?: string;
  readonly peer?: string;
  readonly next?: number;
  readonly state?: string;
  readonly target?: string;

  // Locks and tasks.
  readonly lock?: string;
  readonly task?: string;

  // Clients: a history of operations for the linearizability checker.
  readonly client?: string;
  readonly opid?: number;
  /** The kind of the operation: get, put, append, cas ... */
  readonly f?: string;
  readonly key?: string;
  readonly value?: string | null;

  // The harness.
  readonly name?: string;
  readonly seed?: string;
  /** How many messages the servers may send: "idle=60,election=30". */
  readonly budget?: string;
  readonly outcome?: string;
  readonly point?: string;
  readonly groups?: string;
  readonly kind?: string;
  readonly detail?: string;
  readonly rule?: string;
  readonly section?: string;
  /** The `seq`s of the lines that prove a violation, in order. */
  readonly evidence?: readonly number[];

  /** Keys that the format does not know, kept so that no reader loses them. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Called at each trace point of a server, client or harness. */
export type EventSink = (event: Event) => void;
