import { sameDigest } from '../model/entry-record.ts';
import type { Step } from '../model/step.ts';
import { at, type Broken, broken, HELD, type RuleRow, type Unknown, unknown, unknownInPart, type Verdict } from './rule.ts';

/** AppendEntries, its sender (figure 2; 5.3). */
export const APPEND_ENTRIES_SENDER = {
  'append-sender': {
    title: 'AppendEntries sender',
    section: 'figure 2, AppendEntries; 5.3',
    about: 'logs',
    text: "Only the term's leader sends AppendEntries; prevLogTerm, the entries and leaderCommit are those of its own log.",
    kind: 'step',
    checks: [at('sends AppendEntries', { reads: ['term', 'role', 'commit', 'log', 'history'], judge: sendsAsLeader })],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function sendsAsLeader(step: Step): Verdict {
  const wrongCommit = otherCommit(step);
  const rest = isOfLeader(step, step.event.msgTerm);
  if (wrongCommit === null) return rest;
  return rest !== HELD && 'why' in rest ? [rest, wrongCommit] : wrongCommit;
}

function isOfLeader(step: Step, msgTerm: number | undefined): typeof HELD | Unknown | Broken {
  const { server } = step;
  if (msgTerm === undefined) return unknown('AppendEntries lines lack msgTerm');
  // A message of a term that the server led may leave after it has stepped down; its log may have changed since.
  if (server.role === 'leader' && server.term === msgTerm) return sendsOwnLog(step);
  if (server.led.get(msgTerm) !== null) return HELD;
  if (server.term < 0 || !server.roleKnown) return unknownInPart(`the term or the role of ${server.id} is not told`);
  if (msgTerm <= server.historyFrom) return unknownInPart(`${server.id} may have led term ${msgTerm} before its lines begin`);
  if (!server.led.complete && msgTerm < server.term) return HELD;
  return broken(
    [server.roleSeq],
    `${server.id} sends AppendEntries of term ${msgTerm}, which it does not lead: it is ${server.role} of term ${server.term}`,
    'no AppendEntries',
  );
}

function otherCommit({ server, event: { msgTerm, leaderCommit } }: Step): Broken | null {
  if (msgTerm === undefined || leaderCommit === undefined || server.commit < 0 || leaderCommit <= server.commit) return null;
  return broken(
    [server.commitSeq],
    `${server.id} tells leaderCommit ${leaderCommit}, but its commitIndex is ${server.commit}`,
    `leaderCommit ${server.commit}`,
  );
}

function sendsOwnLog(step: Step): typeof HELD | Unknown | Broken {
  const { server, event } = step;
  const { prev, prevTerm } = event;
  if (prev === undefined || prevTerm === undefined) return unknownInPart('AppendEntries lines lack prev or prevTerm');
  const { log } = server;
  if (!log.known) return unknownInPart(`no line tells of the log of ${server.id}`);
  const wrongPrev = prev < log.base && !log.hole ? compacted(step, prev, prevTerm) : wrongTerm(step, prev, prevTerm);
  return wrongPrev ?? otherEntry(step, prev) ?? HELD;
}

function wrongTerm({ server: { id, log, logSeq } }: Step, prev: number, prevTerm: number): Broken | null {
  if (prev > log.last)
    return broken([logSeq], `${id} tells prevLogIndex ${prev}, but its log ends at ${log.last}`, `prevLogIndex ${log.last} at most`);
  const known = log.termAt(prev);
  if (known < 0 || known === prevTerm) return null;
  return broken(
    [log.at(prev)?.seq ?? 0],
    `${id} tells prevLogTerm ${prevTerm} at prevLogIndex ${prev}, but its entry there is of term ${known}`,
    `prevLogTerm ${known}`,
  );
}

/** A server may keep entries that its snapshot covers; one that does not cannot know prevLogTerm any more. */
function compacted({ server: { id, log, logSeq }, cluster }: Step, prev: number, prevTerm: number): Broken | null {
  const term = prev === 0 ? 0 : (cluster.entries.committedAt(prev)?.term ?? prevTerm);
  if (term === prevTerm) return null;
  return broken(
    [logSeq],
    `${id} sends AppendEntries after prevLogIndex ${prev} of prevLogTerm ${prevTerm}, but its snapshot of index ` +
      `${log.base} has replaced that entry, which was of term ${term}`,
    'InstallSnapshot',
  );
}

function otherEntry({ server: { id, log, logSeq }, event: { entries } }: Step, prev: number): Broken | null {
  if (entries === undefined) return null;
  for (let i = 0; i < entries.length; i++) {
    const index = prev + 1 + i;
    const sent = entries[i];
    const record = log.at(index);
    if (index <= log.base || (record !== null && sent !== undefined && sameDigest(record.digest, sent))) continue;
    return broken(
      [record?.seq ?? logSeq],
      `${id} sends entry ${index} as ${sent?.term}:${sent?.hash}, but ` +
        (record === null ? `its log ends at ${log.last}` : `holds ${record.term}:${record.digest.hash} there`),
      'entries of its own log',
    );
  }
  return null;
}
