import type { Violation } from '@raftlens/checker';
import type { Event } from '@raftlens/events';
import { assert } from '../protocol/assert.ts';
import type { Failure } from '../protocol/failure.ts';
import { Causes } from './causes.ts';
import { sentenceOf } from './sentence.ts';

export interface StoryLine {
  readonly event: Event;
  readonly sentence: string;
  /** It is among the lines that prove the violation. */
  readonly evidence: boolean;
}

/** How many of the last elections are told of a failure without a wrong step. */
const ELECTIONS_MAX = 4;
/** Of the history of a key: so many of the last lines. */
const HISTORY_MAX = 16;

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
    assert(event !== undefined, 'what is chosen are events of the run');
    const send = event.dir === 'recv' ? events[causes.of(at)[0] ?? -1] : undefined;
    if (send !== undefined && !evidence.has(send.seq)) sentAt.set(event.seq, send);
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
 * Where the story of a failure without a wrong step starts: the history of the key or the last step of the server that the failure names,
 * or else what the cluster achieved last; and who was elected last.
 */
function turningPoints(events: readonly Event[], failure: Failure | null): number[] {
  const key = /^the history of (\S+) is not linearizable/.exec(failure?.message ?? '')?.[1];
  if (key !== undefined) return historyOf(events, key);
  const named = /^(S\d+) /.exec(failure?.message ?? '')?.[1] ?? null;
  let last: number | undefined;
  const elected: number[] = [];
  for (const [at, event] of events.entries()) {
    if (event.op === 'BecomeLeader') elected.push(at);
    if (event.dir === 'drop' || event.node === 'TEST') continue;
    if (named === null ? event.op === 'Commit' && event.role === 'leader' : event.node === named) last = at;
  }
  return [...(last === undefined ? [] : [last]), ...readsMissed(events, last), ...elected.slice(-ELECTIONS_MAX)];
}

/** What clients called and were told of the key, and which server took it in. */
function historyOf(events: readonly Event[], key: string): number[] {
  const about = (event: Event): boolean =>
    event.client !== undefined ? event.key === key : event.op === 'Start' && event.cmd?.split(' ').includes(key) === true;
  return [...events.entries()]
    .filter(([, event]) => about(event) || event.op === 'BecomeLeader')
    .map(([at]) => at)
    .slice(-HISTORY_MAX);
}

/** Of a read that was served at an index: the first later entry that somebody had already applied. The read should have seen it. */
function readsMissed(events: readonly Event[], at: number | undefined): number[] {
  const read = at === undefined ? undefined : events[at];
  if (at === undefined || read?.op !== 'ReadReady') return [];
  const missed = events.findIndex((event, position) => position < at && event.op === 'Apply' && (event.index ?? 0) > (read.index ?? 0));
  return missed < 0 ? [] : [missed];
}
