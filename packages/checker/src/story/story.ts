import type { Event } from '@raftlens/events';
import type { Violation } from '../violation.ts';
import { Causes } from './causes.ts';
import { sentenceOf } from './sentence.ts';

export interface StoryLine {
  readonly event: Event;
  readonly sentence: string;
  /** It is among the lines that prove the violation. */
  readonly evidence: boolean;
}

/** What a story starts from. */
export interface StoryStart {
  /** Positions of the events that the judgement read: the lines that prove a violation, or what a check looked at. */
  readonly from: readonly number[];
  /** The `seq`s of the lines that prove it. */
  readonly evidence: readonly number[];
}

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
  'TransferLeader',
]);

/** Lines of a story unless the caller wants another number. */
const LINES_MAX = 24;

/** The story of a broken rule in any log: the chain back from the wrong step by send and receive, program order and what the rule read. */
export function storyOf(events: readonly Event[], violation: Violation, linesMax = LINES_MAX): StoryLine[] {
  const positions = new Map(events.map(({ seq }, at) => [seq, at]));
  const seqs = [...new Set([...violation.evidence, violation.seq])];
  return tell(events, { from: seqs.map((seq) => positions.get(seq)).filter((at) => at !== undefined), evidence: seqs }, linesMax);
}

/**
 * What led to where the story starts, in causal order, which is the order of the log: the nearer causes first when there is not room for
 * all, and the faults that hit those who take part. A message that was sent and received is one line.
 */
export function tell(events: readonly Event[], { from, evidence }: StoryStart, linesMax = LINES_MAX): StoryLine[] {
  const causes = new Causes(events);
  const proof = new Set(evidence);
  const electoral = from.some((at) => ELECTORAL.has(events[at]?.op ?? ''));
  const chosen = new Set<number>(from);
  const sends = new Set<number>();
  const room = (): boolean => chosen.size - sends.size < linesMax - Math.floor(linesMax / 4);
  for (let frontier = [...from]; frontier.length > 0 && room(); ) {
    const next: number[] = [];
    for (const at of frontier) {
      const event = events[at];
      if (event === undefined || (!electoral && event.op === 'BecomeLeader')) continue;
      for (const cause of causes.of(at)) {
        if (event.dir === 'recv' && events[cause]?.dir === 'send') sends.add(cause);
        if (!chosen.has(cause) && !isFirstStart(events[cause])) next.push(cause);
      }
    }
    for (const at of next) if (room() || sends.has(at)) chosen.add(at);
    frontier = next.filter((at) => chosen.has(at));
  }
  for (const at of faultsOf(events, chosen).slice(-Math.max(0, linesMax - (chosen.size - sends.size)))) chosen.add(at);
  return toldLines(events, causes, chosen, proof);
}

/** A send whose receipt is told is told with it, unless it is the wrong step or proves it. */
function toldLines(events: readonly Event[], causes: Causes, chosen: ReadonlySet<number>, proof: ReadonlySet<number>): StoryLine[] {
  const lines: StoryLine[] = [];
  const sentAt = new Map<number, Event>();
  for (const at of chosen) {
    const event = events[at];
    const send = event?.dir === 'recv' ? causes.of(at).find((cause) => events[cause]?.dir === 'send') : undefined;
    const sent = send === undefined ? undefined : events[send];
    if (event !== undefined && sent !== undefined && !proof.has(sent.seq)) sentAt.set(event.seq, sent);
  }
  const merged = new Set([...sentAt.values()].map(({ seq }) => seq));
  for (const at of [...chosen].sort((a, b) => a - b)) {
    const event = events[at];
    if (event === undefined || (merged.has(event.seq) && !proof.has(event.seq))) continue;
    const again = event.dir === 'recv' && causes.of(at).some((cause) => events[cause]?.dir === 'recv');
    lines.push({
      event,
      sentence: `${sentenceOf(event, sentAt.get(event.seq))}${again ? ' (once more)' : ''}`,
      evidence: proof.has(event.seq),
    });
  }
  return lines;
}

/** Faults that hit one who takes part, up to the end of the story. That a server is set to die at a persist point is told when it dies. */
function faultsOf(events: readonly Event[], chosen: ReadonlySet<number>): number[] {
  const end = Math.max(...chosen);
  const names = new Set([...chosen].flatMap((at) => [events[at]?.node ?? '', events[at]?.src ?? '', events[at]?.dst ?? '']));
  const found: number[] = [];
  for (let at = 0; at <= end; at += 1) {
    const event = events[at];
    if (event !== undefined && !chosen.has(at) && isFault(event) && hits(event, names)) found.push(at);
  }
  return found;
}

/** That a server started is no news. */
function isFirstStart(event: Event | undefined): boolean {
  return event?.op === 'Boot' && event.boot <= 1;
}

function isFault(event: Event): boolean {
  if (event.op === 'Boot') return event.boot > 1;
  return FAULTS.has(event.op) && event.kind !== 'crash-at-persist';
}

const FAULTS: ReadonlySet<string> = new Set(['Crash', 'Partition', 'Heal', 'Fault']);

/** It names nobody, as a fault of the whole network, or one of them. */
function hits(event: Event, names: ReadonlySet<string>): boolean {
  if (event.op === 'Boot') return names.has(event.node);
  if (event.target !== undefined) return names.has(event.target);
  const named = `${event.groups ?? ''} ${event.detail ?? ''}`.match(/\b[A-Za-z]\w*\d+\b/g) ?? [];
  return named.length === 0 || named.some((name) => names.has(name));
}
