import type { BootStep, ChangeStep, FallStep, Step } from '../model/step.ts';
import { tellsNoLowerTerm } from './observed/elections.ts';
import { at, broken, HELD, type RuleRow, seen, unknown, type Verdict } from './rule.ts';

/** All servers rule 2 and Candidates rule 3: when a term rises, and what a server owes to a message (figure 2; 5.1, 5.2). */
export const TERMS = {
  'all-servers-2': {
    title: 'All servers rule 2',
    section: 'figure 2, Rules for Servers; 5.1',
    about: 'elections',
    text: 'A server that sees a higher term in a request or reply adopts it and becomes a follower; nothing else but an election raises its term.',
    kind: 'step',
    checks: [
      at('term', { governs: risesByAMessage, needs: ['received messages'], reads: ['term', 'role', 'heard'], judge: risesForACause }),
      at('owes its term', { reads: ['term', 'role', 'heard'], judge: adoptsTerm }),
    ],
  },
  'candidates-3': {
    title: 'Candidates rule 3',
    section: 'figure 2, Rules for Servers; 5.2',
    about: 'elections',
    text: 'A candidate that hears from the leader of its term becomes a follower.',
    kind: 'step',
    checks: [at('owes its leader', { reads: ['term', 'role', 'heard'], judge: givesWay })],
  },
  'own-leader': {
    title: 'Leader of the term',
    section: '5.1, 5.2',
    about: 'elections',
    text: 'A server takes only one for its leader who has sent AppendEntries, InstallSnapshot or TimeoutNow of its own term.',
    kind: 'step',
    checks: [
      at('BecomeFollower', {
        governs: (step) => isAnother(step, step.event.leader ?? null),
        reads: ['term', 'heard', 'heard leaders'],
        judge: (step) => followsItsLeader(step, step.event.leader ?? null, 'follows'),
      }),
      at('asks its leader', {
        governs: (step) => isAnother(step, step.event.dst),
        reads: ['term', 'heard', 'heard leaders'],
        judge: (step) => (isOfItsTerm(step) ? followsItsLeader(step, step.event.dst, 'asks') : null),
      }),
    ],
  },
  'terms-rise': {
    title: 'Terms never fall',
    section: '5.1',
    about: 'elections',
    text: "A server's currentTerm never falls, nor does the one on its disk.",
    kind: 'invariant',
    checks: [
      at('term', { judge: () => HELD }),
      at('term fell', { counts: false, judge: fell }),
      at('boot', { governs: ({ server }) => server.durable.tellsState, reads: ['durable state'], judge: startsInItsTerm }),
    ],
    observed: [seen('reply', tellsNoLowerTerm)],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

/** The term rises without an election. */
function risesByAMessage({ server, from, to, toRole }: ChangeStep): boolean {
  const stands = (toRole === 'candidate' || toRole === 'leader') && server.role !== 'leader' && to === from + 1;
  return to > from && !stands;
}

function risesForACause({ server, from, to }: ChangeStep): Verdict {
  const told = Math.max(server.heardTerm, server.ignorableTerm);
  if (to <= told) return HELD;
  const heard = told < 0 ? 'no message has told of a higher term' : `the highest term that a message has told is ${told}`;
  return broken([server.heardSeq, server.termSeq], `currentTerm of ${server.id} rises from ${from} to ${to}, but ${heard}`, `term ${from}`);
}

function fell({ server, termSeq, from, to }: FallStep): Verdict {
  return broken([termSeq], `currentTerm of ${server.id} falls from ${from} to ${to}`, `a term of at least ${from}`);
}

function startsInItsTerm({ server: { id, durable }, event: { term } }: BootStep): Verdict {
  if (durable.lostSeq !== 0 || term === undefined) return null;
  if (term >= durable.term) return HELD;
  return broken([durable.seq], `${id} starts in term ${term}, but its disk held term ${durable.term}`, `term ${durable.term}`);
}

function isAnother({ server }: Step, leader: string | null): boolean {
  return leader !== null && leader !== server.id && server.term >= 0;
}

/** A question that had to wait for the disk may leave in a later term than that in which it was asked. */
function isOfItsTerm({ server, event }: Step): boolean {
  return event.msgTerm === undefined || event.msgTerm === server.term;
}

function followsItsLeader({ server }: Step, leader: string | null, does: string): Verdict {
  if (server.lastLeader === leader && server.lastLeaderTerm === server.term) return HELD;
  if (!server.leadersAreTold) return unknown(`${server.id} does not tell which AppendEntries it received`);
  const isStale = server.staleLeader === leader && server.staleLeaderSeq !== 0;
  return broken(
    [server.termSeq, isStale ? server.staleLeaderSeq : 0],
    `${server.id} ${does} ${leader} as the leader of term ${server.term}, and ${leader} has sent it ${isStale ? 'only messages of an older term' : 'no message as the leader of that term'}`,
    'to wait until the leader of the term is heard',
  );
}

/** The server has gone on for too long in a lower term than a message told. */
function adoptsTerm({ server }: Step): Verdict {
  return broken(
    [server.heardSeq],
    `${server.id} has received a message of term ${server.heardTerm} and goes on as ${server.role} of term ${server.term}`,
    `term ${server.heardTerm}, as a follower`,
  );
}

/** The server has become a follower, or has gone on for too long without. */
function givesWay({ server }: Step): Verdict {
  if (server.role === 'follower') return HELD;
  return broken(
    [server.roleSeq, server.leaderSeq],
    `${server.id} has heard from the leader of term ${server.term} and goes on as ${server.role}`,
    'a follower of that leader',
  );
}
