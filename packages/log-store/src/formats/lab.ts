import type { EventRule, FormatDefinition } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

// The labs' lines are free text after the topic; these are the phrases that most people use. What is said otherwise is kept
// as a Note with its text, so nothing is lost and nothing is guessed.
const TO = '-> ?S(?<to>\\d+)';
const FROM = '(?:<- ?|\\bfrom )S(?<from>\\d+)';
/** A fact that the text may tell anywhere behind. */
const perhaps = (name: string, pattern: string) => `(?=.*?\\b${pattern}:? ?(?<${name}>\\d+)|)`;
const AT_TERM = perhaps('t', 'T');
// As the guide abbreviates them: prevLogIndex, prevLogTerm, the number of entries, leaderCommit; lastLogIndex and -Term.
const ENTRIES = perhaps('pli', 'PLI') + perhaps('plt', 'PLT') + perhaps('n', 'N') + perhaps('lc', 'LC');
const LAST = perhaps('lli', 'LLI') + perhaps('llt', 'LLT');
const entries = { prev: '{pli}', prevTerm: '{plt}', n: '{n}', leaderCommit: '{lc}' };
const last = { lastLogIndex: '{lli}', lastLogTerm: '{llt}' };

const message = (topic: string, text: string, op: string, dir: 'send' | 'recv', own: EventRule['fields'] = {}): EventRule => ({
  when: { topic, text: `${text}${AT_TERM}` },
  op,
  dir,
  fields: { ...(dir === 'send' ? { src: 'S{server}', dst: 'S{to}' } : { src: 'S{from}', dst: 'S{server}' }), msgTerm: '{t}', ...own },
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

/** `008258 VOTE S1 ...`: the style of the 6.5840 labs' debugging guide, time in tenths of a millisecond. */
export const labDefinition: FormatDefinition = {
  name: 'lab',
  title: 'the 6.5840 labs (008258 VOTE S1 ...)',
  line: { pattern: '^(?<time>\\d{1,12}) (?<topic>[A-Z][A-Z0-9]{3}) (?:S(?<server>\\d+)\\b)? ?(?<text>.*)$' },
  time: { from: 'time', unit: '100us' },
  node: ['S{server}', 'TEST'],
  events: [
    { when: { text: TEXT_FORM }, op: 'text' },
    // What Make() says, and what persist() has written.
    {
      when: { text: `^(?:[Rr]e)?(?:[Ss]tart(?:ed|ing)|[Bb]oot(?:ed|ing)|[Ii]nitiali[sz](?:ed|ing))\\b(?!.*[Ee]lection)${AT_TERM}` },
      op: 'Boot',
      fields: { term: '{t}' },
    },
    {
      when: { topic: 'PERS', text: `\\bT:? ?(?<t>\\d+).*?\\bVF:? ?(?<vf>-?\\d+)` },
      op: 'Persist',
      fields: {
        what: 'state',
        durableTerm: '{t}',
        durableVote: { from: '{vf}', map: { '-1': null }, otherwise: 'S{vf}' },
      },
    },
    ...replies('VOTE', TO, 'RequestVoteReply', 'send', 'granted'),
    message('VOTE', `^${NO}\\w* (?:\\w+ )*?S(?<to>\\d+)`, 'RequestVoteReply', 'send', { granted: 'false' }),
    message('VOTE', `${TO}${LAST}`, 'RequestVote', 'send', last),
    ...replies('VOTE', FROM, 'RequestVoteReply', 'recv', 'granted'),
    message('VOTE', `${FROM}${LAST}`, 'RequestVote', 'recv', last),
    { when: { topic: 'VOTE', text: `[Gg]rant\\w* [Vv]ote to S(?<to>\\d+)${AT_TERM}` }, op: 'Vote', fields: { for: 'S{to}', term: '{t}' } },
    {
      when: { text: `(?:[Bb]ecom\\w*|[Cc]onvert\\w* to|[Ss]tart\\w*|[Cc]all\\w*) (?:an? )?(?:[Cc]andidate|[Ee]lection)${AT_TERM}` },
      op: 'BecomeCandidate',
      fields: { term: '{t}' },
    },
    {
      when: { text: `(?:[Ww]on\\b|[Bb]ecom\\w* (?:the )?[Ll]eader|[Cc]onvert\\w* to [Ll]eader|^[Aa]chieved [Mm]ajority)${AT_TERM}` },
      op: 'BecomeLeader',
      fields: { term: '{t}' },
    },
    {
      when: { text: `(?:[Bb]ecom\\w*|[Cc]onvert\\w* to|[Ss]tep\\w* down)\\b.*[Ff]ollower${AT_TERM}` },
      op: 'BecomeFollower',
      fields: { term: '{t}' },
    },
    ...replies(LOGS, TO, 'AppendEntriesReply', 'send', 'success', { match: '{mi}' }),
    message(LOGS, `${TO}${ENTRIES}`, 'AppendEntries', 'send', entries),
    ...replies(LOGS, FROM, 'AppendEntriesReply', 'recv', 'success', { match: '{mi}' }),
    message(LOGS, `${FROM}${ENTRIES}`, 'AppendEntries', 'recv', entries),
    message('SNAP', `${TO}`, 'InstallSnapshot', 'send'),
    message('SNAP', `${FROM}`, 'InstallSnapshot', 'recv'),
    {
      when: { topic: 'CMIT', text: COMMIT },
      op: 'Commit',
      fields: { index: '{index}' },
    },
    {
      when: { topic: 'TIMR', text: '^(?!.*[Rr]eset).*([Ee]lection time ?out|[Tt]imed out)' },
      op: 'Timeout',
      fields: { timer: 'election' },
    },
  ],
  detail: '{topic} {text}',
};
