import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openLog } from '@raftlens/log-store';
import { assert, fixture, suite } from '@raftlens/testing';
import { checkLog } from '../../src/check/log-check.ts';

/**
 * Logs of failures that really happened, cut to the lines that matter: clusters over implementations that are not ours, each with a bug
 * planted around or in them. They must lead from the file alone to the cause.
 */
interface Failure {
  readonly file: string;
  readonly format: string;
  /** What was done to the program. */
  readonly cause: string;
  readonly node: string;
  readonly rule: string;
  readonly why: string;
}

const FAILURES: readonly Failure[] = [
  {
    file: 'etcd-forgets-vote.log',
    format: 'etcd-zap',
    cause: "a storage below etcd's raft that saves the hard state without the vote",
    node: '4',
    rule: 'Persistent state: restart',
    why: '4 votes for 2 in term 4, in which 5 has its vote since before it started again: its votedFor is lost',
  },
  {
    file: 'hclog-forgets-vote',
    format: 'hclog',
    cause: "a StableStore below hashicorp's raft that loses the candidate in a crash",
    node: 'n2',
    rule: 'One vote per term',
    why: 'n2 granted its vote of term 2 to n2, restarted, and now to n1',
  },
  {
    file: 'lab-forgets-vote.log',
    format: 'lab',
    cause: "a student's persist() that leaves votedFor out",
    node: 'S3',
    rule: 'One vote per term',
    why: 'S3 granted its vote of term 4 to S4, restarted, and now to S2',
  },
  {
    file: 'shiviz-counts-old-votes.log',
    format: 'shiviz',
    cause: 'a candidate (in Python) that counts votes of other terms, and the same vote twice',
    node: 'S2',
    rule: 'Candidates rule 2',
    why: 'S2 becomes leader of term 5 with votes of S5 and itself, no majority of {S1, S2, S3, S4, S5}',
  },
  {
    file: 'pino-votes-twice.log',
    format: 'pino',
    cause: 'a server (in JavaScript) that votes for whoever asks',
    node: 'n3',
    rule: 'Election Safety',
    why: 'n3 became leader of term 1, which n1 already led',
  },
];

const failing = suite('A real failure of another implementation');

for (const { file, format, cause, node, rule, why } of FAILURES) {
  failing(`is named from its ${format} log: ${cause}`, async () => {
    const path = fixture(import.meta.url, 'fixtures', file);
    const log = await openLog(statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : path);
    await log.done;
    assert.is(log.files[0]?.format, format);
    const { first } = checkLog(log);
    log.close();
    assert.equal({ node: first?.node, rule: first?.rule, why: first?.why }, { node, rule, why });
  });
}
