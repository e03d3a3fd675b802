/**
 * How fast the checker takes events: given as objects, as in the simulator, and decoded from lines, as from a file. The log is one of a
 * healthy cluster of five servers that replicates commands, written here by hand so that the bench needs no other package. CPU time,
 * median of 9 after a warm-up. Prints a Markdown table.
 */
import { cpus } from 'node:os';
import {
  assembleEvent,
  type DecodedLine,
  decodeBytes,
  decodeLine,
  digestOf,
  type Event,
  type EventFields,
  encodeLine,
} from '@raftlens/events';
import { Checker } from '../src/index.ts';

const PEERS = ['S2', 'S3', 'S4', 'S5'];
const VOTERS = ['S1', ...PEERS];

interface State {
  term: number;
  role: 'follower' | 'candidate' | 'leader';
  vote: string | null;
  commit: number;
  applied: number;
  last: number;
  lastTerm: number;
}

/** The events of one election and of `commands` commands, each replicated to all, committed and applied; a snapshot every 1000. */
function healthyLog(commands: number): Event[] {
  const events: Event[] = [];
  const states = new Map<string, State>();
  let id = 0;
  const stateOf = (node: string): State => {
    const known = states.get(node);
    if (known !== undefined) return known;
    const state: State = { term: 0, role: 'follower', vote: null, commit: 0, applied: 0, last: 0, lastTerm: 0 };
    states.set(node, state);
    return state;
  };
  const tell = (node: string, op: Event['op'], fields: Partial<EventFields>, change: Partial<State> = {}): void => {
    Object.assign(stateOf(node), change);
    const header = { seq: events.length + 1, time: events.length / 10, node, boot: 1, op, src: node, dst: node };
    events.push(assembleEvent({ ...header, ...stateOf(node), ...fields }));
  };
  /** Sends and receives; gives the id. */
  const carry = (src: string, dst: string, op: Event['op'], fields: Partial<EventFields>): number => {
    id += 1;
    const message = { src, dst, id, msgTerm: 1, ...fields };
    tell(src, op, { ...message, dir: 'send' });
    tell(dst, op, { ...message, dir: 'recv' });
    return id;
  };
  const persist = (node: string, what: string): void => {
    const { term, vote, last, lastTerm } = stateOf(node);
    tell(node, 'Persist', { what, durableTerm: term, durableVote: vote, durableLast: last, durableLastTerm: lastTerm });
  };
  for (const node of VOTERS) tell(node, 'Boot', { snapshotIndex: 0, snapshotTerm: 0, voters: VOTERS });
  tell('S1', 'Timeout', { timer: 'election' });
  tell('S1', 'BecomeCandidate', {}, { term: 1, role: 'candidate', vote: 'S1' });
  persist('S1', 'state');
  for (const peer of PEERS.slice(0, 2)) {
    const re = carry('S1', peer, 'RequestVote', { lastLogIndex: 0, lastLogTerm: 0 });
    tell(peer, 'BecomeFollower', {}, { term: 1 });
    tell(peer, 'Vote', { for: 'S1' }, { vote: 'S1' });
    persist(peer, 'state');
    carry(peer, 'S1', 'RequestVoteReply', { re, granted: true });
  }
  tell('S1', 'BecomeLeader', { voters: ['S1', 'S2', 'S3'] }, { role: 'leader' });
  for (let index = 1; index <= commands; index += 1) {
    const entries = [{ term: 1, hash: digestOf(`command ${index}`) }];
    const { hash } = entries[0] ?? { hash: '' };
    const store = (node: string): void => {
      tell(node, 'Append', { index, n: 1, entries }, { last: index, lastTerm: 1 });
      persist(node, 'entries');
    };
    const finish = (node: string, commit: number): void => {
      if (commit === 0 || stateOf(node).commit >= commit) return;
      tell(node, 'Commit', { index: commit, from: commit - 1 }, { commit });
      tell(node, 'Apply', { index: commit, entryTerm: 1, hash: digestOf(`command ${commit}`) }, { applied: commit });
      if (commit % 1000 === 0) tell(node, 'SnapshotTaken', { index: commit, indexTerm: 1 });
    };
    tell('S1', 'Start', { index, hash });
    store('S1');
    for (const [at, peer] of PEERS.entries()) {
      const prev = index - 1;
      const { commit: leaderCommit } = stateOf('S1');
      const re = carry('S1', peer, 'AppendEntries', { prev, prevTerm: prev === 0 ? 0 : 1, n: 1, entries, leaderCommit });
      if (stateOf(peer).term === 0) tell(peer, 'BecomeFollower', {}, { term: 1 });
      store(peer);
      finish(peer, Math.min(leaderCommit, index));
      carry(peer, 'S1', 'AppendEntriesReply', { re, success: true, match: index });
      tell('S1', 'Progress', { peer, match: index, next: index + 1, state: 'replicate' });
      if (at === 1) finish('S1', index);
    }
  }
  return events;
}

function check(events: Iterable<Event>): void {
  const checker = new Checker();
  for (const event of events) checker.observe(event);
  const { first } = checker.finish();
  if (first !== null) throw new Error(`the log of the bench is not healthy: line ${first.seq}: ${first.why}`);
}

/** Gives an event at a time, as a reader does: no line is kept that was checked. */
function* decoded<T>(lines: readonly T[], decode: (line: T) => DecodedLine): Generator<Event> {
  for (const line of lines) {
    const { event, error } = decode(line);
    if (error !== undefined) throw new Error(`a line of the bench cannot be read: ${error.reason}`);
    yield event;
  }
}

function medianMs(run: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    if (round >= 3) times.push((user + system) / 1000);
  }
  return times.sort((a, b) => a - b)[4] ?? 0;
}

const told = healthyLog(4000);
const lines = told.map(encodeLine);
// The simulator's events have the same fields in the same order; those that were put together above do not, and are slow to read.
const events = [...decoded(lines, decodeLine)];
const bytes = lines.map((line) => Buffer.from(line));
console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}; CPU time, median of 9; ${events.length} events.\n`,
);
console.log('| events come | ms | k events/s |');
console.log('| --- | ---: | ---: |');
for (const [name, run] of [
  ['as objects, as in the simulator', (): void => check(events)],
  ['from lines, decoded by `decodeLine`', (): void => check(decoded(lines, decodeLine))],
  ['from lines that are still bytes, as `raftlens check` reads them', (): void => check(decoded(bytes, decodeBytes))],
] as const) {
  const ms = medianMs(run);
  console.log(`| ${name} | ${ms.toFixed(0)} | ${(events.length / ms).toFixed(0)} |`);
}
