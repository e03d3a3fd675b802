import type { Opcode } from '@raftlens/events';
import { type Columns, DROP, FLAG_HEARTBEAT, OPCODE_CODES } from '@raftlens/log-store';
import type { FoldRules } from './folded-rows.ts';

const HEARTBEATS = 1;
const LIKE_EVENTS_LEAST = 4;

/** What happens rarely and decides everything is never folded away. */
const NEVER_FOLDED: readonly Opcode[] = [
  'Boot',
  'Timeout',
  'BecomeFollower',
  'BecomePreCandidate',
  'BecomeCandidate',
  'BecomeLeader',
  'Vote',
  'Truncate',
  'ConfigChange',
  'SnapshotInstalled',
  'Crash',
  'Partition',
  'Heal',
  'Fault',
  'Violation',
  'TestBegin',
  'TestEnd',
];

const FOLDS = OPCODE_CODES.map((op) => op !== null && !NEVER_FOLDED.includes(op));

/** Heartbeats fold with heartbeats, whoever sends them; other lines with those of the same node, opcode and direction. */
export function foldRules(columns: Columns): FoldRules {
  return {
    classOf(row) {
      // What was lost explains what happens next.
      if (columns.dir(row) === DROP) return 0;
      if ((columns.flags(row) & FLAG_HEARTBEAT) !== 0) return HEARTBEATS;
      const op = columns.op(row);
      if (FOLDS[op] !== true) return 0;
      return 2 + op + 256 * (columns.dir(row) + 4 * columns.node(row));
    },
    leastOf: (foldClass) => (foldClass === HEARTBEATS ? 2 : LIKE_EVENTS_LEAST),
  };
}
