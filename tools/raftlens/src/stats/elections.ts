import type { Event } from '@raftlens/events';
import { ABSENT, codeOfOpcode, type LogStore } from '@raftlens/log-store';
import { Sample, type Summary } from './percentiles.ts';

const BECOME_CANDIDATE = codeOfOpcode('BecomeCandidate');
const BECOME_LEADER = codeOfOpcode('BecomeLeader');
const START = codeOfOpcode('Start');
const COMMIT = codeOfOpcode('Commit');

/** One leadership: more than one in a term breaks Election Safety (figure 3). */
export interface LeaderStint {
  readonly term: number | null;
  readonly leader: string;
  readonly row: number;
  readonly fromMs: number;
  /** From its last candidacy to its election. */
  readonly electionMs: number | null;
}

export interface ElectionStats {
  readonly candidacies: number;
  readonly leaderships: readonly LeaderStint[];
  readonly electionMs: Summary;
}

export function electionStats(store: LogStore): ElectionStats {
  const { columns } = store;
  const candidacyMs = new Map<number, number>();
  const leaderships: LeaderStint[] = [];
  const sample = new Sample();
  let candidacies = 0;
  for (const row of rowsOf(store, BECOME_CANDIDATE, BECOME_LEADER)) {
    const node = columns.node(row);
    const timeMs = columns.time(row);
    if (columns.op(row) === BECOME_CANDIDATE) {
      candidacies++;
      candidacyMs.set(node, timeMs);
      continue;
    }
    const sinceMs = candidacyMs.get(node);
    candidacyMs.delete(node);
    const electionMs = sinceMs === undefined ? null : timeMs - sinceMs;
    if (electionMs !== null) sample.add(electionMs);
    const term = columns.term(row);
    leaderships.push({ term: term === ABSENT ? null : term, leader: columns.names.nameOf(node), row, fromMs: timeMs, electionMs });
  }
  return { candidacies, leaderships, electionMs: sample.summary() };
}

/** From a client's command at the leader (Start) to the leader's Commit that covers it, in ms. */
export function commitLatency(store: LogStore): Summary {
  const sample = new Sample();
  /** By server: when it took the command of each index, while it is not committed. */
  const started = new Map<string, Map<number, number>>();
  for (const row of rowsOf(store, START, COMMIT)) {
    const event = store.event(row);
    if (event?.index === undefined) continue;
    if (event.op === 'Start') startsOf(started, event.node).set(event.index, event.time);
    else takeCommitted(startsOf(started, event.node), event, sample);
  }
  return sample.summary();
}

function startsOf(started: Map<string, Map<number, number>>, node: string): Map<number, number> {
  let starts = started.get(node);
  if (starts === undefined) started.set(node, (starts = new Map<number, number>()));
  return starts;
}

function takeCommitted(starts: Map<number, number>, commit: Event, sample: Sample): void {
  for (const [index, startedMs] of starts) {
    if (index > (commit.index ?? 0)) continue;
    // What a server took as a leader and only learns as a follower to be committed took as long.
    sample.add(commit.time - startedMs);
    starts.delete(index);
  }
}

function* rowsOf(store: LogStore, ...opcodes: readonly number[]): Generator<number> {
  for (const page of store.columns.pages) {
    for (let i = 0; i < page.count; i++) if (opcodes.includes(page.op[i] ?? 0)) yield page.start + i;
  }
}
