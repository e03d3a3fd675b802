import type { EventRule, FormatDefinition } from './definition.ts';
import { LEVELS } from './levels.ts';
import { GRANTED, note, phraseHeads, REFUSED, sent, step } from './phrases.ts';

const TO = '^Completed transition to ';
const EPOCH = '\\b(?:epoch|localEpoch)=(?<t>\\d+)';
/** The candidate and its epoch as a vote request names them; a request for a pre-vote says so, but for versions that have none. */
const REQUEST = '^Vote request VoteRequestData\\((?=.*?candidateEpoch=(?<t>\\d+))(?=.*?(?:candidateId|replicaId)=(?<to>\\d+))';
const NO_PRE_VOTE = '(?!.*preVote=true)';
const PRE_VOTE = '(?=.*preVote=true)';

/** The transitions of QuorumState and the answers of KafkaRaftClient. An epoch is a term. */
const rules: readonly EventRule[] = [
  step(`${TO}ProspectiveState\\(.*?${EPOCH}`, 'BecomePreCandidate'),
  step(`${TO}CandidateState\\(.*?${EPOCH}`, 'BecomeCandidate'),
  step(`${TO}(?:Leader|LeaderState)\\(.*?${EPOCH}`, 'BecomeLeader'),
  step(`${TO}(?:Unattached|UnattachedState|FollowerState|ResignedState|VotedState|Voted)\\(.*?${EPOCH}`, 'BecomeFollower'),
  sent(`${REQUEST}${NO_PRE_VOTE}.* is granted`, 'RequestVoteReply', GRANTED),
  // A refusal carries the epoch of the voter, which the line does not tell.
  { ...sent(`${REQUEST}${NO_PRE_VOTE}.* is rejected`, 'RequestVoteReply'), fields: { dst: '{to}', ...REFUSED } },
  { ...sent(`${REQUEST}${PRE_VOTE}.* is granted`, 'PreVoteReply'), fields: { dst: '{to}', ...GRANTED } },
  { ...sent(`${REQUEST}${PRE_VOTE}.* is rejected`, 'PreVoteReply'), fields: { dst: '{to}', ...REFUSED } },
  note('.'),
];

/** Kafka's controllers and brokers, as log4j writes them. */
export const kraftDefinition: FormatDefinition = {
  name: 'kraft',
  title: "Kafka's KRaft (log4j)",
  line: [
    {
      pattern:
        '^\\[?(?<time>\\d{4}-\\d\\d-\\d\\d[ T][\\d:,.]+)\\]? (?:(?<level>[A-Z]+) )?(?:.{0,200}?)\\[(?:RaftManager|KafkaRaftClient|QuorumState|RaftClient)[^\\]]*?\\b(?:id|nodeId)=(?<me>\\d+)[^\\]]*\\] (?<text>.*?)(?: \\((?<logger>[\\w.$]+)\\))?$',
    },
    ...phraseHeads('Completed transition to |Vote request VoteRequestData\\('),
  ],
  time: { from: 'time', unit: 'auto' },
  node: ['{me}', '{speaker}'],
  level: { from: 'level', names: LEVELS },
  events: rules,
  detail: '{text}',
  identity: [
    { when: { text: '' }, self: '{me}' },
    { when: { text: `${TO}\\w+\\(localId=(?<local>\\d+)` }, self: '{local}' },
  ],
};
