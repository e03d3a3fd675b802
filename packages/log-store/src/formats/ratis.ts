import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { phraseHeads, REFUSED, sent, step } from './phrases.ts';

const ME = '[\\w.-]{1,100}@group-[0-9A-F]{12}';
const REPLY = `^${ME} replies to ELECTION vote request: (?<to>[^\\s<]+)<-[^\\s#]+#\\d+:`;

/** RaftServerImpl and LeaderElection. A server calls itself a candidate before its term is raised; it stands where it asks for votes. */
const rules: readonly EventRule[] = [
  { when: { text: `^${ME}: changes role from +\\w+ to CANDIDATE at term` }, op: 'BecomePreCandidate' },
  step(`^${ME}-\\w+ ELECTION round \\d+: submit vote requests at term (?<t>\\d+)`, 'BecomeCandidate'),
  step(`^${ME}: changes role from +\\w+ to LEADER at term (?<t>\\d+)`, 'BecomeLeader'),
  step(`^${ME}: changes role from +\\w+ to FOLLOWER at term (?<t>\\d+)`, 'BecomeFollower'),
  sent(`${REPLY}OK-t(?<t>\\d+)`, 'RequestVoteReply', { granted: 'true' }),
  sent(`${REPLY}FAIL-t(?<t>\\d+)`, 'RequestVoteReply', REFUSED),
  { when: { text: `^${ME}` }, op: 'Note' },
];

export const ratisDefinition: FormatDefinition = {
  name: 'ratis',
  title: 'Apache Ratis (Ozone)',
  line: phraseHeads(ME, `(?=(?<me>[\\w.-]{1,100})@(?<group>group-[0-9A-F]{12})\\b)(?<text>.*)`),
  time: { from: 'time', unit: 'auto' },
  node: ['{me}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  group: 'group',
};
