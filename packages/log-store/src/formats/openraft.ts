import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { note, phraseHeads } from './phrases.ts';

const VOTE = '<T\\d+-N(?<me>\\d+):-?>';

/**
 * openraft, by tracing. Its terms are left out: with its advanced leader ids a term may have several leaders, one for each pair of term and node,
 * and a server may vote for each of them. The text is the same as with plain terms, so figure 2 cannot be held against it.
 */
const rules: readonly EventRule[] = [
  { when: { text: `^elect: new candidate: \\{${VOTE}` }, op: 'BecomeCandidate' },
  { when: { text: `^(?:elect_pre_vote|pre_elect|elect): new pre-candidate: \\{${VOTE}` }, op: 'BecomePreCandidate' },
  { when: { text: '^election timeout expired, triggering election' }, op: 'Timeout', fields: { timer: 'election' } },
  { when: { text: '^a quorum granted my vote' }, op: 'BecomeLeader' },
  note('.'),
];

export const openraftDefinition: FormatDefinition = {
  name: 'openraft',
  title: 'openraft (tracing)',
  line: phraseHeads(
    'elect: new |\\w+: new pre-candidate: |election timeout expired, triggering|a quorum granted my vote|vote is changing from <T|handle vote request: |handle_vote_resp: ',
  ),
  time: { from: 'time', unit: 'auto' },
  node: ['{me}', '{speaker}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  identity: [{ when: { text: `^\\w+: new (?:pre-)?candidate: \\{${VOTE}` }, self: '{me}' }],
};
