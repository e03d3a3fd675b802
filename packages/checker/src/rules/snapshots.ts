import type { Event } from '@raftlens/events';
import type { ServerModel } from '../model/server-model.ts';
import type { SnapshotReplyStep, Step } from '../model/step.ts';
import { at, type Broken, broken, HELD, type RuleRow, unknown, type Verdict } from './rule.ts';

/** Snapshots: taking them (7), and InstallSnapshot's sender and receiver (figure 13). */
export const SNAPSHOTS = {
  'snapshot-take': {
    title: 'Snapshotting',
    section: '7',
    about: 'snapshots',
    text: 'A snapshot covers only applied entries, and keeps the term of the last of them.',
    kind: 'step',
    checks: [at('SnapshotTaken', { reads: ['applied', 'commit', 'log'], judge: takes })],
  },
  'snapshot-sender': {
    title: 'InstallSnapshot sender',
    section: 'figure 13; 7',
    about: 'snapshots',
    text: 'Only the leader of the term sends a snapshot, of committed entries, with the term of the last of them.',
    kind: 'step',
    checks: [at('sends InstallSnapshot', { reads: ['term', 'role', 'commit', 'log', 'history'], judge: sends })],
  },
  'snapshot-receiver': {
    title: 'InstallSnapshot receiver',
    section: 'figure 13; 7',
    about: 'snapshots',
    text: 'A snapshot is installed when the current leader has sent it whole, never over newer state; it is durable before success is told.',
    kind: 'step',
    checks: [
      at('SnapshotInstalled', { reads: ['commit', 'log'], judge: installsOverOlderState }),
      at('SnapshotInstalled', {
        needs: ['received InstallSnapshots'],
        reads: ['term'],
        counts: false,
        judge: installsWhatWasSent,
      }),
      at('sends InstallSnapshotReply', { reads: ['term', 'log', 'durable log'], judge: succeeds }),
    ],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function takes(step: Step): Verdict {
  const { server, event } = step;
  const { index, indexTerm } = event;
  if (index === undefined) return null;
  // A log without a word of what is applied proves nothing: that the server has started with 0 is not where it stands now.
  if (event.applied === undefined && server.appliedSeq === 0) return unknown(`no line tells what ${server.id} has applied`);
  const wrong: Broken[] = [];
  const applied = Math.max(event.applied ?? server.applied, server.handedOver);
  if (applied >= 0 && index > applied)
    wrong.push(
      broken(
        [server.appliedSeq],
        `${server.id} takes a snapshot of index ${index}, but has applied only ${applied}`,
        `a snapshot of index ${applied} at most`,
      ),
    );
  return heldUnless(wrong, otherTerm(step, index, indexTerm));
}

/** The term at the boundary is what the next prevLogTerm is compared with. */
function otherTerm({ server, cluster }: Step, index: number, told: number | undefined): Broken | null {
  const record = server.log.at(index) ?? (index <= server.commit ? cluster.entries.committedAt(index) : null);
  if (told === undefined || record === null || told === record.term) return null;
  return broken(
    [record.seq],
    `${server.id} gives the snapshot of index ${index} the term ${told}, but the entry there is of term ${record.term}`,
    `term ${record.term}`,
  );
}

function heldUnless(wrong: Broken[], last: Broken | null): Verdict {
  if (last !== null) wrong.push(last);
  return wrong.length === 0 ? HELD : wrong;
}

function sends(step: Step): Verdict {
  const { server, event } = step;
  const { msgTerm, lastIncludedIndex: index, lastIncludedTerm } = event;
  if (msgTerm === undefined || index === undefined || server.term < 0)
    return unknown('InstallSnapshot lines lack term, msgTerm or lastIncludedIndex');
  const wrong: Broken[] = [];
  const leads = server.role === 'leader' && server.term === msgTerm;
  if (!leads && msgTerm <= server.historyFrom) return unknown(`${server.id} may have led term ${msgTerm} before its lines begin`);
  if (!leads && server.led.get(msgTerm) === null && (msgTerm === server.term || server.led.complete))
    wrong.push(broken([server.roleSeq], `${server.id} sends a snapshot in term ${msgTerm}, which it does not lead`, 'no InstallSnapshot'));
  if (server.commit >= 0 && index > server.commit)
    wrong.push(
      broken(
        [server.commitSeq],
        `${server.id} sends a snapshot of index ${index}, but its commitIndex is ${server.commit}`,
        'a snapshot of committed entries',
      ),
    );
  return heldUnless(wrong, otherTerm(step, index, lastIncludedTerm));
}

function installsOverOlderState({ server, event }: Step): Verdict {
  const { index, indexTerm, commit, last } = event;
  if (index === undefined) return null;
  const { log } = server;
  const wrong: Broken[] = [];
  if (index <= server.commit)
    wrong.push(
      broken(
        [server.commitSeq],
        `${server.id} installs a snapshot of index ${index} over a state with commitIndex ${server.commit}`,
        'to keep its newer state',
      ),
    );
  if (commit !== undefined && commit < index && index > server.commit)
    wrong.push(
      broken(
        [server.commitSeq],
        `${server.id} installs a snapshot of index ${index}, which only covers committed entries, and leaves commitIndex at ${commit}`,
        `commitIndex ${index} at least`,
      ),
    );
  if (log.termAt(index) === indexTerm && last !== undefined && last < log.last && index > log.base)
    wrong.push(
      broken(
        [log.at(index)?.seq ?? 0, server.logSeq],
        `${server.id} discards its log up to ${log.last} for a snapshot that ends with entry ${index} of term ${indexTerm}, which the log holds`,
        'to keep the entries after it (figure 13, rule 6)',
      ),
    );
  return heldUnless(wrong, keepsOtherEntries(server, event));
}

/** Rule 7: a log without the snapshot's last entry is discarded whole. */
function keepsOtherEntries({ id, log, logSeq }: ServerModel, { index = 0, indexTerm, last }: Event): Broken | null {
  const term = log.termAt(index);
  const agrees = term < 0 ? index <= log.last : indexTerm === undefined || term === indexTerm;
  if (!log.known || last === undefined || last <= index || agrees) return null;
  return broken(
    [log.at(index)?.seq ?? 0, logSeq],
    `${id} keeps its log up to ${last} behind a snapshot that ends with entry ${index} of term ${indexTerm}, which the log does not hold`,
    'to discard the whole log (figure 13, rule 7)',
  );
}

function installsWhatWasSent({ server, event }: Step): Verdict {
  const { index, indexTerm } = event;
  if (index === undefined) return null;
  const { open } = server.snapshots;
  const sent = open.find((request) => request.index === index && request.term === server.term);
  if (sent === undefined || (indexTerm !== undefined && sent.indexTerm !== indexTerm))
    return broken(
      [sent?.seq ?? 0],
      `${server.id} installs a snapshot of index ${index} and term ${indexTerm} that no leader of term ${server.term} has sent it`,
      'no installation',
    );
  if (sent.done || open.some((request) => request.index === index && request.done)) return null;
  return broken([sent.seq], `${server.id} installs a snapshot before its last chunk has come`, 'to wait for the rest (figure 13, rule 4)');
}

function succeeds({ server, event, snapshotRequest: request }: SnapshotReplyStep): Verdict {
  if (request === null || event.success !== true) return null;
  const { durable, log } = server;
  const wrong: Broken[] = [];
  if (request.term < request.arrivalTerm)
    wrong.push(
      broken(
        [request.seq],
        `${server.id} tells success to a snapshot of term ${request.term} although its own term was ${request.arrivalTerm}`,
        'success false (figure 13, rule 1)',
      ),
    );
  const isWhole = request.done && server.term <= request.term;
  if (isWhole && durable.tellsLog && durable.last < request.index && log.last >= request.index)
    wrong.push(
      broken(
        [request.seq, server.logSeq, durable.seq],
        `${server.id} tells success to a snapshot of index ${request.index} while its disk holds the log up to ${durable.last} only`,
        'the reply after the Persist of the snapshot',
      ),
    );
  return heldUnless(wrong, null);
}
