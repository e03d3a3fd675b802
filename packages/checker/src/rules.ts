/**
 * The rules that the checker holds against a log, in our own words. The inspector shows them beside the evidence.
 *
 * Sections without a name are those of the extended Raft paper (Ongaro and Ousterhout, 2014); "thesis" is Ongaro's.
 */

export interface RuleText {
  readonly title: string;
  readonly section: string;
  /** What the rule demands, in a sentence or two. */
  readonly text: string;
  /** `step` rules govern a single step of one server; an `invariant` holds over the whole cluster and falls because of a wrong step. */
  readonly kind: 'step' | 'invariant';
}

const step = (title: string, section: string, text: string): RuleText => ({ title, section, text, kind: 'step' });
const invariant = (title: string, section: string, text: string): RuleText => ({ title, section, text, kind: 'invariant' });

export const RULES = {
  // Figure 2, state.
  'persistent-term': step(
    'Persistent state: currentTerm',
    'figure 2, State; 5.1',
    'A reply that binds the server in a term leaves only once that term is on stable storage.',
  ),
  'persistent-vote': step(
    'Persistent state: votedFor',
    'figure 2, State; 5.2',
    'A vote is on stable storage before the reply that grants it leaves, so that a restart cannot give it to another candidate.',
  ),
  'voted-for': step(
    'State: votedFor',
    'figure 2, State; 5.2',
    "votedFor names the candidate that has the server's vote of the current term: it stands while the term lasts and is empty when a new one begins.",
  ),
  'persistent-log': step(
    'Persistent state: log',
    'figure 2, State; 5.3',
    'A follower acknowledges only entries that are on its stable storage.',
  ),
  'persistent-restart': step(
    'Persistent state: restart',
    'figure 2, State; 5.5',
    'A server starts with the term, the vote, the snapshot and the log that it had made durable.',
  ),
  'lost-disk': step(
    'Persistent state: lost disk',
    'figure 2, State; 5.5',
    'A server that lost what it had made durable may not vote or acknowledge under its old name: others count on what it promised.',
  ),

  // Figure 2, RequestVote.
  'vote-sender': step(
    'RequestVote sender',
    'figure 2, RequestVote; 5.2',
    'Only a candidate asks for votes, in the term that it stands in and with the last index and term of its own log.',
  ),
  'vote-receiver-1': step('RequestVote receiver rule 1', 'figure 2, RequestVote; 5.1', 'A request of a term below currentTerm is refused.'),
  'vote-receiver-2': step(
    'RequestVote receiver rule 2',
    'figure 2, RequestVote; 5.2, 5.4.1',
    "The vote is granted if it was given to nobody else in this term and the candidate's log is at least as up-to-date, and only then.",
  ),

  // Figure 2, AppendEntries.
  'append-sender': step(
    'AppendEntries sender',
    'figure 2, AppendEntries; 5.3',
    "Only the term's leader sends AppendEntries; prevLogTerm, the entries and leaderCommit are those of its own log.",
  ),
  'append-receiver-1': step(
    'AppendEntries receiver rule 1',
    'figure 2, AppendEntries; 5.1',
    'A request of a term below currentTerm is refused and changes nothing.',
  ),
  'append-receiver-2': step(
    'AppendEntries receiver rule 2',
    'figure 2, AppendEntries; 5.3',
    'The request is refused if the log holds no entry of prevLogTerm at prevLogIndex, and only then.',
  ),
  'append-receiver-3': step(
    'AppendEntries receiver rule 3',
    'figure 2, AppendEntries; 5.3',
    'Entries are deleted only from the first one whose term conflicts with a new entry of the same index.',
  ),
  'append-receiver-4': step(
    'AppendEntries receiver rule 4',
    'figure 2, AppendEntries; 5.3',
    'The new entries that the log lacks are appended at their own indices, and success tells that they are all there.',
  ),
  'append-receiver-5': step(
    'AppendEntries receiver rule 5',
    'figure 2, AppendEntries; 5.3',
    'A follower raises commitIndex to leaderCommit, but never beyond the last entry that the request verified.',
  ),

  // Figure 2, rules for servers.
  'all-servers-1': step(
    'All servers rule 1',
    'figure 2, Rules for Servers; 5.3',
    'Committed entries are applied one by one, in the order of the log, each once, and none beyond commitIndex.',
  ),
  'all-servers-2': step(
    'All servers rule 2',
    'figure 2, Rules for Servers; 5.1',
    'A server that sees a higher term in a request or reply adopts it and becomes a follower; nothing else but an election raises its term.',
  ),
  'followers-2': step(
    'Followers rule 2',
    'figure 2, Rules for Servers; 5.2',
    'A follower stands when the election timeout has passed without AppendEntries of the current leader and without granting a vote, and not before.',
  ),
  'election-timer': step(
    'Election timer',
    'figure 2, Rules for Servers; 5.2, 9.3',
    'The election timer starts anew when the current leader is heard, a vote is granted or an election starts, and for nothing else; when it has run out, the server stands.',
  ),
  'candidates-1': step(
    'Candidates rule 1',
    'figure 2, Rules for Servers; 5.2',
    'To start an election a server that is no leader raises its term by one and votes for itself.',
  ),
  'candidates-2': step(
    'Candidates rule 2',
    'figure 2, Rules for Servers; 5.2',
    'A candidate leads once voters of a majority have each granted it their vote in its own term.',
  ),
  'candidates-3': step(
    'Candidates rule 3',
    'figure 2, Rules for Servers; 5.2',
    'A candidate that hears from the leader of its term becomes a follower.',
  ),
  'leaders-2': step(
    'Leaders rule 2',
    'figure 2, Rules for Servers; 5.3',
    'Only a leader takes commands, and it appends them to the end of its log with its own term.',
  ),
  'leaders-3': step(
    'Leaders rule 3',
    'figure 2, Rules for Servers; 5.3',
    'matchIndex rises only by successes of the own term and never falls, nextIndex stays above it, and a refusal lowers nextIndex before the retry.',
  ),
  'leaders-4': step(
    'Leaders rule 4',
    'figure 2, Rules for Servers; 5.3, 5.4.2',
    'A leader commits an index once a majority holds it and its entry is of the current term; older entries only with it.',
  ),

  // Figure 13 and section 7.
  'snapshot-take': step('Snapshotting', '7', 'A snapshot covers only applied entries, and keeps the term of the last of them.'),
  'snapshot-sender': step(
    'InstallSnapshot sender',
    'figure 13; 7',
    'Only the leader of the term sends a snapshot, of committed entries, with the term of the last of them.',
  ),
  'snapshot-receiver': step(
    'InstallSnapshot receiver',
    'figure 13; 7',
    'A snapshot is installed when the current leader has sent it whole, never over newer state; it is durable before success is told.',
  ),

  // Beyond figure 2.
  'pre-vote': step(
    'PreVote',
    'thesis 9.6',
    'A pre-vote changes neither term nor vote; it is granted to an up-to-date log only; a majority of them lets the server stand.',
  ),
  transfer: step(
    'Leadership transfer',
    'thesis 3.10',
    'The leader sends TimeoutNow only to a voter whose log has caught up, and only one of the current term is obeyed.',
  ),
  membership: step(
    'Cluster membership',
    '6; thesis 4',
    'A server goes by the latest configuration in its log from the moment it is appended; there is one uncommitted change at a time, and who stands is a voter, or was one before a change that is not committed yet.',
  ),
  'read-index': step(
    'ReadIndex',
    '8; thesis 6.4',
    'A leader serves a read only after it has committed an entry of its term and a majority has answered a heartbeat sent after the read came in.',
  ),

  // Figure 3.
  'election-safety': invariant('Election Safety', 'figure 3; 5.2', 'At most one leader is elected in a term.'),
  'leader-append-only': invariant(
    'Leader Append-Only',
    'figure 3; 5.3',
    'A leader never deletes or overwrites an entry of its own log; it only adds entries.',
  ),
  'log-matching': invariant(
    'Log Matching',
    'figure 3; 5.3',
    'Two logs that have an entry with the same index and term hold the same command there and are identical before it.',
  ),
  'leader-completeness': invariant(
    'Leader Completeness',
    'figure 3; 5.4',
    'An entry that was committed in a term is in the log of every leader of a higher term.',
  ),
  'state-machine-safety': invariant(
    'State Machine Safety',
    'figure 3; 5.4.3',
    'No two servers commit or apply different entries at the same index.',
  ),

  // More invariants.
  'one-vote': invariant('One vote per term', '5.2', 'A server grants its vote of a term to one candidate, restarts or not.'),
  'terms-rise': invariant('Terms never fall', '5.1', "A server's currentTerm never falls, nor does the one on its disk."),
  'commit-rises': invariant(
    'Commit index never falls',
    'figure 2, State; 5.3',
    'commitIndex never falls while the server runs, and stays within the log.',
  ),
  'applied-rises': invariant(
    'Applied index never falls',
    'figure 2, State; 5.3',
    'lastApplied never falls while the server runs, and never passes commitIndex.',
  ),
  'quorum-durable': invariant(
    'Committed is durable',
    '5.3, 5.4.2; thesis 10.2.1',
    'A committed entry is on the disks of a majority, so that no minority of crashes can lose it.',
  ),
  // These two need more than the events of servers: a budget, and a harness that tells what it does.
  'message-budget': invariant(
    'Message budget',
    '5.2',
    'The servers send no more requests than the budget allows: in a second without commands, elections and faults, and until the first leader.',
  ),
  liveness: invariant(
    'Liveness',
    '5.6',
    'While a majority runs, is connected and is left alone, it has a leader, which takes commands through, within eight of the longest election timeouts.',
  ),
} as const satisfies Readonly<Record<string, RuleText>>;

export type RuleId = keyof typeof RULES;

const byTitle = new Map<string, RuleText>(Object.values(RULES).map((rule) => [rule.title, rule]));

/** The rule that a violation names in its `rule`. */
export function ruleOf(title: string): RuleText | undefined {
  return byTitle.get(title);
}
