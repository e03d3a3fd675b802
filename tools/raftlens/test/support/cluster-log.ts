import { assembleEvent, type Event, type EventFields, encodeLine, type ServerState } from '@raftlens/events';
import { type LogStore, openText } from '@raftlens/log-store';

/** The fields of an event that a test chooses; the rest is filled in. */
type Fields = Partial<Omit<EventFields, 'seq' | 'op'>>;

/** Writes the log of a small cluster line by line, so that a test's log reads as its story. */
export class ClusterLog {
  readonly #lines: string[] = [];
  readonly #states = new Map<string, ServerState>();
  #timeMs = 0;
  #id = 0;

  constructor(...servers: string[]) {
    for (const server of servers) {
      this.#states.set(server, { term: 0, role: 'follower', vote: null, commit: 0, applied: 0, last: 0, lastTerm: 0 });
      this.step(server, 'Boot', { snapshotIndex: 0, snapshotTerm: 0, voters: servers });
    }
  }

  /** A line that no format knows. */
  raw(line: string): this {
    this.#lines.push(line);
    return this;
  }

  /** A step of a server: `state` is what changes in it. */
  step(node: string, op: Event['op'], fields: Fields = {}, state: Partial<ServerState> = {}): this {
    const known = this.#states.get(node);
    const server = known === undefined ? undefined : { ...known, ...state };
    if (server !== undefined) this.#states.set(node, server);
    this.#timeMs += 0.5;
    const seq = this.#lines.length + 1;
    const header = { seq, time: this.#timeMs, node, boot: server === undefined ? 0 : 1, op, src: node, dst: node };
    this.#lines.push(encodeLine(assembleEvent({ ...header, ...(fields.dir === 'drop' ? {} : server), ...fields })));
    return this;
  }

  /** A message that arrives. Returns its id. */
  message(op: Event['op'], src: string, dst: string, fields: Fields): number {
    const id = this.send(op, src, dst, fields);
    this.step(dst, op, { dir: 'recv', src, dst, id, ...fields });
    return id;
  }

  /** A message that is lost. */
  lost(op: Event['op'], src: string, dst: string, fields: Fields): void {
    const id = this.send(op, src, dst, fields);
    this.step(src, op, { dir: 'drop', src, dst, id, ...fields });
  }

  send(op: Event['op'], src: string, dst: string, fields: Fields): number {
    this.#id += 1;
    this.step(src, op, { dir: 'send', src, dst, id: this.#id, ...fields });
    return this.#id;
  }

  heartbeats(leader: string, rounds: number, term: number): this {
    const followers = [...this.#states.keys()].filter((server) => server !== leader);
    for (let round = 0; round < rounds; round += 1) {
      for (const follower of followers) {
        const id = this.message('AppendEntries', leader, follower, { msgTerm: term, prev: 0, prevTerm: 0, n: 0, leaderCommit: 0 });
        this.message('AppendEntriesReply', follower, leader, { re: id, msgTerm: term, success: true, match: 0 });
      }
    }
    return this;
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  open(name = 'run/events.ndjson'): LogStore {
    return openText(this.text, { name });
  }
}

/**
 * Three servers: S1 wins term 1, two rounds of heartbeats, one entry that all of them have and commit, a lost message, a crash; and at
 * the end S3 applies another command than the one that was committed.
 */
export function storyLog(): ClusterLog {
  const log = new ClusterLog('S1', 'S2', 'S3');
  log.step('TEST', 'TestBegin', { name: 'story', seed: '7' });
  log.step('S1', 'Timeout', { timer: 'election' });
  log.step('S1', 'BecomeCandidate', {}, { term: 1, role: 'candidate', vote: 'S1' });
  for (const voter of ['S2', 'S3']) {
    const id = log.message('RequestVote', 'S1', voter, { msgTerm: 1, lastLogIndex: 0, lastLogTerm: 0 });
    log.step(voter, 'BecomeFollower', { why: 'higher term' }, { term: 1 });
    log.step(voter, 'Vote', { for: 'S1' }, { vote: 'S1' });
    log.message('RequestVoteReply', voter, 'S1', { re: id, msgTerm: 1, granted: true });
    if (voter === 'S2') log.step('S1', 'BecomeLeader', { voters: ['S1', 'S2', 'S3'] }, { role: 'leader' });
  }
  log.heartbeats('S1', 2, 1);
  replicate(log);
  log.lost('AppendEntries', 'S1', 'S3', { msgTerm: 1, prev: 1, prevTerm: 1, n: 0, leaderCommit: 1 });
  log.step('TEST', 'Crash', { target: 'S2' });
  log.message('AppendEntries', 'S1', 'S3', { msgTerm: 1, prev: 1, prevTerm: 1, n: 0, leaderCommit: 1 });
  log.step('S3', 'Commit', { index: 1, from: 0 }, { commit: 1 });
  log.step('S3', 'Apply', { index: 1, entryTerm: 1, hash: 'deadbeef' }, { applied: 1 });
  log.step('TEST', 'TestEnd', { name: 'story', outcome: 'fail', why: 'S3 applied another command' });
  return log;
}

function replicate(log: ClusterLog): void {
  const entries = [{ term: 1, hash: '9f86d081' }];
  const appended = { last: 1, lastTerm: 1 };
  log.step('S1', 'Start', { index: 1, hash: '9f86d081', cmd: 'put x 1' });
  log.step('S1', 'Append', { index: 1, n: 1, entries }, appended);
  for (const follower of ['S2', 'S3']) {
    const id = log.message('AppendEntries', 'S1', follower, { msgTerm: 1, prev: 0, prevTerm: 0, n: 1, leaderCommit: 0, entries });
    log.step(follower, 'Append', { index: 1, n: 1, entries }, appended);
    log.message('AppendEntriesReply', follower, 'S1', { re: id, msgTerm: 1, success: true, match: 1 });
    if (follower === 'S2') log.step('S1', 'Commit', { index: 1, from: 0 }, { commit: 1 });
  }
  log.step('S1', 'Apply', { index: 1, entryTerm: 1, hash: '9f86d081' }, { applied: 1 });
}

/** A server and two clients: C1 puts x and is told so, C2 reads x afterwards and gets what was there before. No rule of figure 2 is broken. */
export function staleReadLog(): ClusterLog {
  const log = new ClusterLog('S1');
  const operation = (client: string, opid: number, f: string, value: string | null, answer: string) => {
    const called = { client, opid, f, key: 'x' };
    log.step(client, 'Invoke', { ...called, ...(value === null ? {} : { value }) });
    log.step(client, 'Ok', { ...called, value: answer });
  };
  operation('C1', 1, 'put', '1', '');
  operation('C2', 1, 'get', null, '1');
  operation('C1', 2, 'put', '2', '');
  operation('C2', 2, 'get', null, '1');
  return log;
}
