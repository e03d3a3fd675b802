import type { EventRule, FormatDefinition } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

// The labs' lines are free text after the topic; these are the phrases that most people use. What is said otherwise is kept
// as a Note with its text, so nothing is lost and nothing is guessed.
/** What students call a server: S3, Server 3, server-3, p3, peer 3, node 3. */
const SERVER = '(?:S|[Ss]erver[ -]?|[Pp](?:eer[ -]?)?|[Nn]ode[ -]?|[Rr]aft[ -]?)';
const TO = `-> ?${SERVER}(?<to>\\d+)`;
const FROM = `(?:<- ?|\\bfrom )${SERVER}(?<from>\\d+)`;
/** A fact that the text may tell anywhere behind. */
const perhaps = (name: string, pattern: string) => `(?=.*?\\b${pattern}[:=]? ?(?<${name}>\\d+)|)`;
const AT_TERM = perhaps('t', 'T');
// As the guide abbreviates them: prevLogIndex, prevLogTerm, the number of entries, leaderCommit; lastLogIndex and -Term.
const ENTRIES = perhaps('pli', 'PLI') + perhaps('plt', 'PLT') + perhaps('n', 'N') + perhaps('lc', 'LC');
const LAST = perhaps('lli', 'LLI') + perhaps('llt', 'LLT');
const entries = { prev: '{pli}', prevTerm: '{plt}', n: '{n}', leaderCommit: '{lc}' };
const last = { lastLogIndex: '{lli}', lastLogTerm: '{llt}' };
/** lastIncludedIndex and lastIncludedTerm. */
const INCLUDED =
  perhaps('lii', '(?:LII|LastIncludedIndex|lastIncludedIndex)') + perhaps('lit', '(?:LIT|LastIncludedTerm|lastIncludedTerm)');
const included = { lastIncludedIndex: '{lii}', lastIncludedTerm: '{lit}' };
/** The term is told by the phrase, or beside the server: `S1(T3)`. */
const TERM = '{t|state_term}';

const message = (topic: string, text: string, op: string, dir: 'send' | 'recv', own: EventRule['fields'] = {}): EventRule => ({
  when: { topic, said: `${text}${AT_TERM}` },
  op,
  dir,
  fields: { ...(dir === 'send' ? { src: 'S{server}', dst: 'S{to}' } : { src: 'S{from}', dst: 'S{server}' }), msgTerm: TERM, ...own },
  pair: '',
});

const YES = '(?:[Gg]ot [Vv]ote|[Gg]rant|\\b[Yy]es\\b|\\b[Oo][Kk]\\b|\\b[Aa]ck)';
const NO = '(?:[Rr]efus|[Rr]eject|[Dd]en(?:y|ied))';
/** A reply that says yes, one that says no, and one that leaves it open. */
const replies = (topic: string, arrow: string, op: string, dir: 'send' | 'recv', field: string, own: EventRule['fields'] = {}) => [
  message(topic, `^(?=.*${NO}).*?${arrow}`, op, dir, { [field]: 'false' }),
  message(topic, `^(?=.*${YES}).*?${arrow}${perhaps('mi', 'MI')}`, op, dir, { [field]: 'true', ...own }),
  message(topic, `^(?=.*${REPLY}).*?${arrow}`, op, dir),
];

/** The index in a line such as "Updated commitIdx at T:2. CI: 2.", "Committing up to 5 at T4", "commitIndex 3 -> 5". */
const COMMIT = '[Cc]ommit\\w*(?:.*?\\bCI: ?|.*?(?<![\\w.]|\\bT:? ?)(?:\\d+ ?(?:->|=>|to|\\.\\.+) ?)?)(?<index>\\d+)\\b';

const LOGS = 'LOG1|LOG2|LEAD|TRCE';
const REPLY = '(?:[Rr]epl|[Aa]nsw|[Rr]espon|[Gg]rant|[Rr]efus|[Rr]eject|[Dd]en|[Aa]ck|[Gg]ot [Vv]ote|[Oo]k\\b)';

/** The index of one entry that is applied: not how many, nor up to where, nor the command. */
const APPLIED =
  '^(?:[Aa]ppl(?:y|ying|ied|ies)|APPLY) ?(?:(?:[Mm]sg|[Mm]essage|[Ee]ntry|[Ll]og|[Ii]ndex|[Ii]dx|at|the|CI|I)\\b[:=]? ?){0,4}[#:=]? ?(?<index>\\d+)\\b(?! ?(?:->|=>|~|-|\\.\\.|to\\b|[Ee]ntr|[Ll]ogs|[Mm]sgs|[Mm]essages|[Cc]ommands|[Oo]ps))';
const TAKEN =
  '^(?:(?:[Tt]ook|[Tt]ak(?:e|es|ing)|[Cc]reat(?:e|es|ed|ing)|[Mm]a(?:de|king)) (?:an? |the )?)?[Ss]napshot(?:ted|ting|s)?\\b(?! ?(?:from|to S|->|<-|reply|fail))[^\\d]{0,40}(?<index>\\d+)\\b';
const INSTALLED =
  '^(?:(?:[Ii]nstalled|[Aa]pplied|[Rr]estored|[Ss]witched to) (?:an? |the |from )?[Ss]napshot|[Ss]napshot (?:was )?(?:installed|applied|restored))\\b[^\\d]{0,40}(?<index>\\d+)\\b';

/** The place of a server in a line, and what stands beside it: `S1`, `S1(T3)`, `[Server 2]`, `p2(F)`. */
const WHO = `\\[?${SERVER}(?<server>\\d+)\\b(?: ?[(\\[](?<state>(?:[^()\\[\\]]{0,20}\\bT(?:erm)?[:=]? ?(?<state_term>\\d+))?[^()\\[\\]]{0,40})[)\\]])?\\]?:?`;
/** So much of a line is searched for phrases; a line that goes on has told what it is. */
const SAID = '(?<text>(?<said>.{0,600}).*)$';

const step = (when: EventRule['when'], op: string, fields: EventRule['fields'] = {}): EventRule => ({
  when,
  op,
  fields: { term: TERM, ...fields },
});

/** `008258 VOTE S1 ...`: the style of the 6.5840 labs' debugging guide, time in tenths of a millisecond; and lines of Go's log package that begin with a server. */
export const labDefinition: FormatDefinition = {
  name: 'lab',
  title: 'the 6.5840 labs (008258 VOTE S1 ...)',
  line: [
    { pattern: `^(?<time>\\d{1,12}) (?<topic>[A-Z][A-Z0-9]{3}) (?:${WHO}(?= |$))? ?${SAID}` },
    // The time stands before it, as Go's log package writes it.
    { pattern: `^${WHO} ${SAID}` },
  ],
  time: { from: 'time', unit: '100us' },
  node: ['S{server}', 'TEST'],
  events: [
    { when: { text: TEXT_FORM }, op: 'text' },
    // What Make() says, and what persist() has written.
    step({ said: `^(?:[Rr]e)?(?:[Ss]tart(?:ed|ing)|[Bb]oot(?:ed|ing)|[Ii]nitiali[sz](?:ed|ing))\\b(?!.*[Ee]lection)${AT_TERM}` }, 'Boot'),
    {
      when: { topic: 'PERS', said: `\\bT[:=]? ?(?<t>\\d+).*?\\bVF[:=]? ?(?<vf>-?\\d+)` },
      op: 'Persist',
      fields: {
        what: 'state',
        durableTerm: '{t}',
        durableVote: { from: '{vf}', map: { '-1': null }, otherwise: 'S{vf}' },
      },
    },
    // An arrow that carries a vote is one that was given.
    step({ said: `^>-+ ?VOTE ?-+> ?${SERVER}(?<to>\\d+)${AT_TERM}` }, 'Vote', { for: 'S{to}' }),
    ...replies('VOTE', TO, 'RequestVoteReply', 'send', 'granted'),
    message('VOTE', `^${NO}\\w* (?:\\w+ ){0,4}?${SERVER}(?<to>\\d+)`, 'RequestVoteReply', 'send', { granted: 'false' }),
    message('VOTE', `${TO}${LAST}`, 'RequestVote', 'send', last),
    ...replies('VOTE', FROM, 'RequestVoteReply', 'recv', 'granted'),
    message('VOTE', `${FROM}${LAST}`, 'RequestVote', 'recv', last),
    step({ topic: '^(?:VOTE)?$', said: `[Gg]rant\\w* (?:its |my |the )?[Vv]ote (?:to|for) ${SERVER}(?<to>\\d+)${AT_TERM}` }, 'Vote', {
      for: 'S{to}',
    }),
    step(
      { said: `(?:[Bb]ecom\\w*|[Cc]onvert\\w* to|[Ss]tart\\w*|[Cc]all\\w*) (?:an? |new |the ){0,2}(?:[Cc]andidate|[Ee]lection)${AT_TERM}` },
      'BecomeCandidate',
    ),
    step(
      { said: `(?:[Ww]on\\b|[Bb]ecom\\w* (?:the |a )?[Ll]eader|[Cc]onvert\\w* to [Ll]eader|^[Aa]chieved [Mm]ajority)${AT_TERM}` },
      'BecomeLeader',
    ),
    step({ said: `(?:[Bb]ecom\\w*|[Cc]onvert\\w* to|[Ss]tep\\w* down)\\b.*[Ff]ollower${AT_TERM}` }, 'BecomeFollower'),
    step({ topic: '^(?:APPL|SNAP|CMIT|LOG1|LOG2|)$', said: `${INSTALLED}${AT_TERM}` }, 'SnapshotInstalled', { index: '{index}' }),
    step({ topic: '^(?:APPL|CMIT|LOG1|LOG2|CLNT|)$', said: `${APPLIED}${AT_TERM}` }, 'Apply', { index: '{index}' }),
    step({ topic: '^(?:SNAP|)$', said: `${TAKEN}${AT_TERM}` }, 'SnapshotTaken', { index: '{index}' }),
    ...replies(LOGS, TO, 'AppendEntriesReply', 'send', 'success', { match: '{mi}' }),
    message(LOGS, `${TO}${ENTRIES}`, 'AppendEntries', 'send', entries),
    ...replies(LOGS, FROM, 'AppendEntriesReply', 'recv', 'success', { match: '{mi}' }),
    message(LOGS, `${FROM}${ENTRIES}`, 'AppendEntries', 'recv', entries),
    ...replies('SNAP', TO, 'InstallSnapshotReply', 'send', 'success', included),
    message('SNAP', `${TO}${INCLUDED}`, 'InstallSnapshot', 'send', included),
    ...replies('SNAP', FROM, 'InstallSnapshotReply', 'recv', 'success', included),
    message('SNAP', `${FROM}${INCLUDED}`, 'InstallSnapshot', 'recv', included),
    {
      when: { topic: 'CMIT', said: COMMIT },
      op: 'Commit',
      fields: { index: '{index}' },
    },
    {
      when: { topic: 'TIMR', said: '^(?!.*[Rr]eset).*([Ee]lection time ?out|[Tt]imed out)' },
      op: 'Timeout',
      fields: { timer: 'election' },
    },
  ],
  detail: ['{topic} {text}', '{text}'],
};
