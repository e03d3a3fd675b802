import type { FormatDefinition, Head } from './definition.ts';
import { etcdIdentity, etcdRules } from './etcd-phrases.ts';
import { LEVELS, ZAP_LEVELS } from './levels.ts';

const DETAILS = {
  node: ['{self}', '{local-member-id}', '{node}', '{peer_of_file}', '{speaker}'],
  events: etcdRules,
  detail: '{text}',
  identity: [
    ...etcdIdentity,
    { when: { 'local-member-id': '^[0-9a-f]+$' }, self: '{local-member-id}' },
    {
      when: { text: '^published local member to cluster through raft' },
      from: '{local-member-id} {local-member-attributes}',
      members: '^(?<name>[0-9a-f]+) \\{Name:(?<alias>[^ }]+)',
    },
  ],
} as const;

/**
 * etcd's own log, or that of any program over etcd's raft: zap JSON whose raft lines are sentences. Elections, roles and restarts are
 * told there, and of replication what went wrong.
 */
export const etcdZapDefinition: FormatDefinition = {
  ...DETAILS,
  name: 'etcd-zap',
  title: "etcd's server log (zap JSON)",
  line: { json: true, has: ['level', 'ts', 'msg'], parts: { text: 'msg' } },
  time: { from: 'ts', unit: 'auto' },
  level: { from: 'level', names: ZAP_LEVELS },
};

const DATE = '\\d{4}[-/]\\d\\d[-/]\\d\\d';
const CLOCK = '\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?';
/** The words with which a sentence of etcd's raft begins: other lines of a program that embeds it are not of this format. */
const SENTENCE =
  '(?:newRaft [0-9a-f]{1,16} \\[peers|(?:raft\\.node: )?[0-9a-f]{1,16} (?:became|is starting a new election|received (?:Msg|msg|vote)|has received|switched to configuration|elected leader|changed leader|lost leader|no leader|\\[(?:logterm|term|commit):? ))';

const textHeads: readonly Head[] = [
  // The logger that the library has when it is given none: Go's log package with the prefix "raft".
  { pattern: `^raft(?<time>${DATE} ${CLOCK}) (?:[\\w./-]+\\.go:\\d+: )?(?<level>[A-Z]+): (?<text>.*)$` },
  // capnslog, etcd before 3.5.
  { pattern: `^(?<time>${DATE} ${CLOCK}) (?<level>[A-Z]) \\| (?<module>[\\w./-]+): (?<text>.*)$` },
  // zap's console: tabs between time, level, module, caller and text.
  { pattern: `^(?<time>${DATE}T\\S+)\\t(?<level>\\w+)\\t(?:[^\\t]+\\t){0,2}(?<text>${SENTENCE}[^\\t]*)` },
  // glog and klog, as of Dgraph; CockroachDB's has its tags before the text.
  {
    pattern: `^(?<level>[IWEF])(?<time>(?:\\d{4}|\\d{6}|\\d{8}) ${CLOCK}) +\\d+ [^\\]\\s]+(?:\\]| ) ?(?:.{0,200}? )??(?<text>${SENTENCE}.*)$`,
  },
  // logrus as text, as of swarmkit and Docker.
  { pattern: `^time="(?<time>[^"]+)" level=(?<level>\\w+) msg="(?<text>${SENTENCE}[^"]*)"` },
  // Any other logger that begins with a time.
  { pattern: `^\\[?(?<time>${DATE}[T ]${CLOCK}(?:Z|[+-]\\d\\d:?\\d\\d)?)\\]?(?= |\\t|\\])(?:.{0,200}?[\\s:\\]|])(?<text>${SENTENCE}.*)$` },
  // Without a time of its own: a prefix has it.
  { pattern: `^(?:raft: |(?<level>[A-Z]{4,7}): )?(?<text>${SENTENCE}.*)$` },
  ...[
    ['level', 'time', 'msg'],
    ['level', 'ts', 'msg'],
    ['level', 'time', 'message'],
    ['severity', 'timestamp', 'message'],
    ['L', 'T', 'M'],
  ].map(([level = '', time = '', text = '']): Head => ({ json: true, has: [level, time, text], parts: { level, time, text } })),
];

/** The same sentences by the other loggers that etcd has had, and by those of the programs that embed its raft. */
export const etcdDefinition: FormatDefinition = {
  ...DETAILS,
  name: 'etcd',
  title: "etcd's raft by any other logger (default, capnslog, zap console, glog, logrus)",
  line: textHeads,
  time: { from: 'time', unit: 'auto' },
  level: { from: 'level', names: LEVELS },
};
