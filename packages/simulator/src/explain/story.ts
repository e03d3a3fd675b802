import type { Violation } from '@raftlens/checker';
import type { Event } from '@raftlens/events';
import type { Failure } from '../engine/failure.ts';
import { Causes } from './causes.ts';
import { sentenceOf } from './sentence.ts';

export interface StoryLine {
  readonly event: Event;
  readonly sentence: string;
  /** It is among the lines that prove the violation. */
  readonly evidence: boolean;
}

/** Told of a failure without a wrong step: who was elected last, and what was committed last. */
const OFFICES_MAX = 4;

/** Steps of an election. How a leader came to be is told where the failure is about that, and passed over where it is not. */
const ELECTORAL: ReadonlySet<string> = new Set([
  'RequestVote',
  'RequestVoteReply',
  'PreVote',
  'PreVoteReply',
  'Vote',
  'BecomePreCandidate',
  'BecomeCandidate',
  'BecomeLeader',
  'TimeoutNow',
]);

/**
 * What led to the failure, in causal order, which is the order of time: the faults, and the causes of the wrong step, the nearer first
 * when there is not room for all. A message that was sent and received is one line.
 */
export function tell(events: readonly Event[], failure: Failure | null, violation: Violation | null, linesMax: number): StoryLine[] {
  const causes = new Causes(events);
  const evidence = new Set(violation?.evidence ?? []);
  const start =
    violation === null ? turningPoints(events, failure) : violation.evidence.map((seq) => causes.at(seq)).filter((at) => at !== undefined);
  const electoral = violation !== null && start.some((at) => ELECTORAL.has(events[at]?.op ?? ''));
  const chosen = new Set<number>(start);
  const sends = new Set<number>();
  const add = (positions: readonly number[]): void => {
    for (const at of positions) if (chosen.size - sends.size < linesMax) chosen.add(at);
  };
  const faults = [...events.keys()].filter((at) => isFault(events[at]));
  add(faults.slice(-Math.floor(linesMax / 3)));
  for (let frontier = start; frontier.length > 0 && chosen.size - sends.size < linesMax; ) {
    const next: number[] = [];
    for (const at of frontier) {
      const event = events[at];
      if (event === undefined || (!electoral && event.op === 'BecomeLeader')) continue;
      const found = causes.of(at).filter((cause) => !chosen.has(cause));
      if (event.dir === 'recv') for (const send of found) sends.add(send);
      next.push(...found);
    }
    add(next);
    frontier = next.filter((at) => chosen.has(at));
  }
  return toldLines(events, causes, chosen, evidence);
}

/** A send whose receipt is told is told with it, unless it is the wrong step or proves it. */
function toldLines(events: readonly Event[], causes: Causes, chosen: ReadonlySet<number>, evidence: ReadonlySet<number>): StoryLine[] {
  const lines: StoryLine[] = [];
  const sentAt = new Map<number, Event>();
  for (const at of chosen) {
    const event = events[at];
    const send = event?.dir === 'recv' ? events[causes.of(at)[0] ?? -1] : undefined;
    if (event !== undefined && send !== undefined && !evidence.has(send.seq)) sentAt.set(event.seq, send);
  }
  const merged = new Set([...sentAt.values()].map((send) => send.seq));
  for (const at of [...chosen].sort((a, b) => a - b)) {
    const event = events[at];
    if (event === undefined || (merged.has(event.seq) && !evidence.has(event.seq))) continue;
    lines.push({ event, sentence: sentenceOf(event, sentAt.get(event.seq)), evidence: evidence.has(event.seq) });
  }
  return lines;
}

/** Faults, and the returns of servers. That a server is set to die at a persist point is told when it dies. */
function isFault(event: Event | undefined): boolean {
  if (event?.op === 'Boot') return event.boot > 1;
  return event !== undefined && event.node === 'TEST' && event.op !== 'TestBegin' && event.kind !== 'crash-at-persist';
}

/**
 * Where the story of a failure without a wrong step starts: the last that the server did which the failure names, or else what the
 * cluster achieved last; and who was elected last.
 */
function turningPoints(events: readonly Event[], failure: Failure | null): number[] {
  const named = /^(S\d+) /.exec(failure?.message ?? '')?.[1] ?? null;
  const last = new Map<string, number>();
  const offices: number[] = [];
  for (const [at, event] of events.entries()) {
    if (event.op === 'BecomeLeader') offices.push(at);
    if (event.dir === 'drop' || event.node === 'TEST') continue;
    if (named === null ? event.op === 'Commit' || event.op === 'SnapshotInstalled' : event.node === named) last.set(event.node, at);
  }
  return [...last.values(), ...readsMissed(events, last.get(named ?? '')), ...offices.slice(-OFFICES_MAX)];
}

/** A read that was served at an index: the first that somebody had applied beyond it by then, which it should have seen. */
function readsMissed(events: readonly Event[], at: number | undefined): number[] {
  const read = at === undefined ? undefined : events[at];
  if (at === undefined || read?.op !== 'ReadReady') return [];
  const missed = events.findIndex((event, position) => position < at && event.op === 'Apply' && (event.index ?? 0) > (read.index ?? 0));
  return missed < 0 ? [] : [missed];
}
