import type { Event } from '@raftlens/events';
import type { ObservedAsk, ObservedJudge } from './moments.ts';
import { ObservedEntries } from './observed-entries.ts';
import { ObservedMessages } from './observed-messages.ts';
import { ObservedServer } from './observed-server.ts';

/** The labs' tests want a leader within this time: no election timeout is longer, and no machine so busy. */
const OVERDUE_MS = 5000;
/** How often waiting handlers are looked at. */
const LOOK_MS = 250;
/** Where no line at all is written for so long the whole process stood still, and no handler is to blame. */
const STALL_MS = 200;
/** Commands that can be remembered for servers that are never heard of again are few; a hostile log may name any number. */
const SERVERS_MAX = 64;

/**
 * A cluster that was observed from outside: its messages, saves, commands and applies are told, and no server's state. What a server has told
 * and saved bounds what its state can be; where it does not, nothing is said. Nothing is taken from a dead incarnation: its threads may run on.
 */
export class ObservedModel {
  readonly #servers = new Map<string, ObservedServer>();
  readonly #entries: ObservedEntries;
  readonly #messages: ObservedMessages;
  readonly #save: ObservedAsk<'save'>;
  readonly #apply: ObservedAsk<'apply'>;
  readonly #overdue: ObservedAsk<'is overdue'>;
  #isOver = false;
  #lastMs = 0;
  #lookedMs = 0;
  /** For how long, in all, nothing has happened. */
  #stalledMs = 0;

  constructor(judge: ObservedJudge) {
    this.#entries = new ObservedEntries(judge);
    this.#messages = new ObservedMessages(judge, this.#entries);
    this.#save = judge.onObserved('save');
    this.#apply = judge.onObserved('apply');
    this.#overdue = judge.onObserved('is overdue');
  }

  observe(event: Event): void {
    if (this.#isOver) return;
    this.#passTime(event);
    switch (event.op) {
      case 'TestEnd':
        // The harness takes the servers down, in whatever order.
        this.#isOver = true;
        return;
      case 'Crash':
        if (event.target !== undefined) this.#ends(event.target);
        return;
      case 'Boot':
        this.#server(event.node)?.boots(event);
        if (event.voters !== undefined) this.#messages.voters = event.voters;
        return;
      default:
        this.#ofServer(event);
    }
  }

  #server(id: string): ObservedServer | undefined {
    const known = this.#servers.get(id);
    if (known !== undefined || this.#servers.size >= SERVERS_MAX) return known;
    const server = new ObservedServer(id);
    this.#servers.set(id, server);
    return server;
  }

  #ends(id: string): void {
    const server = this.#server(id);
    if (server === undefined) return;
    server.isUp = false;
    server.open.clear();
  }

  #ofServer(event: Event): void {
    const server = this.#servers.get(event.node);
    if (event.dir === 'drop') {
      this.#messages.drops(event);
      return;
    }
    if (server === undefined || !server.isUp || server.boot !== event.boot) return;
    if (event.dir === 'send' || event.op === 'Persist') server.spokeMs = event.time;
    switch (event.op) {
      case 'Persist':
        this.#saves(server, event);
        return;
      case 'Start':
        this.#starts(server, event);
        return;
      case 'Apply':
        this.#applies(server, event);
        return;
      case 'SnapshotTaken':
        server.hasSnapshot = true;
        if (event.index !== undefined) server.snapshots.add(event.index);
        return;
      case 'SnapshotInstalled':
        this.#installs(server, event);
        return;
      default:
        if (event.dir === 'send') this.#messages.sends(server, event);
        else if (event.dir === 'recv') this.#messages.receives(server, event, this.#stalledMs);
    }
  }

  #installs(server: ObservedServer, { index, seq }: Event): void {
    server.hasSnapshot = true;
    if (index === undefined) {
      server.applied = -1;
      return;
    }
    server.snapshots.add(index);
    server.offered = index;
    server.knowsCommit(index, seq);
  }

  #saves(server: ObservedServer, told: Event): void {
    const { saved } = server;
    const event = server.placesOf(told) ? told : withoutLog(told);
    const removal = saved.removalBy(event);
    const { index, entries, durableTerm, durableVote } = event;
    const isSameTerm = durableTerm !== undefined && durableTerm === saved.term && saved.voteIsKnown && !server.voteIsTakenAlong;
    // Some save the new term first, with the vote of the old one still in place.
    const isNewTerm = durableTerm !== undefined && saved.term >= 0 && durableTerm > saved.term;
    const isSameVote = typeof durableVote === 'string' && durableVote === saved.vote;
    this.#save({
      event,
      server,
      removal,
      ground: removal.index === 0 ? null : this.#groundOf(server, removal.index),
      bySnapshot: server.hearsSnapshots && (event.snapshotIndex ?? 0) > saved.base,
      isFirstOfBoot: saved.seq < server.bootSeq,
      voteBefore: isSameTerm ? saved.vote : undefined,
      termBefore: saved.term,
    });
    const prevTerm = index !== undefined && saved.logIsKnown ? saved.termAt(index - 1) : -1;
    saved.take(event);
    server.voteIsTakenAlong = isSameVote && (isNewTerm || server.voteIsTakenAlong);
    if (durableTerm !== undefined && typeof durableVote === 'string') server.savedVotes.set(durableTerm, durableVote);
    if (index !== undefined && entries !== undefined) this.#entries.sees(server, event, index, prevTerm, entries);
    this.#messages.told(server, durableTerm, event.seq);
    server.sinceSave.length = 0;
    for (const request of server.open.values()) {
      request.meets(saved);
      if (request.changesLogs) server.sinceSave.push(request);
    }
  }

  /** What made the server delete the entry at `index`: a request with another one in its place, a snapshot, or one that is not told in full. */
  #groundOf({ saved, sinceSave }: ObservedServer, index: number): ObservedServer['sinceSave'][number] | null {
    return (
      sinceSave.find(
        (request) =>
          request.op === 'InstallSnapshot' || request.entries === undefined || request.prev < 0 || request.conflictIn(saved, index) > 0,
      ) ?? null
    );
  }

  #starts(server: ObservedServer, event: Event): void {
    const { index, entryTerm, hash } = event;
    this.#messages.told(server, entryTerm, event.seq);
    if (index === undefined || entryTerm === undefined) return;
    server.heard.set(index, entryTerm);
    if (hash !== undefined) this.#entries.sees(server, event, index, -1, [{ term: entryTerm, hash }]);
  }

  #applies(server: ObservedServer, event: Event): void {
    const { index, hash } = event;
    this.#apply({ event, server });
    if (index === undefined) {
      server.applied = -1;
      return;
    }
    this.#messages.claimsCommit(server, event, index);
    server.applied = index;
    server.appliedSeq = event.seq;
    if (index > server.offered) server.offered = -1;
    if (hash !== undefined) this.#entries.applies(server, event, index, hash, this.#messages.termMax);
  }

  #passTime({ time }: Event): void {
    const gap = time - this.#lastMs;
    if (this.#lastMs > 0 && gap > STALL_MS) this.#stalledMs += gap;
    this.#lastMs = time;
    if (time - this.#lookedMs < LOOK_MS) return;
    this.#lookedMs = time;
    for (const server of this.#servers.values()) this.#look(server, time);
  }

  #look(server: ObservedServer, time: number): void {
    for (const request of server.open.values()) {
      const waitedMs = time - request.time - (this.#stalledMs - request.stalledMs);
      // Who goes on with other things holds no lock for ever: this one handler is lost, or its answer is.
      if (request.isOverdue || waitedMs < OVERDUE_MS || server.spokeMs > request.time + OVERDUE_MS / 2) continue;
      request.isOverdue = true;
      this.#overdue({ event: request.event, server, request, waitedMs });
    }
  }
}

/** A save of which it is not known where in the log its entries stand. */
function withoutLog(event: Event): Event {
  const line = { ...event };
  for (const field of ['index', 'entries', 'durableLast', 'durableLastTerm', 'snapshotIndex', 'snapshotTerm'] as const)
    Reflect.deleteProperty(line, field);
  return line;
}
