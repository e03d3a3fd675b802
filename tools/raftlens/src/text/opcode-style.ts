import type { Opcode } from '@raftlens/events';
import type { Tone } from './line.ts';

/** How an opcode stands in a narrow column, and what its meaning is for the eye. */
interface OpcodeStyle {
  readonly short: string;
  readonly tone: Tone;
}

const STYLES = {
  PreVote: { short: 'PV', tone: 'candidate' },
  PreVoteReply: { short: 'PVR', tone: 'candidate' },
  RequestVote: { short: 'RV', tone: 'candidate' },
  RequestVoteReply: { short: 'RVR', tone: 'candidate' },
  AppendEntries: { short: 'AE', tone: 'plain' },
  AppendEntriesReply: { short: 'AER', tone: 'plain' },
  InstallSnapshot: { short: 'IS', tone: 'plain' },
  InstallSnapshotReply: { short: 'ISR', tone: 'plain' },
  TimeoutNow: { short: 'TN', tone: 'candidate' },
  Propose: { short: 'PROP', tone: 'plain' },
  ReadIndex: { short: 'RI', tone: 'plain' },
  ReadIndexReply: { short: 'RIR', tone: 'plain' },
  Boot: { short: 'BOOT', tone: 'strong' },
  Timeout: { short: 'TIME', tone: 'candidate' },
  BecomeFollower: { short: 'FOLL', tone: 'follower' },
  BecomePreCandidate: { short: 'PCND', tone: 'election' },
  BecomeCandidate: { short: 'CAND', tone: 'election' },
  BecomeLeader: { short: 'LEAD', tone: 'leader' },
  Vote: { short: 'VOTE', tone: 'candidate' },
  Start: { short: 'STRT', tone: 'strong' },
  Append: { short: 'APND', tone: 'plain' },
  Truncate: { short: 'TRNC', tone: 'warning' },
  Persist: { short: 'PERS', tone: 'faint' },
  Commit: { short: 'CMIT', tone: 'commit' },
  Apply: { short: 'APPL', tone: 'commit' },
  SnapshotTaken: { short: 'SNAP', tone: 'strong' },
  SnapshotInstalled: { short: 'SNIN', tone: 'strong' },
  ConfigChange: { short: 'CONF', tone: 'strong' },
  Progress: { short: 'PROG', tone: 'faint' },
  ReadStart: { short: 'RDST', tone: 'plain' },
  ReadReady: { short: 'RDOK', tone: 'plain' },
  TransferLeader: { short: 'XFER', tone: 'strong' },
  Lock: { short: 'LOCK', tone: 'faint' },
  Unlock: { short: 'UNLK', tone: 'faint' },
  Wait: { short: 'WAIT', tone: 'faint' },
  Signal: { short: 'SGNL', tone: 'faint' },
  Invoke: { short: 'CALL', tone: 'strong' },
  Ok: { short: 'OK', tone: 'commit' },
  Fail: { short: 'FAIL', tone: 'warning' },
  Info: { short: 'INFO', tone: 'faint' },
  TestBegin: { short: 'TEST', tone: 'strong' },
  TestEnd: { short: 'TEND', tone: 'strong' },
  Crash: { short: 'CRSH', tone: 'crashed' },
  Partition: { short: 'PART', tone: 'warning' },
  Heal: { short: 'HEAL', tone: 'strong' },
  Fault: { short: 'FLT', tone: 'warning' },
  Violation: { short: 'VIOL', tone: 'error' },
  Note: { short: 'NOTE', tone: 'plain' },
} as const satisfies Readonly<Record<Opcode, OpcodeStyle>>;

export function shortOf(op: Opcode): string {
  return STYLES[op].short;
}

export function toneOfOpcode(op: Opcode): Tone {
  return STYLES[op].tone;
}
