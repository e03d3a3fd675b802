import type { EntryDigest, Event } from '@raftlens/events';
import { sameDigest } from '../model/entry-record.ts';
import type { AppendRequest } from '../model/requests.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';

/**
 * Whether the log holds prevLogTerm at prevLogIndex. What a snapshot stands for is committed, and so matches any leader; where prevLogTerm
 * is not told (-1), the index alone has to do.
 */
export function matchesPrev(server: ServerModel, prev: number, prevTerm: number): boolean {
  const { log } = server;
  if (prev < log.base || prev === 0) return true;
  if (prevTerm < 0) return prev <= log.last;
  const term = log.termAt(prev);
  return term === prevTerm || (prev === log.base && term < 0);
}

/**
 * AppendEntries receiver rules 1 to 5, as they show in the steps of the receiver (figure 2; 5.3).
 *
 * Each step needs a request that allows it, among those that have arrived and are not answered yet: so it does not matter
 * whether the receiver answers one by one or takes in several before its disk is done.
 */
export class AppendEntriesReceiver {
  private readonly rule2: Rule;
  private readonly rule3: Rule;
  private readonly rule4: Rule;
  private readonly rule5: Rule;

  constructor(book: Rulebook) {
    this.rule2 = book.rule('append-receiver-2');
    this.rule3 = book.rule('append-receiver-3');
    this.rule4 = book.rule('append-receiver-4');
    this.rule5 = book.rule('append-receiver-5');
  }

  /** Rule 3: the log is about to be cut from `index` on. */
  truncating(server: ServerModel, event: Event, index: number): void {
    if (this.isBlind(server, this.rule3) || this.isInHole(server, index)) return;
    this.rule3.checked++;
    let latest: AppendRequest | null = null;
    for (const request of server.appends.open) {
      if (request.term !== server.term) continue;
      if (conflictsAt(server, request, index) || request.entries === null) return;
      latest = request;
    }
    this.rule3.broken(
      event,
      [server.log.at(index)?.seq ?? 0, latest?.seq ?? 0],
      this.whyNotCut(server, index, latest),
      this.insteadOfCut(server, latest),
    );
  }

  private whyNotCut(server: ServerModel, index: number, latest: AppendRequest | null): string {
    const term = server.log.termAt(index);
    const entry = term < 0 ? `entry ${index}` : `entry ${index} of term ${term}`;
    const cut = `${server.id} deletes its log from ${entry} on`;
    if (latest === null) return `${cut}, and no AppendEntries of term ${server.term} waits for an answer`;
    if (latest.prev + latest.n < index)
      return `${cut}, but the request from ${latest.src} ends at ${latest.prev + latest.n}: an entry that is merely missing conflicts with nothing`;
    if (!matchesPrev(server, latest.prev, latest.prevTerm)) return `${cut}, for a request that rule 2 refuses`;
    return `${cut}, although the request from ${latest.src} has the same entry there`;
  }

  private insteadOfCut(server: ServerModel, latest: AppendRequest | null): string {
    if (latest === null || latest.entries === null) return 'no deletion';
    for (let index = Math.max(latest.prev, server.log.base) + 1; index <= latest.prev + latest.n; index++) {
      if (index <= server.log.last && conflictsAt(server, latest, index)) return `a deletion from the first conflict on, index ${index}`;
    }
    return 'no deletion: nothing in the request conflicts with the log';
  }

  /** Rule 4: `entries` are about to be written at `index`. */
  appending(server: ServerModel, event: Event, index: number, entries: readonly EntryDigest[]): void {
    if (this.isBlind(server, this.rule4)) return;
    this.rule4.checked++;
    if (index !== server.log.last + 1 && event.last !== server.log.last) this.gap(server, event, index);
    if (this.isGiven(server, index, entries)) return;
    const refused = server.appends.open.findLast((request) => carries(server, request, index, entries, entries.length));
    if (refused !== undefined) {
      this.obeys(server, event, refused, `appends ${entries.length} entries from index ${index} on`);
      return;
    }
    const latest = latestOfTerm(server);
    const request = latest === null ? `no AppendEntries of term ${server.term} waits for an answer` : describe(latest);
    this.rule4.broken(
      event,
      [latest?.seq ?? 0],
      `${server.id} appends ${entries.length} entries from index ${index} on that no request puts there: ${request}`,
      latest === null
        ? 'no new entry'
        : `entries ${latest.prev + 1} to ${latest.prev + latest.n} of that request, where its prevLogIndex matches`,
    );
  }

  /** The server does what a request says that rule 2 has it refuse. */
  private obeys(server: ServerModel, event: Event, request: AppendRequest, does: string): void {
    const { prev } = request;
    const { log } = server;
    const has = prev > log.last ? `its log ends at ${log.last}` : `it has an entry of term ${log.termAt(prev)} there`;
    this.rule2.checked++;
    this.rule2.broken(
      event,
      [request.seq, log.at(prev)?.seq ?? log.tip?.seq ?? 0, server.logSeq],
      `${server.id} ${does} by a request that it has to refuse: ${describe(request)}, but ${has}`,
      'a refusal, and no change',
    );
  }

  private gap(server: ServerModel, event: Event, index: number): void {
    if (!server.log.known || index <= server.log.last + 1) return;
    this.rule4.broken(
      event,
      [server.logSeq],
      `${server.id} appends at index ${index} although its log ends at ${server.log.last}`,
      `index ${server.log.last + 1}`,
    );
  }

  /** Mostly one request gives all entries; a receiver may also have gathered those of several in one step. */
  private isGiven(server: ServerModel, index: number, entries: readonly EntryDigest[]): boolean {
    const { open } = server.appends;
    for (let i = open.length - 1; i >= 0; i--) {
      const request = open[i];
      if (request !== undefined && gives(server, request, index, entries, entries.length)) return true;
    }
    return entries.every((_, at) => open.some((request) => gives(server, request, index + at, entries.slice(at), 1)));
  }

  /** Rule 5: the commit index of a follower rises to `to`. */
  committing(server: ServerModel, event: Event, to: number): void {
    if (to <= server.commitBound || this.isBlind(server, this.rule5)) return;
    this.rule5.checked++;
    let latest: AppendRequest | null = null;
    for (const request of server.appends.open) {
      if (request.term !== server.term) continue;
      latest = request;
      this.verify(server, request);
    }
    this.verifyBySnapshot(server);
    if (to <= server.commitBound) return;
    if (
      latest !== null &&
      latest.leaderCommit >= to &&
      latest.prev + latest.n >= to &&
      !matchesPrev(server, latest.prev, latest.prevTerm)
    ) {
      this.obeys(server, event, latest, `sets commitIndex to ${to}`);
      return;
    }
    const bound = Math.max(server.commitBound, server.commit);
    const request = latest === null ? 'no request allows more' : describe(latest);
    this.rule5.broken(
      event,
      [server.commitBoundSeq, latest?.seq ?? 0],
      `${server.id} sets commitIndex to ${to}, but requests have verified and called committed no more than ${bound}: ${request}`,
      bound > server.commit ? `commitIndex ${bound}` : `commitIndex stays ${server.commit}`,
    );
  }

  /** Raises the bound of rule 5 by what `request` verifies: the logs are equal up to its last entry. */
  verify(server: ServerModel, request: AppendRequest): void {
    const bound = Math.min(request.leaderCommit, request.prev + request.n);
    if (bound <= server.commitBound || request.term < request.arrivalTerm) return;
    if (!matchesPrev(server, request.prev, request.prevTerm)) return;
    if (request.entries !== null && !holdsAt(server, request, bound)) return;
    server.commitBound = bound;
    server.commitBoundSeq = request.seq;
  }

  /** A snapshot that ends with an entry of the log tells that the entry is committed (figure 13, rule 6). */
  private verifyBySnapshot(server: ServerModel): void {
    for (const { index, indexTerm, term, seq } of server.snapshots.open) {
      if (term !== server.term || index <= server.commitBound || server.log.termAt(index) !== indexTerm) continue;
      server.commitBound = index;
      server.commitBoundSeq = seq;
    }
  }

  private isInHole({ id, log }: ServerModel, index: number): boolean {
    if (!log.tells(index)) this.rule3.skip(`the events do not tell what the log of ${id} held`);
    return !log.tells(index);
  }

  private isBlind(server: ServerModel, rule: Rule): boolean {
    if (server.facts.writesAppends && !server.appends.overflowed && server.term >= 0 && server.log.known) return false;
    rule.skip(`${server.id} does not tell its term and log, or which AppendEntries it received and answered`);
    return true;
  }
}

/** Whether the log holds the request's entry at `index`, or a snapshot stands for it. */
export function holdsAt(server: ServerModel, request: AppendRequest, index: number): boolean {
  if (index <= server.log.base) return true;
  if (index <= request.prev) return index <= server.log.last;
  const digest = request.entries?.[index - request.prev - 1];
  return digest === undefined ? index <= server.log.last : server.log.termAt(index) === digest.term;
}

function conflictsAt(server: ServerModel, request: AppendRequest, index: number): boolean {
  const digest = request.entries?.[index - request.prev - 1];
  if (digest === undefined || index <= request.prev) return false;
  const term = server.log.termAt(index);
  return term >= 0 && term !== digest.term && matchesPrev(server, request.prev, request.prevTerm);
}

/** Whether the request puts the first `count` of `entries` at `index`, right after what the log holds. */
function gives(server: ServerModel, request: AppendRequest, index: number, entries: readonly EntryDigest[], count: number): boolean {
  return carries(server, request, index, entries, count) && matchesPrev(server, request.prev, request.prevTerm);
}

/** Whether it has them for that place, be it consistent with the log or not. */
function carries(server: ServerModel, request: AppendRequest, index: number, entries: readonly EntryDigest[], count: number): boolean {
  if (request.term !== server.term || index <= request.prev || index + count - 1 > request.prev + request.n) return false;
  if (request.entries === null) return true;
  const skip = index - request.prev - 1;
  for (let i = 0; i < count; i++) {
    const given = request.entries[skip + i];
    const entry = entries[i];
    if (given === undefined || entry === undefined || !sameDigest(given, entry)) return false;
  }
  return true;
}

function latestOfTerm(server: ServerModel): AppendRequest | null {
  return server.appends.open.findLast((request) => request.term === server.term) ?? null;
}

function describe(request: AppendRequest): string {
  return (
    `the request from ${request.src} has prevLogIndex ${request.prev} of term ${request.prevTerm}, ` +
    `${request.n} entries and leaderCommit ${request.leaderCommit}`
  );
}
