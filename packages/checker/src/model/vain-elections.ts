import type { Event } from '@raftlens/events';

/** Servers that stood are remembered by name up to so many; no cluster has more. */
const NAMED_MAX = 16;

/** Elections one after the other of which none was won. */
export interface VainRun {
  /** Terms in which somebody stood, each higher than those before. */
  elections: number;
  firstTerm: number;
  lastTerm: number;
  firstMs: number;
  lastMs: number;
  /** How often each server stood. */
  readonly stood: Map<string, number>;
  /** Votes that were refused or granted, as those who gave or got them tell. */
  readonly refused: RepliesTold;
  readonly granted: RepliesTold;
}

/** A reply has two ends, and a log may tell one of them or both. */
interface RepliesTold {
  sent: number;
  received: number;
}

/**
 * Elections since the cluster had a leader last. Whatever shows that somebody leads ends the run, not only the line of a server that becomes
 * leader: a program may not write that.
 */
export class VainElections {
  run: VainRun | null = null;

  stands(term: number, { node, time }: Event): void {
    this.run ??= emptyRun(term, time);
    const { run } = this;
    if (run.elections === 0 || term > run.lastTerm) run.elections++;
    run.lastTerm = Math.max(run.lastTerm, term);
    run.lastMs = time;
    const times = run.stood.get(node) ?? 0;
    if (times > 0 || run.stood.size < NAMED_MAX) run.stood.set(node, times + 1);
  }

  /** A line of a server, whatever it is. */
  takes(event: Event): void {
    // Read nothing of the line in the usual case: every line comes by.
    if (this.run === null) return;
    const { op, dir, granted } = event;
    switch (op) {
      case 'AppendEntries':
      case 'AppendEntriesReply':
      case 'InstallSnapshot':
      case 'InstallSnapshotReply':
      case 'TimeoutNow':
      case 'Start':
      case 'Append':
      case 'Commit':
      case 'Apply':
      case 'Boot':
        // A stale message ends the run, too, and so does a start, since the server may have been missing until then: better to say too little.
        this.run = null;
        return;
      case 'RequestVoteReply':
        if (granted === undefined) return;
        count(granted ? this.run.granted : this.run.refused, dir);
        return;
      default:
    }
  }

  /** A leader was elected, or who reaches whom has changed. */
  ends(): void {
    this.run = null;
  }
}

function emptyRun(term: number, time: number): VainRun {
  const told = () => ({ sent: 0, received: 0 });
  return { elections: 0, firstTerm: term, lastTerm: term, firstMs: time, lastMs: time, stood: new Map(), refused: told(), granted: told() };
}

function count(told: RepliesTold, dir: Event['dir']): void {
  if (dir === 'recv') told.received++;
  else told.sent++;
}

/** How many replies that were at least: each may be told at both of its ends. */
export function repliesIn({ sent, received }: RepliesTold): number {
  return Math.max(sent, received);
}
