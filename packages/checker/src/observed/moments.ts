import type { Event } from '@raftlens/events';
import type { ObservedRequest } from './observed-request.ts';
import type { GivenVote, ObservedCandidacy, ObservedLeadership, ObservedServer } from './observed-server.ts';
import type { Removal } from './saved-state.ts';

/** A line of a server that was observed from outside; `server` is what was known of it before the line. */
export interface ObservedStep {
  readonly event: Event;
  readonly server: ObservedServer;
}

/** A handler has answered. */
export interface ReplyStep extends ObservedStep {
  readonly request: ObservedRequest;
}

/** A server gives its vote of a term, by a reply or by standing itself. */
export interface GivenVoteStep extends ObservedStep {
  readonly term: number;
  readonly candidate: string;
  readonly before: GivenVote | null;
}

/** A server leads a term, as its first AppendEntries of that term shows. */
export interface LeadsStep extends ObservedStep {
  readonly term: number;
  readonly candidacy: ObservedCandidacy | null;
  readonly voters: readonly string[];
  /** Another server that leads the term, and the line that shows it. */
  readonly rival: { readonly node: string; readonly seq: number } | null;
}

/** A message or a save tells an entry that was told before. */
export interface SeenEntryStep extends ObservedStep {
  readonly index: number;
  readonly term: number;
  readonly hash: string;
  readonly prevTerm: number;
  readonly known: { readonly hash: string; readonly prevTerm: number; readonly seq: number; readonly node: string };
}

/** A leader sends an entry, or the term of one, of which it has told in this term. */
export interface SentEntryStep extends ObservedStep {
  readonly index: number;
  readonly term: number;
  readonly before: { readonly term: number; readonly seq: number };
}

/** A leader of a later term sends an entry at an index that was applied. */
export interface CommittedEntryStep extends ObservedStep {
  readonly index: number;
  readonly hash: string;
  readonly committed: { readonly hash: string; readonly seq: number; readonly node: string };
}

/** A server shows that it takes the log up to `index` for committed. */
export interface CommitClaimStep extends ObservedStep {
  readonly index: number;
  readonly leadership: ObservedLeadership | null;
  readonly voters: readonly string[];
}

/** What is saved changes; `server.saved` is what was saved before. */
export interface SaveStep extends ObservedStep {
  readonly removal: Removal;
  /** The request that made the server delete the entries, where there is one. */
  readonly ground: ObservedRequest | null;
  /** The service has taken a snapshot of the leader's over, which replaces the log. */
  readonly bySnapshot: boolean;
  readonly isFirstOfBoot: boolean;
  /** The vote that was saved before in the same term; undefined where it is not known. */
  readonly voteBefore: string | null | undefined;
  readonly termBefore: number;
}

/** A server stands for election. */
export interface StandStep extends ObservedStep {
  /** The shortest election timeout that anybody has shown; Infinity where there is none. */
  readonly shortestMs: number;
  /** The last of its leader's messages that it has answered since it stood last; null where there is none. */
  readonly contact: { readonly time: number; readonly seq: number } | null;
}

/** A handler has not answered for longer than any election timeout. */
export interface OverdueStep extends ObservedStep {
  readonly request: ObservedRequest;
  readonly waitedMs: number;
}

/** The moments of an observed log at which rules are asked. */
export interface ObservedMoments {
  reply: ReplyStep;
  'vote is given': GivenVoteStep;
  leads: LeadsStep;
  'entry is seen again': SeenEntryStep;
  'leader sends again': SentEntryStep;
  'committed entry is sent': CommittedEntryStep;
  'commit is claimed': CommitClaimStep;
  save: SaveStep;
  apply: ObservedStep;
  'apply is seen again': CommittedEntryStep;
  stands: StandStep;
  'is overdue': OverdueStep;
}

export type ObservedMoment = keyof ObservedMoments;

export type ObservedAsk<M extends ObservedMoment> = (step: ObservedMoments[M]) => void;

/** Who holds the rules, as the model of an observed log sees it. */
export interface ObservedJudge {
  onObserved<M extends ObservedMoment>(moment: M): ObservedAsk<M>;
}
