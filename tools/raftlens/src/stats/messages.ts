import type { Opcode } from '@raftlens/events';
import { DROP, FLAG_HEARTBEAT, type LogStore, OPCODE_CODES, RECV, SEND } from '@raftlens/log-store';
import { Sample, type Summary } from './percentiles.ts';

/** What became of the messages of one kind. A heartbeat is an AppendEntries without entries, or its reply. */
export interface MessageStats {
  readonly op: Opcode;
  readonly isHeartbeat: boolean;
  readonly sent: number;
  readonly received: number;
  /** The network says that it dropped them. */
  readonly dropped: number;
  /** Sent, and neither received nor dropped: lost, or still under way when the log ends. */
  readonly missing: number;
  /** From a send to its receive, in ms. */
  readonly latencyMs: Summary;
}

class MessageTally {
  sent = 0;
  received = 0;
  dropped = 0;
  missing = 0;
  readonly latency = new Sample();
}

/** The messages by kind, in the order of the table of opcodes, heartbeats apart. */
export function messageStats(store: LogStore): readonly MessageStats[] {
  const tallies = new Map<number, MessageTally>();
  const { columns } = store;
  for (const page of columns.pages) {
    for (let i = 0; i < page.count; i++) {
      const dir = page.dir[i] ?? 0;
      if (dir === 0) continue;
      const heartbeat = ((page.flags[i] ?? 0) & FLAG_HEARTBEAT) !== 0 ? 1 : 0;
      const key = (page.op[i] ?? 0) * 2 + heartbeat;
      let tally = tallies.get(key);
      if (tally === undefined) tallies.set(key, (tally = new MessageTally()));
      const partner = page.partner[i] ?? -1;
      if (dir === SEND) countSend(tally, partner);
      else if (dir === DROP) tally.dropped++;
      if (dir !== RECV) continue;
      tally.received++;
      if (partner >= 0) tally.latency.add(page.time.at(i) - columns.time(partner));
    }
  }
  return [...tallies].sort(([a], [b]) => a - b).flatMap(([key, tally]) => statsOf(key, tally));
}

function countSend(tally: MessageTally, partner: number): void {
  tally.sent++;
  if (partner < 0) tally.missing++;
}

function statsOf(key: number, { latency, ...counts }: MessageTally): MessageStats[] {
  const op = OPCODE_CODES[key >> 1];
  if (op === null || op === undefined) return [];
  return [{ op, isHeartbeat: key % 2 === 1, ...counts, latencyMs: latency.summary() }];
}
