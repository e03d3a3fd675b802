import type { ChangeStep, Step } from '../model/step.ts';
import { at, type Broken, broken, HELD, heldUnless, type RuleRow, unknown, type Verdict } from './rule.ts';

const NO_RESTARTS = 'no line tells when a server has started';

/** All servers rule 1, and how commitIndex and lastApplied move (figure 2; 5.3). */
export const ALL_SERVERS = {
  'all-servers-1': {
    title: 'All servers rule 1',
    section: 'figure 2, Rules for Servers; 5.3',
    about: 'commits',
    text: 'Committed entries are applied one by one, in the order of the log, each once, and none beyond commitIndex.',
    kind: 'step',
    checks: [at('Apply', { reads: ['applied', 'commit', 'log', 'snapshots', 'kinds'], judge: applies })],
  },
  'commit-rises': {
    title: 'Commit index never falls',
    section: 'figure 2, State; 5.3',
    about: 'commits',
    text: 'commitIndex never falls while the server runs, and stays within the log.',
    kind: 'invariant',
    checks: [
      at('boot', { counts: false, judge: startsWithinItsLog }),
      at('commit', { reads: ['commit', 'log', 'kinds'], judge: commitRises }),
    ],
  },
  'applied-rises': {
    title: 'Applied index never falls',
    section: 'figure 2, State; 5.3',
    about: 'commits',
    text: 'lastApplied never falls while the server runs, and never passes commitIndex.',
    kind: 'invariant',
    checks: [at('applied', { reads: ['applied', 'commit', 'kinds'], judge: appliedRises })],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function applies(step: Step): Verdict {
  const { index } = step.event;
  if (index === undefined) return null;
  const outOfOrder = isOutOfOrder(step, index);
  const other = isOther(step, index);
  return outOfOrder === null && other === null ? HELD : heldUnless(outOfOrder, other);
}

function isOutOfOrder({ server, event }: Step, index: number): Broken | null {
  const { applied, restoreIndex } = server;
  const commit = event.commit ?? server.commit;
  const restored = applied < restoreIndex && index === restoreIndex + 1;
  const again = index <= applied && !server.restartsAreTold;
  if (applied >= 0 && index !== applied + 1 && !restored && !again)
    return broken([server.appliedSeq], `${server.id} applies index ${index} after index ${applied}`, `index ${applied + 1}`);
  if (commit < 0 || index <= commit) return null;
  return broken([server.commitSeq], `${server.id} applies index ${index}, but its commitIndex is ${commit}`, 'nothing yet');
}

/** The log holds another entry there, or none. */
function isOther({ server, event: { entryTerm, hash } }: Step, index: number): Broken | null {
  const record = server.log.at(index);
  if (record === null) {
    if (!server.log.known || index <= server.log.last) return null;
    return broken([server.logSeq], `${server.id} applies index ${index}, but its log ends at ${server.log.last}`, 'nothing yet');
  }
  if ((entryTerm === undefined || entryTerm === record.term) && (hash === undefined || hash === record.digest.hash)) return null;
  return broken(
    [record.seq, server.logSeq],
    `${server.id} applies ${entryTerm}:${hash} at index ${index}, but its log holds ${record.term}:${record.digest.hash} there`,
    `${record.term}:${record.digest.hash}`,
  );
}

function startsWithinItsLog({ server, event: { commit, last, snapshotIndex = 0 } }: Step): Verdict {
  if (commit !== undefined && commit < snapshotIndex)
    return broken(
      [],
      `${server.id} starts with commitIndex ${commit} on a snapshot of index ${snapshotIndex}, which covers committed entries only`,
      `commitIndex ${snapshotIndex} at least`,
    );
  if (commit === undefined || last === undefined || commit <= last) return null;
  return broken([], `${server.id} starts with commitIndex ${commit}, but its log ends at ${last}`, `commitIndex ${last} at most`);
}

/** commitIndex changes within an incarnation. Rises are for the rules of leaders and receivers to judge. */
function commitRises({ server, event, from, to }: ChangeStep): Verdict {
  if (to < from)
    return server.restartsAreTold
      ? broken([server.commitSeq], `commitIndex of ${server.id} falls from ${from} to ${to}`, `commitIndex ${from}`)
      : unknown(NO_RESTARTS);
  if (event.last === undefined || to <= event.last) return HELD;
  return broken(
    [server.logSeq],
    `${server.id} sets commitIndex to ${to}, but its log ends at ${event.last}`,
    `commitIndex ${event.last} at most`,
  );
}

function appliedRises({ server, event, from, to }: ChangeStep): Verdict {
  if (to < from)
    return server.restartsAreTold
      ? broken([server.appliedSeq], `lastApplied of ${server.id} falls from ${from} to ${to}`, `lastApplied ${from}`)
      : unknown(NO_RESTARTS);
  const { commit } = server;
  if (commit < 0 || to <= commit || event.op === 'Apply') return HELD;
  return broken([server.commitSeq], `lastApplied of ${server.id} is ${to}, but its commitIndex is ${commit}`, `${commit} at most`);
}
