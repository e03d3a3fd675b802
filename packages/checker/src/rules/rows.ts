import { ALL_SERVERS } from './all-servers.ts';
import { APPEND_ENTRIES_RECEIVER } from './append-entries-receiver.ts';
import { APPEND_ENTRIES_SENDER } from './append-entries-sender.ts';
import { ELECTION_TIMER } from './election-timer.ts';
import { CAUSES, ELECTIONS } from './elections.ts';
import { INVARIANTS } from './invariants.ts';
import { LEADERS } from './leaders.ts';
import { MEMBERSHIP } from './membership.ts';
import { ANSWERS } from './observed/answers.ts';
import { DURABLE_BEFORE_REPLY, RESTART, VOTED_FOR } from './persistent-state.ts';
import { PRE_VOTE } from './pre-vote.ts';
import { READS } from './reads.ts';
import { ONE_VOTE, REQUEST_VOTE } from './request-vote.ts';
import type { RuleRow } from './rule.ts';
import { SILENCE } from './silence.ts';
import { SNAPSHOTS } from './snapshots.ts';
import { TERMS } from './terms.ts';
import { TRANSFER } from './transfer.ts';
import { VAIN_ANSWERS } from './vain-answers.ts';
import { VAIN_ELECTIONS } from './vain-elections.ts';
import { WHOLE_CLUSTER } from './whole-cluster.ts';

/**
 * The rules that the checker holds against a log, in our own words. At a moment they are asked in this order: what a line breaks first stands
 * first in the report, a step's own rule before the invariants that fall because of it.
 */
export const ROWS = {
  ...ALL_SERVERS,
  ...TERMS,
  ...RESTART,
  ...VOTED_FOR,
  ...REQUEST_VOTE,
  ...ELECTIONS,
  ...LEADERS,
  ...MEMBERSHIP,
  ...PRE_VOTE,
  ...CAUSES,
  ...TRANSFER,
  ...APPEND_ENTRIES_RECEIVER,
  ...APPEND_ENTRIES_SENDER,
  ...DURABLE_BEFORE_REPLY,
  ...ONE_VOTE,
  ...SNAPSHOTS,
  ...READS,
  ...ELECTION_TIMER,
  ...INVARIANTS,
  ...WHOLE_CLUSTER,
  ...VAIN_ELECTIONS,
  ...VAIN_ANSWERS,
  ...SILENCE,
  ...ANSWERS,
} as const satisfies Readonly<Record<string, RuleRow>>;

export type RuleId = keyof typeof ROWS;

/** In the order in which they are asked. */
export const IDS = Object.keys(ROWS) as readonly RuleId[];
