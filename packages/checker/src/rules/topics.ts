/**
 * What rules are about, and what to say where a log has no line that any of them governs. A reader wants to know first of what nothing
 * could be judged, and 44 titles do not tell that at a glance.
 */
export const TOPICS = {
  elections: 'no election is told',
  logs: 'no entries are told',
  commits: 'no commit or apply is told',
  disks: 'neither a restart nor a write to a disk is told',
  snapshots: 'no snapshot is told',
  membership: 'no change of the membership is told',
  reads: 'no read is told',
  progress: 'neither a timer nor a budget nor a harness is told',
} as const satisfies Readonly<Record<string, string>>;

export type Topic = keyof typeof TOPICS;

export const TOPIC_NAMES = Object.keys(TOPICS) as readonly Topic[];
