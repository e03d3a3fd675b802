import type { EventRule, FormatDefinition } from './definition.ts';
import { TEXT_FORM } from './text-form.ts';

// The labs' lines are free text after the topic; these are the phrases that most people use. What is said otherwise is kept
// as a Note with its text, so nothing is lost and nothing is guessed.
const TO = '-> ?S(?<to>\\d+)';
const FROM = '(?:<- ?|\\bfrom )S(?<from>\\d+)';
const AT_TERM = '(?:.*?\\bT:? ?(?<t>\\d+))?';
const message = (topic: string, text: string, op: string, dir: 'send' | 'recv'): EventRule => ({
  when: { topic, text: `${text}${AT_TERM}` },
  op,
  dir,
  fields: dir === 'send' ? { src: 'S{server}', dst: 'S{to}', msgTerm: '{t}' } : { src: 'S{from}', dst: 'S{server}', msgTerm: '{t}' },
  pair: '',
});

const REPLY = '(?:[Rr]epl|[Aa]nsw|[Rr]espon|[Gg]rant|[Rr]efus|[Rr]eject|[Dd]en|[Aa]ck|[Gg]ot vote|[Oo]k\\b)';

/** `008258 VOTE S1 ...`: the style of the 6.5840 labs' debugging guide, time in tenths of a millisecond. */
export const labDefinition: FormatDefinition = {
  name: 'lab',
  title: 'the 6.5840 labs (008258 VOTE S1 ...)',
  line: { pattern: '^(?<time>\\d{1,12}) (?<topic>[A-Z][A-Z0-9]{3}) (?:S(?<server>\\d+)\\b)? ?(?<text>.*)$' },
  time: { from: 'time', unit: '100us' },
  node: ['S{server}', 'TEST'],
  events: [
    { when: { text: TEXT_FORM }, op: 'text' },
    message('VOTE', `^(?=.*${REPLY}).*?${TO}`, 'RequestVoteReply', 'send'),
    message('VOTE', `${TO}`, 'RequestVote', 'send'),
    message('VOTE', `^(?=.*${REPLY}).*?${FROM}`, 'RequestVoteReply', 'recv'),
    message('VOTE', `${FROM}`, 'RequestVote', 'recv'),
    { when: { topic: 'VOTE', text: `[Gg]rant\\w* vote to S(?<to>\\d+)${AT_TERM}` }, op: 'Vote', fields: { for: 'S{to}', term: '{t}' } },
    {
      when: { text: `(?:becom\\w*|convert\\w* to|start\\w*) (?:a )?(?:candidate|election)${AT_TERM}` },
      op: 'BecomeCandidate',
      fields: { term: '{t}' },
    },
    { when: { text: `(?:won|becom\\w* (?:the )?leader|achieved majority)${AT_TERM}` }, op: 'BecomeLeader', fields: { term: '{t}' } },
    { when: { text: `(?:becom\\w*|convert\\w* to|step\\w* down)\\b.*follower${AT_TERM}` }, op: 'BecomeFollower', fields: { term: '{t}' } },
    message('LOG1|LOG2|LEAD|TRCE', `^(?=.*${REPLY}).*?${TO}`, 'AppendEntriesReply', 'send'),
    message('LOG1|LOG2|LEAD|TRCE', `${TO}`, 'AppendEntries', 'send'),
    message('LOG1|LOG2|LEAD|TRCE', `^(?=.*${REPLY}).*?${FROM}`, 'AppendEntriesReply', 'recv'),
    message('LOG1|LOG2|LEAD|TRCE', `${FROM}`, 'AppendEntries', 'recv'),
    message('SNAP', `${TO}`, 'InstallSnapshot', 'send'),
    message('SNAP', `${FROM}`, 'InstallSnapshot', 'recv'),
    {
      when: { topic: 'CMIT', text: '[Cc]ommit\\w*(?: index)?\\D*?(?<index>\\d+)\\s*$' },
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
