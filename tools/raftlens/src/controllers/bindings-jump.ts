import type { Opcode } from '@raftlens/events';
import { COMMIT_OPS, ELECTION_OPS, nextFinding, nextMark, nextOfOps } from '../model/jumps.ts';
import type { App } from './app.ts';
import type { Binding } from './binding.ts';

/** Shows the violation and goes to its wrong step. */
export async function goToFinding(app: App, index: number): Promise<void> {
  const finding = app.document.findings.found[index];
  if (finding === undefined) return;
  app.dispatch({ type: 'chooseViolation', violation: index });
  app.dispatch({ type: 'panel', panel: 'violation' });
  await app.goToRow(finding.row);
}

function jumpToFinding(app: App, step: 1 | -1): void {
  const { findings } = app.document;
  const index = nextFinding(findings.found, app.row, step, app.state.violation);
  if (index < 0) app.say(`no ${step === 1 ? 'further' : 'earlier'} violation${findings.report === null ? ' so far' : ''}`);
  else void goToFinding(app, index);
}

/** The next line that proves the violation in the panel, starting over after the last. */
function jumpToEvidence(app: App): void {
  const finding = app.document.findings.found[Math.max(0, app.state.violation)];
  if (finding === undefined) return;
  const row = finding.evidenceRows.find((candidate) => candidate > app.row) ?? finding.evidenceRows[0];
  if (row !== undefined) void app.goToRow(row);
}

function jumpToOps(app: App, step: 1 | -1, ops: readonly Opcode[], what: string): void {
  const row = nextOfOps(app.state.lines, app.document.store, app.row, step, ops);
  if (row < 0) app.say(`no ${step === 1 ? 'later' : 'earlier'} ${what} among the lines shown`);
  else app.dispatch({ type: 'goToRow', row });
}

function withoutViolations(app: App): string | null {
  const { findings, testFailure } = app.document;
  const { found, report } = findings;
  if (found.length > 0) return null;
  if (report !== null && testFailure !== null) return `no rule was broken, but the test failed: ${testFailure.why}`;
  return report === null ? 'no violation found so far' : 'this log has no violation';
}

function withoutPartner(app: App): string | null {
  if (app.row < 0) return 'nothing is shown';
  return app.document.store.partnerOf(app.row) < 0 ? 'not a message, or its other end is not in the log' : null;
}

/** The reply to a request, or the request of a reply; -1 where the log has none. The index holds both. */
function answerOf({ row, document: { store } }: App): number {
  if (row < 0) return -1;
  const reply = store.replyOf(row);
  return reply >= 0 ? reply : store.requestOf(row);
}

export const jumpBindings: readonly Binding[] = [
  {
    id: 'next-violation',
    keys: ['x'],
    group: 'Jump',
    description: 'the next violation',
    disabledBecause: withoutViolations,
    run: (app) => jumpToFinding(app, 1),
  },
  {
    id: 'previous-violation',
    keys: ['X'],
    group: 'Jump',
    description: 'the violation before',
    disabledBecause: withoutViolations,
    run: (app) => jumpToFinding(app, -1),
  },
  {
    id: 'next-evidence',
    keys: ['p'],
    group: 'Jump',
    description: 'the next line that proves the violation',
    disabledBecause: withoutViolations,
    run: jumpToEvidence,
  },
  {
    id: 'other-end',
    keys: ['m'],
    group: 'Jump',
    description: 'from the send to the receive, and back',
    disabledBecause: withoutPartner,
    run: (app) => void app.goToRow(app.document.store.partnerOf(app.row)),
  },
  {
    id: 'answer',
    keys: ['r'],
    group: 'Jump',
    description: 'from the request to the reply, and back',
    disabledBecause: (app) => (answerOf(app) < 0 ? 'the log has no answer to this line' : null),
    run: (app) => void app.goToRow(answerOf(app)),
  },
  {
    id: 'next-election',
    keys: ['e'],
    group: 'Jump',
    description: 'the next step of an election',
    run: (app) => jumpToOps(app, 1, ELECTION_OPS, 'election'),
  },
  {
    id: 'previous-election',
    keys: ['E'],
    group: 'Jump',
    description: 'the step of an election before',
    run: (app) => jumpToOps(app, -1, ELECTION_OPS, 'election'),
  },
  {
    id: 'next-commit',
    keys: ['c'],
    group: 'Jump',
    description: 'the next change of a commit index',
    run: (app) => jumpToOps(app, 1, COMMIT_OPS, 'commit'),
  },
  {
    id: 'previous-commit',
    keys: ['C'],
    group: 'Jump',
    description: 'the change of a commit index before',
    run: (app) => jumpToOps(app, -1, COMMIT_OPS, 'commit'),
  },
  {
    id: 'bookmark',
    keys: ['b'],
    group: 'Jump',
    description: 'set or clear a bookmark',
    disabledBecause: (app) => (app.row < 0 ? 'nothing is shown' : null),
    run: (app) => app.dispatch({ type: 'toggleMark', row: app.row }),
  },
  {
    id: 'next-bookmark',
    keys: ['B'],
    group: 'Jump',
    description: 'the next bookmark',
    disabledBecause: (app) => (app.state.marks.length === 0 ? 'no bookmark is set' : null),
    run: (app) => void app.goToRow(nextMark(app.state.marks, app.row)),
  },
  {
    id: 'back',
    keys: ["'", 'C-o'],
    group: 'Jump',
    description: 'back to where the last jump came from',
    disabledBecause: (app) => (app.state.trail.length === 0 ? 'there was no jump' : null),
    run: (app) => app.dispatch({ type: 'goBack' }),
  },
];
