import type { Role } from '@raftlens/events';
import type { EntryRecord } from './entry-record.ts';
import { ServerLog } from './server-log.ts';

/** What a server's disk is known to hold (figure 2, "Persistent state"). */
export class DurableModel {
  /** False until the server has told of a Persist: then nothing is known of its disk. */
  told = false;
  term = 0;
  vote: string | null = null;
  last = 0;
  lastTerm = 0;
  /** The record at `last`: the durable log is the path to it. Null where it is empty or not known. */
  tip: EntryRecord | null = null;
  seq = 0;
}

/** The voters and learners that a server goes by. */
export interface ConfigModel {
  readonly voters: readonly string[];
  /** The old half of a joint configuration, empty else. */
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
}

/** A server as its events tell of it: the state of figure 2, and the line that each part of it comes from. */
export class ServerModel {
  readonly id: string;
  boot = 0;
  bootSeq = 0;
  up = false;
  /** -1 until a line has told it. */
  term = -1;
  termSeq = 0;
  role: Role = 'follower';
  roleSeq = 0;
  vote: string | null = null;
  voteSeq = 0;
  commit = 0;
  commitSeq = 0;
  applied = 0;
  appliedSeq = 0;
  readonly log = new ServerLog();
  /** The line that last changed the log. */
  logSeq = 0;
  readonly durable = new DurableModel();
  config: ConfigModel | null = null;

  constructor(id: string) {
    this.id = id;
  }
}
