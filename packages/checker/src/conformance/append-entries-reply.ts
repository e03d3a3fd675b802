import type { Event } from '@raftlens/events';
import type { AppendRequest } from '../model/requests.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { Rule, Rulebook } from '../rulebook.ts';
import type { AppendEntriesReceiver } from './append-entries-receiver.ts';
import { holdsAt, matchesPrev } from './append-entries-receiver.ts';

/** AppendEntries receiver rules 1 to 4, as they show in the reply, and what has to be durable before it (figure 2; 5.3). */
export class AppendEntriesReplies {
  private readonly rule1: Rule;
  private readonly rule2: Rule;
  private readonly rule4: Rule;
  private readonly persistentTerm: Rule;
  private readonly persistentLog: Rule;
  private readonly receiver: AppendEntriesReceiver;

  constructor(book: Rulebook, receiver: AppendEntriesReceiver) {
    this.rule1 = book.rule('append-receiver-1');
    this.rule2 = book.rule('append-receiver-2');
    this.rule4 = book.rule('append-receiver-4');
    this.persistentTerm = book.rule('persistent-term');
    this.persistentLog = book.rule('persistent-log');
    this.receiver = receiver;
  }

  sendReply(server: ServerModel, event: Event): void {
    const request = server.appends.answered(event.re, event.dst);
    if (event.success === true) this.succeeds(server, event, request);
    else if (event.success === false && request !== null) this.refuses(server, event, request);
    if (request !== null) server.appends.remove(request);
  }

  private succeeds(server: ServerModel, event: Event, request: AppendRequest | null): void {
    if (request === null) {
      this.rule2.skip(`an AppendEntriesReply of ${server.id} cannot be paired with its request`);
    } else {
      this.ofCurrentTerm(server, event, request);
      this.previousMatches(server, event, request);
      if (server.term === request.term) this.holdsEntries(server, event, request);
      this.claimsNoMore(server, event, request);
      this.receiver.verify(server, request);
    }
    this.durable(server, event, request);
  }

  private ofCurrentTerm(server: ServerModel, event: Event, request: AppendRequest): void {
    this.rule1.checked++;
    const late = event.msgTerm !== undefined && event.msgTerm > request.term;
    if (request.term >= request.arrivalTerm && !late) return;
    const term = Math.max(request.arrivalTerm, event.msgTerm ?? 0);
    this.rule1.broken(
      event,
      [request.seq],
      `${server.id} tells success in term ${term} to a request of term ${request.term}`,
      'success false, with the higher term',
    );
  }

  private previousMatches(server: ServerModel, event: Event, request: AppendRequest): void {
    if (this.isBlind(server, request)) return;
    this.rule2.checked++;
    if (request.matchedOnArrival || matchesPrev(server, request.prev, request.prevTerm)) return;
    const term = server.log.termAt(request.prev);
    const held = request.prev > server.log.last ? `its log ends at ${server.log.last}` : `it has an entry of term ${term} there`;
    this.rule2.broken(
      event,
      [server.log.at(request.prev)?.seq ?? server.logSeq, request.seq],
      `${server.id} tells success to prevLogIndex ${request.prev} of prevLogTerm ${request.prevTerm}, but ${held}`,
      'success false',
    );
  }

  private holdsEntries(server: ServerModel, event: Event, request: AppendRequest): void {
    // A reply that tells its match claims no more than that: etcd answers a request that came late with its commit index.
    const last = Math.min(request.prev + request.n, event.match ?? Number.POSITIVE_INFINITY);
    if (!server.log.known) return;
    this.rule4.checked++;
    if (request.n === 0 || holdsAt(server, request, last)) return;
    this.rule4.broken(
      event,
      [request.seq, server.logSeq],
      `${server.id} tells success to entries up to ${last}, but its log ${server.log.last < last ? `ends at ${server.log.last}` : `has another entry there`}`,
      'success once the new entries are in the log',
    );
  }

  /** The reply may not tell of a match beyond what the request verified: what follows in the log may be another leader's. */
  private claimsNoMore(server: ServerModel, event: Event, request: AppendRequest): void {
    const { match } = event;
    if (match === undefined) return;
    const verified = Math.max(request.prev + request.n, server.commit);
    if (match <= verified) return;
    this.rule4.broken(
      event,
      [request.seq],
      `${server.id} tells that its log matches up to ${match}, but the request verified it up to ${request.prev + request.n} only`,
      `match ${request.prev + request.n}`,
    );
  }

  /** What the reply tells has to survive a crash: the term, and the entries that it acknowledges. */
  private durable(server: ServerModel, event: Event, request: AppendRequest | null): void {
    const { durable } = server;
    if (!durable.told) {
      this.persistentLog.skip(`${server.id} does not tell what it persists`);
      return;
    }
    const term = event.msgTerm ?? server.term;
    this.persistentTerm.checked++;
    if (durable.term < term) {
      this.persistentTerm.broken(
        event,
        [server.termSeq, durable.seq],
        `${server.id} acknowledges entries in term ${term} while its disk holds term ${durable.term}`,
        'the reply after the Persist of the term',
      );
    }
    // A reply of a term that has passed tells what was true when it was made; the log may have been replaced since.
    if (term < server.term) return;
    const match = event.match ?? (request === null ? 0 : request.prev + request.n);
    this.persistentLog.checked++;
    if (match === 0 || match > server.log.last || durable.holds(server.log, match)) return;
    this.persistentLog.broken(
      event,
      [server.log.at(match)?.seq ?? 0, server.logSeq, durable.seq],
      `${server.id} acknowledges entries up to ${match} while its disk holds them up to ${Math.min(durable.last, match - 1)} only`,
      'the reply after the Persist of the entries',
    );
  }

  private isBlind({ id, log, term }: ServerModel, { prev }: AppendRequest): boolean {
    const blind = term < 0 || (prev > 0 && !log.tells(prev));
    if (blind) this.rule2.skip(`the events do not tell the term of ${id}, or what its log held`);
    return blind;
  }

  private refuses(server: ServerModel, event: Event, request: AppendRequest): void {
    if (this.isBlind(server, request)) return;
    if (request.prevTerm < 0) {
      this.rule2.skip('AppendEntries lines lack prevTerm');
      return;
    }
    this.rule2.checked++;
    if (server.term > request.term || request.arrivalTerm > request.term) return;
    if (!request.matchedOnArrival || !matchesPrev(server, request.prev, request.prevTerm)) return;
    this.rule2.broken(
      event,
      [server.log.at(request.prev)?.seq ?? 0, request.seq],
      `${server.id} refuses prevLogIndex ${request.prev} of prevLogTerm ${request.prevTerm}, which its log holds`,
      'success',
    );
  }
}
