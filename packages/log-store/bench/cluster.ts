import { assembleEvent, digestOf, type Event, type EventFields } from '@raftlens/events';

interface Server {
  readonly id: string;
  readonly hashes: string[];
  readonly terms: number[];
  term: number;
  role: 'follower' | 'candidate' | 'leader';
  vote: string | null;
  commit: number;
  applied: number;
}

type Fields = Partial<EventFields>;

const SERVERS = 5;
const MAJORITY = 3;

/**
 * A cluster of five servers that does nothing but write events which hold to figure 2: commands, heartbeats, lost messages,
 * and now and then an election. It is a source of logs for benchmarks, not a simulation: everything happens in rounds.
 */
export class Cluster {
  readonly #emit: (event: Event) => void;
  readonly #servers: Server[];
  readonly #random: () => number;
  #leader: Server;
  #seq = 0;
  #id = 0;
  /** Since the epoch, as a real process has it. */
  #timeMs = 1_700_000_000_000;

  constructor(emit: (event: Event) => void, seed: number) {
    this.#emit = emit;
    this.#random = generator(seed);
    this.#servers = Array.from({ length: SERVERS }, (_, i) => newServer(`S${i + 1}`));
    const [first] = this.#servers;
    if (first === undefined) throw new Error('a cluster without servers');
    this.#leader = first;
    const voters = this.#servers.map(({ id }) => id);
    for (const server of this.#servers) this.#step(server, 'Boot', { snapshotIndex: 0, snapshotTerm: 0, voters });
    this.#elect(first);
  }

  /** One round: mostly a command, sometimes a heartbeat, rarely an election. */
  round(): void {
    const draw = this.#random();
    this.#timeMs += 1 + this.#random() * 4;
    if (draw < 0.001) this.#elect(this.#pick());
    else if (draw < 0.35) this.#replicate(0);
    else this.#command();
  }

  #command(): void {
    const leader = this.#leader;
    const index = leader.hashes.length + 1;
    const cmd = `put k${Math.floor(this.#random() * 1000)} v${index}`;
    const hash = digestOf(cmd);
    this.#step(leader, 'Start', { index, hash, cmd });
    this.#append(leader, index, leader.term, hash);
    this.#replicate(1);
  }

  /** Sends the last `n` entries to every follower and takes the replies. */
  #replicate(n: number): void {
    const leader = this.#leader;
    let acknowledged = 1;
    const last = leader.hashes.length;
    for (const follower of this.#others(leader)) {
      // A follower that missed a message gets everything from where its log ends.
      const prev = n === 0 ? follower.hashes.length : Math.min(last - n, follower.hashes.length);
      const count = n === 0 ? 0 : last - prev;
      if (this.#sendEntries(leader, follower, prev, count)) acknowledged++;
      if (acknowledged === MAJORITY && n > 0) this.#commit(leader, last);
    }
  }

  #sendEntries(leader: Server, follower: Server, prev: number, n: number): boolean {
    const entries = Array.from({ length: n }, (_, i) => ({ term: leader.terms[prev + i] ?? 0, hash: leader.hashes[prev + i] ?? '' }));
    const message: Fields = {
      src: leader.id,
      dst: follower.id,
      id: ++this.#id,
      msgTerm: leader.term,
      prev,
      prevTerm: leader.terms[prev - 1] ?? 0,
      n,
      leaderCommit: leader.commit,
      ...(n > 0 ? { entries } : {}),
    };
    const request = this.#id;
    if (!this.#deliver(leader, follower, 'AppendEntries', message)) return false;
    if (follower.term < leader.term) this.#adoptTerm(follower, leader.term);
    entries.forEach(({ term, hash }, i) => this.#append(follower, prev + i + 1, term, hash));
    this.#commit(follower, Math.min(leader.commit, prev + n));
    const reply: Fields = {
      src: follower.id,
      dst: leader.id,
      id: ++this.#id,
      re: request,
      msgTerm: follower.term,
      success: true,
      match: prev + n,
    };
    return this.#deliver(follower, leader, 'AppendEntriesReply', reply);
  }

  /** The send, and its receive or its loss: one in two hundred. */
  #deliver(from: Server, to: Server, op: Event['op'], fields: Fields): boolean {
    this.#step(from, op, { ...fields, dir: 'send' });
    this.#timeMs += this.#random() * 0.4;
    if (this.#random() < 0.005) {
      this.#write({ node: from.id, boot: 1, op, ...fields, dir: 'drop' });
      return false;
    }
    this.#step(to, op, { ...fields, dir: 'recv' });
    return true;
  }

  #elect(candidate: Server): void {
    if (candidate.role === 'leader') return;
    // Only one whose log is up to date with every other is elected, so that nothing is ever truncated here (5.4.1).
    if (this.#servers.some((server) => server.hashes.length > candidate.hashes.length)) return;
    if (this.#servers.some((server) => server.term > candidate.term)) return;
    this.#step(candidate, 'Timeout', { timer: 'election' });
    candidate.term++;
    candidate.role = 'candidate';
    candidate.vote = candidate.id;
    this.#step(candidate, 'BecomeCandidate', {});
    this.#persist(candidate, 'vote');
    const votes = this.#others(candidate).filter((server) => this.#askForVote(candidate, server)).length + 1;
    if (votes < MAJORITY) {
      // Too many messages were lost: the election times out, and the next one follows.
      this.#elect(candidate);
      return;
    }
    candidate.role = 'leader';
    this.#leader = candidate;
    this.#step(candidate, 'BecomeLeader', {});
    this.#replicate(0);
  }

  #askForVote(candidate: Server, server: Server): boolean {
    const last = candidate.hashes.length;
    const request: Fields = {
      src: candidate.id,
      dst: server.id,
      id: ++this.#id,
      msgTerm: candidate.term,
      lastLogIndex: last,
      lastLogTerm: candidate.terms[last - 1] ?? 0,
    };
    const id = this.#id;
    if (!this.#deliver(candidate, server, 'RequestVote', request)) return false;
    this.#adoptTerm(server, candidate.term);
    server.vote = candidate.id;
    this.#step(server, 'Vote', { for: candidate.id });
    this.#persist(server, 'vote');
    const reply: Fields = { src: server.id, dst: candidate.id, id: ++this.#id, re: id, msgTerm: server.term, granted: true };
    return this.#deliver(server, candidate, 'RequestVoteReply', reply);
  }

  #adoptTerm(server: Server, term: number): void {
    server.term = term;
    server.vote = null;
    server.role = 'follower';
    this.#step(server, 'BecomeFollower', { why: 'a higher term' });
    this.#persist(server, 'term');
  }

  #append(server: Server, index: number, term: number, hash: string): void {
    if (index <= server.hashes.length) return;
    server.hashes.push(hash);
    server.terms.push(term);
    this.#step(server, 'Append', { index, n: 1, entries: [{ term, hash }] });
    this.#persist(server, 'log');
  }

  #commit(server: Server, index: number): void {
    // Figure 8: a leader commits by counting only entries of its own term.
    if (index <= server.commit || (server.role === 'leader' && server.terms[index - 1] !== server.term)) return;
    const from = server.commit;
    server.commit = index;
    this.#step(server, 'Commit', { index, from });
    while (server.applied < server.commit) {
      server.applied++;
      const entry = { entryTerm: server.terms[server.applied - 1] ?? 0, hash: server.hashes[server.applied - 1] ?? '' };
      this.#step(server, 'Apply', { index: server.applied, ...entry });
    }
  }

  #persist(server: Server, what: string): void {
    const last = server.hashes.length;
    const durable = { durableTerm: server.term, durableVote: server.vote, durableLast: last, durableLastTerm: server.terms[last - 1] ?? 0 };
    this.#step(server, 'Persist', { what, ...durable });
  }

  #step(server: Server, op: Event['op'], fields: Fields): void {
    const { id, term, role, vote, commit, applied, hashes, terms } = server;
    const state = { term, role, vote, commit, applied, last: hashes.length, lastTerm: terms[hashes.length - 1] ?? 0 };
    this.#write({ node: id, boot: 1, op, ...state, ...fields });
  }

  #write(fields: Fields & Pick<Event, 'node' | 'boot' | 'op'>): void {
    this.#timeMs += 0.01;
    const line = { src: fields.node, dst: fields.node, ...fields, seq: ++this.#seq, time: Math.round(this.#timeMs * 1000) / 1000 };
    this.#emit(assembleEvent(line));
  }

  #others(server: Server): Server[] {
    return this.#servers.filter((other) => other !== server);
  }

  #pick(): Server {
    return this.#servers[Math.floor(this.#random() * SERVERS)] ?? this.#leader;
  }
}

function newServer(id: string): Server {
  return { id, hashes: [], terms: [], term: 0, role: 'follower', vote: null, commit: 0, applied: 0 };
}

/** A linear congruential generator (Numerical Recipes): the same seed gives the same log on every machine. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
