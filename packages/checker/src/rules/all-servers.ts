import type { ChangeStep, Step } from '../model/step.ts';
import { appliesIndexByIndex } from './observed/commits.ts';
import { at, broken, HELD, type RuleRow, seen, type Verdict } from './rule.ts';

/** All servers rule 1, and how commitIndex and lastApplied move (figure 2; 5.3). */
export const ALL_SERVERS = {
  'all-servers-1': {
    title: 'All servers rule 1',
    section: 'figure 2, Rules for Servers; 5.3',
    about: 'commits',
    text: 'Committed entries are applied one by one, in the order of the log, each once, and none beyond commitIndex.',
    kind: 'step',
    checks: [
      at('Apply', { needs: ['applied'], reads: ['received InstallSnapshots', 'restarts'], judge: appliesInOrder }),
      at('Apply', { needs: ['commit'], counts: false, judge: appliesWhatIsCommitted }),
      at('Apply', { needs: ['log'], counts: false, judge: appliesItsEntry }),
    ],
    observed: [seen('apply', appliesIndexByIndex)],
  },
  'commit-rises': {
    title: 'Commit index never falls',
    section: 'figure 2, State; 5.3',
    about: 'commits',
    text: 'commitIndex never falls while the server runs, and stays within the log.',
    kind: 'invariant',
    checks: [
      at('boot', { counts: false, judge: startsWithinItsLog }),
      at('commit', { governs: rises, reads: ['log'], judge: staysWithinItsLog }),
      at('commit', { governs: falls, needs: ['restarts'], reads: ['commit'], judge: commitFalls }),
    ],
  },
  'applied-rises': {
    title: 'Applied index never falls',
    section: 'figure 2, State; 5.3',
    about: 'commits',
    text: 'lastApplied never falls while the server runs, and never passes commitIndex.',
    kind: 'invariant',
    checks: [
      at('applied', { governs: rises, reads: ['commit'], judge: appliesNoMoreThanCommitted }),
      at('applied', { governs: falls, needs: ['restarts'], reads: ['applied'], judge: appliedFalls }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function rises({ from, to }: ChangeStep): boolean {
  return to >= from;
}

function falls({ from, to }: ChangeStep): boolean {
  return to < from;
}

function appliesInOrder({ server, event: { index } }: Step): Verdict {
  if (index === undefined) return null;
  const { servedIndex: applied, restoreIndex } = server;
  const isRestored = applied < restoreIndex && index === restoreIndex + 1;
  const isAgain = index <= applied && !server.restartsAreTold;
  if (index === applied + 1 || isRestored || isAgain) return HELD;
  return broken([server.appliedSeq], `${server.id} applies index ${index} after index ${applied}`, `index ${applied + 1}`);
}

function appliesWhatIsCommitted({ server, event }: Step): Verdict {
  const { index } = event;
  const commit = event.commit ?? server.commit;
  if (index === undefined || index <= commit) return null;
  return broken([server.commitSeq], `${server.id} applies index ${index}, but its commitIndex is ${commit}`, 'nothing yet');
}

/** The log holds another entry there, or none. */
function appliesItsEntry({ server, event: { index, entryTerm, hash } }: Step): Verdict {
  if (index === undefined) return null;
  const record = server.log.at(index);
  if (record === null) {
    if (index <= server.log.last) return null;
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

/** Within an incarnation. Rises are for the rules of leaders and receivers to judge. */
function staysWithinItsLog({ server, event, to }: ChangeStep): Verdict {
  if (event.last === undefined || to <= event.last) return HELD;
  return broken(
    [server.logSeq],
    `${server.id} sets commitIndex to ${to}, but its log ends at ${event.last}`,
    `commitIndex ${event.last} at most`,
  );
}

function commitFalls({ server, from, to }: ChangeStep): Verdict {
  return broken([server.commitSeq], `commitIndex of ${server.id} falls from ${from} to ${to}`, `commitIndex ${from}`);
}

function appliesNoMoreThanCommitted({ server, event, to }: ChangeStep): Verdict {
  const { commit } = server;
  if (commit < 0 || to <= commit || event.op === 'Apply') return HELD;
  return broken([server.commitSeq], `lastApplied of ${server.id} is ${to}, but its commitIndex is ${commit}`, `${commit} at most`);
}

function appliedFalls({ server, from, to }: ChangeStep): Verdict {
  return broken([server.appliedSeq], `lastApplied of ${server.id} falls from ${from} to ${to}`, `lastApplied ${from}`);
}
