import { holdsAt, matchesPrev } from '../model/matching.ts';
import type { ArrivedAppend } from '../model/requests.ts';
import type { ServerModel } from '../model/server-model.ts';
import type { AppendReplyStep, CommitStep, LogStep, ObeyStep } from '../model/step.ts';
import { followerCommits } from './observed/commits.ts';
import { refusesOldAppend } from './observed/elections.ts';
import { answersByPrevEntry, deletesConflictsOnly } from './observed/logs.ts';
import { at, type Broken, broken, HELD, heldUnless, type RuleRow, seen, unknown, type Verdict } from './rule.ts';

/**
 * AppendEntries receiver rules 1 to 5 (figure 2; 5.3), as they show in the steps of the receiver and in its replies.
 *
 * Each step needs a request that allows it, among those that have arrived and are not answered yet: so it does not matter whether the
 * receiver answers one by one or takes in several before its disk is done.
 */
export const APPEND_ENTRIES_RECEIVER = {
  'append-receiver-1': {
    title: 'AppendEntries receiver rule 1',
    section: 'figure 2, AppendEntries; 5.1',
    about: 'logs',
    text: 'A request of a term below currentTerm is refused and changes nothing.',
    kind: 'step',
    checks: [at('sends AppendEntriesReply', { governs: succeeds, judge: succeedsInCurrentTerm })],
    observed: [seen('reply', refusesOldAppend)],
  },
  'append-receiver-2': {
    title: 'AppendEntries receiver rule 2',
    section: 'figure 2, AppendEntries; 5.3',
    about: 'logs',
    text: 'The request is refused if the log holds no entry of prevLogTerm at prevLogIndex, and only then.',
    kind: 'step',
    checks: [
      at('obeys a refused request', { needs: ['received AppendEntries'], reads: ['term', 'log'], judge: obeys }),
      at('sends AppendEntriesReply', { governs: isPaired, needs: ['term', 'log'], judge: answersAsPrevMatches }),
    ],
    observed: [seen('reply', answersByPrevEntry)],
  },
  'append-receiver-3': {
    title: 'AppendEntries receiver rule 3',
    section: 'figure 2, AppendEntries; 5.3',
    about: 'logs',
    text: 'Entries are deleted only from the first one whose term conflicts with a new entry of the same index.',
    kind: 'step',
    checks: [at('truncate', { needs: ['received AppendEntries'], reads: ['term', 'log'], judge: deletesConflict })],
    observed: [seen('save', deletesConflictsOnly)],
  },
  'append-receiver-4': {
    title: 'AppendEntries receiver rule 4',
    section: 'figure 2, AppendEntries; 5.3',
    about: 'logs',
    text: 'The new entries that the log lacks are appended at their own indices, and success tells that they are all there.',
    kind: 'step',
    checks: [
      at('follower appends', { needs: ['received AppendEntries'], reads: ['term', 'log'], judge: appendsWhatIsGiven }),
      at('sends AppendEntriesReply', { governs: succeeds, reads: ['term', 'log', 'commit'], judge: succeedsWithEntries }),
    ],
  },
  'append-receiver-5': {
    title: 'AppendEntries receiver rule 5',
    section: 'figure 2, AppendEntries; 5.3',
    about: 'commits',
    text: 'A follower raises commitIndex to leaderCommit, but never beyond the last entry that the request verified.',
    kind: 'step',
    checks: [at('follower commits', { needs: ['received AppendEntries'], reads: ['term', 'commit', 'log'], judge: commitsWhatIsVerified })],
    observed: [seen('commit is claimed', followerCommits)],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** Rule 3: the log is about to be cut from `index` on. */
function deletesConflict({ server, index }: LogStep): Verdict {
  if (!server.log.tells(index)) return unknown(`the events do not tell what the log of ${server.id} held`);
  let latest: ArrivedAppend | null = null;
  for (const request of server.appends.open) {
    if (request.term !== server.term) continue;
    if (conflictsAt(server, request, index) || request.entries === null) return HELD;
    latest = request;
  }
  return broken([server.log.at(index)?.seq ?? 0, latest?.seq ?? 0], whyNotCut(server, index, latest), insteadOfCut(server, latest));
}

function conflictsAt({ log }: ServerModel, request: ArrivedAppend, index: number): boolean {
  const digest = request.entries?.[index - request.prev - 1];
  if (digest === undefined || index <= request.prev) return false;
  const term = log.termAt(index);
  return term >= 0 && term !== digest.term && matchesPrev(log, request.prev, request.prevTerm);
}

function whyNotCut({ id, log, term: ownTerm }: ServerModel, index: number, latest: ArrivedAppend | null): string {
  const term = log.termAt(index);
  const entry = term < 0 ? `entry ${index}` : `entry ${index} of term ${term}`;
  const cut = `${id} deletes its log from ${entry} on`;
  if (latest === null) return `${cut}, and no AppendEntries of term ${ownTerm} waits for an answer`;
  if (latest.prev + latest.n < index)
    return `${cut}, but the request from ${latest.src} ends at ${latest.prev + latest.n}: an entry that is merely missing conflicts with nothing`;
  if (!matchesPrev(log, latest.prev, latest.prevTerm)) return `${cut}, for a request that rule 2 refuses`;
  return `${cut}, although the request from ${latest.src} has the same entry there`;
}

function insteadOfCut(server: ServerModel, latest: ArrivedAppend | null): string {
  if (latest === null || latest.entries === null) return 'no deletion';
  for (let index = Math.max(latest.prev, server.log.base) + 1; index <= latest.prev + latest.n; index++) {
    if (index <= server.log.last && conflictsAt(server, latest, index)) return `a deletion from the first conflict on, index ${index}`;
  }
  return 'no deletion: nothing in the request conflicts with the log';
}

/** Rule 4: `entries` are about to be written at `index`. */
function appendsWhatIsGiven({ server, event, index, entries, given, refused }: LogStep): Verdict {
  const { log } = server;
  const isGap = index > log.last + 1 && event.last !== log.last;
  if (given && !isGap) return HELD;
  const wrong: Broken[] = [];
  if (isGap)
    wrong.push(
      broken([server.logSeq], `${server.id} appends at index ${index} although its log ends at ${log.last}`, `index ${log.last + 1}`),
    );
  if (!given && refused === null) wrong.push(notGiven(server, index, entries.length));
  return wrong.length === 0 ? HELD : wrong;
}

function notGiven(server: ServerModel, index: number, count: number): Broken {
  const latest = server.appends.open.findLast((request) => request.term === server.term) ?? null;
  const request = latest === null ? `no AppendEntries of term ${server.term} waits for an answer` : describe(latest);
  return broken(
    [latest?.seq ?? 0],
    `${server.id} appends ${count} entries from index ${index} on that no request puts there: ${request}`,
    latest === null
      ? 'no new entry'
      : `entries ${latest.prev + 1} to ${latest.prev + latest.n} of that request, where its prevLogIndex matches`,
  );
}

/** Rule 2: the server does what a request says that it has to refuse. */
function obeys({ server, refused: request, does }: ObeyStep): Verdict {
  if (request === null) return null;
  const { prev } = request;
  const { log } = server;
  const has = prev > log.last ? `its log ends at ${log.last}` : `it has an entry of term ${log.termAt(prev)} there`;
  return broken(
    [request.seq, log.at(prev)?.seq ?? log.tip?.seq ?? 0, server.logSeq],
    `${server.id} ${does} by a request that it has to refuse: ${describe(request)}, but ${has}`,
    'a refusal, and no change',
  );
}

/** Rule 5: the commit index of a follower rises to `to`, which is more than earlier replies have verified. */
function commitsWhatIsVerified({ server, to, refused }: CommitStep): Verdict {
  if (to <= server.commitBound || refused !== null) return HELD;
  const latest = server.appends.open.findLast((request) => request.term === server.term) ?? null;
  const bound = Math.max(server.commitBound, server.commit);
  const request = latest === null ? 'no request allows more' : describe(latest);
  return broken(
    [server.commitBoundSeq, latest?.seq ?? 0],
    `${server.id} sets commitIndex to ${to}, but requests have verified and called committed no more than ${bound}: ${request}`,
    bound > server.commit ? `commitIndex ${bound}` : `commitIndex stays ${server.commit}`,
  );
}

/** Success is told to a request that is known. */
function succeeds({ event, appendRequest }: AppendReplyStep): boolean {
  return event.success === true && appendRequest !== null;
}

function succeedsInCurrentTerm({ server, event, appendRequest: request }: AppendReplyStep): Verdict {
  if (request === null) return null;
  const late = event.msgTerm !== undefined && event.msgTerm > request.term;
  if (request.term >= request.arrivalTerm && !late) return HELD;
  const term = Math.max(request.arrivalTerm, event.msgTerm ?? 0);
  return broken(
    [request.seq],
    `${server.id} tells success in term ${term} to a request of term ${request.term}`,
    'success false, with the higher term',
  );
}

function isPaired({ event, appendRequest }: AppendReplyStep): boolean {
  return event.success === true || (event.success === false && appendRequest !== null);
}

/** Rule 2: success where prevLogIndex matches, a refusal where it does not. */
function answersAsPrevMatches({ server, event, appendRequest: request }: AppendReplyStep): Verdict {
  if (request === null) return unknown(`an AppendEntriesReply of ${server.id} cannot be paired with its request`);
  const { prev } = request;
  if (prev > 0 && !server.log.tells(prev)) return unknown(`the events do not tell what the log of ${server.id} held`);
  return event.success === true ? takes(server, request) : refuses(server, request);
}

function takes(server: ServerModel, request: ArrivedAppend): Verdict {
  const { log } = server;
  if (request.matchedOnArrival || matchesPrev(log, request.prev, request.prevTerm)) return HELD;
  const term = log.termAt(request.prev);
  const held = request.prev > log.last ? `its log ends at ${log.last}` : `it has an entry of term ${term} there`;
  return broken(
    [log.at(request.prev)?.seq ?? server.logSeq, request.seq],
    `${server.id} tells success to prevLogIndex ${request.prev} of prevLogTerm ${request.prevTerm}, but ${held}`,
    'success false',
  );
}

function refuses(server: ServerModel, request: ArrivedAppend): Verdict {
  const { log } = server;
  if (request.prevTerm < 0) return unknown('AppendEntries lines lack prevTerm');
  if (server.term > request.term || request.arrivalTerm > request.term) return HELD;
  if (!request.matchedOnArrival || !matchesPrev(log, request.prev, request.prevTerm)) return HELD;
  return broken(
    [log.at(request.prev)?.seq ?? 0, request.seq],
    `${server.id} refuses prevLogIndex ${request.prev} of prevLogTerm ${request.prevTerm}, which its log holds`,
    'success',
  );
}

function succeedsWithEntries(step: AppendReplyStep): Verdict {
  const { server, event, appendRequest: request } = step;
  if (request === null) return null;
  const { log } = server;
  const verified = request.prev + request.n;
  // A reply that tells its match claims no more than that: etcd answers a request that came late with its commit index.
  const last = Math.min(verified, event.match ?? Number.POSITIVE_INFINITY);
  const isJudged = server.term === request.term && log.known;
  const lacks = isJudged && request.n > 0 && !holdsAt(log, request, last);
  const claims = claimsTooMuch(step, verified);
  if (!lacks) return claims ?? (isJudged ? HELD : null);
  const ends = log.last < last ? `ends at ${log.last}` : 'has another entry there';
  const wrong = broken(
    [request.seq, server.logSeq],
    `${server.id} tells success to entries up to ${last}, but its log ${ends}`,
    'success once the new entries are in the log',
  );
  return heldUnless(wrong, claims);
}

/** The reply may not tell of a match beyond what the request verified: what follows in the log may be another leader's. */
function claimsTooMuch({ server, event: { match }, appendRequest: request }: AppendReplyStep, verified: number): Broken | null {
  if (request === null || !request.isPrevTold || match === undefined || match <= Math.max(verified, server.commit)) return null;
  return broken(
    [request.seq],
    `${server.id} tells that its log matches up to ${match}, but the request verified it up to ${verified} only`,
    `match ${verified}`,
  );
}

function describe(request: ArrivedAppend): string {
  return (
    `the request from ${request.src} has prevLogIndex ${request.prev} of term ${request.prevTerm}, ` +
    `${request.n} entries and leaderCommit ${request.leaderCommit}`
  );
}
