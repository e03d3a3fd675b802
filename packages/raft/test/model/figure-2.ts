/**
 * Figure 2 (and figure 13 as far as it goes beyond it) word by word, for one server, as slow and plain as it can be: whole logs, no
 * compaction, no batching, no flow control, no time. It shares nothing with src but the names of the servers. It says what term, vote, role,
 * log and commit index must be after each input, and what a request must be answered.
 */
export interface ModelEntry {
  readonly term: number;
  readonly command: string;
}

/** "All servers" and the two receivers need no more of a message than this. */
export interface VoteQuestion {
  readonly term: number;
  readonly candidate: string;
  readonly lastLogIndex: number;
  readonly lastLogTerm: number;
}

export interface AppendQuestion {
  readonly term: number;
  readonly prevLogIndex: number;
  readonly prevLogTerm: number;
  readonly entries: readonly ModelEntry[];
  readonly leaderCommit: number;
}

export type AppendAnswer = { readonly success: false } | { readonly success: true; readonly match: number };

export class Figure2 {
  readonly id: string;
  readonly servers: readonly string[];
  // Persistent state.
  currentTerm = 0;
  votedFor: string | null = null;
  /** log[0] is entry 1. */
  log: ModelEntry[] = [];
  // Volatile state.
  role: 'follower' | 'candidate' | 'leader' = 'follower';
  commitIndex = 0;
  /** The log is on the disk up to here. */
  durable = 0;
  votes = new Set<string>();
  matchIndex = new Map<string, number>();

  constructor(id: string, servers: readonly string[]) {
    this.id = id;
    this.servers = servers;
  }

  termAt(index: number): number {
    return index === 0 ? 0 : (this.log[index - 1]?.term ?? -1);
  }

  /** After a crash: what the disk holds, and what a snapshot there says is committed. */
  restart(term: number, vote: string | null, log: readonly ModelEntry[], commitIndex: number): void {
    this.currentTerm = term;
    this.votedFor = vote;
    this.log = [...log];
    this.role = 'follower';
    this.commitIndex = commitIndex;
    this.durable = log.length;
    this.votes = new Set();
  }

  /** A write that ended with this entry has reached the disk. */
  written(index: number, term: number): void {
    if (this.termAt(index) === term && index > this.durable) {
      this.durable = index;
    }
    this.#advanceCommit();
  }

  electionTimeout(): void {
    if (this.role !== 'leader') {
      this.currentTerm += 1;
      this.votedFor = this.id;
      this.role = 'candidate';
      this.votes = new Set();
    }
  }

  /** Term and vote have reached the disk: a candidate's own vote counts from now on. */
  stateWritten(term: number): void {
    if (this.role === 'candidate' && term === this.currentTerm) {
      this.votes.add(this.id);
      this.#countVotes();
    }
  }

  propose(command: string): boolean {
    if (this.role === 'leader') {
      this.log.push({ term: this.currentTerm, command });
    }
    return this.role === 'leader';
  }

  requestVote({ term, candidate, lastLogIndex, lastLogTerm }: VoteQuestion): boolean {
    this.#sawTerm(term);
    const myLastTerm = this.termAt(this.log.length);
    const upToDate = lastLogTerm > myLastTerm || (lastLogTerm === myLastTerm && lastLogIndex >= this.log.length);
    const free = this.votedFor === null || this.votedFor === candidate;
    if (term < this.currentTerm || !free || !upToDate) {
      return false;
    }
    this.votedFor = candidate;
    return true;
  }

  voteReply(term: number, voter: string, granted: boolean): void {
    this.#sawTerm(term);
    if (term === this.currentTerm && this.role === 'candidate' && granted) {
      this.votes.add(voter);
      this.#countVotes();
    }
  }

  #countVotes(): void {
    if (2 * this.votes.size > this.servers.length) {
      this.role = 'leader';
      this.matchIndex = new Map(this.servers.map((id) => [id, 0]));
    }
  }

  appendEntries({ term, prevLogIndex, prevLogTerm, entries, leaderCommit }: AppendQuestion): AppendAnswer {
    this.#sawTerm(term);
    if (term < this.currentTerm) {
      return { success: false };
    }
    this.role = 'follower';
    if (this.termAt(prevLogIndex) !== prevLogTerm) {
      return { success: false };
    }
    entries.forEach((entry, position) => {
      const index = prevLogIndex + position + 1;
      if (index <= this.log.length && this.termAt(index) !== entry.term) {
        this.log = this.log.slice(0, index - 1);
        this.durable = Math.min(this.durable, index - 1);
      }
      if (index > this.log.length) {
        this.log.push(entry);
      }
    });
    const lastNew = prevLogIndex + entries.length;
    if (leaderCommit > this.commitIndex) {
      this.commitIndex = Math.max(this.commitIndex, Math.min(leaderCommit, lastNew));
    }
    return { success: true, match: lastNew };
  }

  appendReply(term: number, follower: string, success: boolean, match: number): void {
    this.#sawTerm(term);
    if (term === this.currentTerm && this.role === 'leader' && success) {
      this.matchIndex.set(follower, Math.max(match, this.matchIndex.get(follower) ?? 0));
      this.#advanceCommit();
    }
  }

  /** Figure 13 with a snapshot that came whole; `prefix` is the log that it stands for. */
  installSnapshot(term: number, prefix: readonly ModelEntry[]): void {
    this.#sawTerm(term);
    if (term < this.currentTerm) {
      return;
    }
    this.role = 'follower';
    const index = prefix.length;
    if (this.termAt(index) !== prefix.at(-1)?.term) {
      this.log = [...prefix];
      this.durable = Math.min(this.durable, index - 1);
    }
    this.commitIndex = Math.max(this.commitIndex, index);
  }

  /** Any other message: only its term counts. */
  #sawTerm(term: number): void {
    if (term > this.currentTerm) {
      this.currentTerm = term;
      this.votedFor = null;
      this.role = 'follower';
    }
  }

  /** "If there exists an N such that N > commitIndex, a majority of matchIndex[i] >= N, and log[N].term == currentTerm". */
  #advanceCommit(): void {
    if (this.role !== 'leader') {
      return;
    }
    for (let n = this.commitIndex + 1; n <= this.log.length; n++) {
      const holders = this.servers.filter((id) => (id === this.id ? this.durable : (this.matchIndex.get(id) ?? 0)) >= n);
      if (2 * holders.length > this.servers.length && this.termAt(n) === this.currentTerm) {
        this.commitIndex = n;
      }
    }
  }

  /** A message of a leader that is not one of the above, or a chunk that is not the last. */
  heardTerm(term: number): void {
    this.#sawTerm(term);
    if (term === this.currentTerm && this.role === 'candidate') {
      this.role = 'follower';
    }
  }

  /** A reply whose content does not matter to figure 2. */
  sawReply(term: number): void {
    this.#sawTerm(term);
  }
}
