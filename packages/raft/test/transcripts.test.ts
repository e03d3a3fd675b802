import { type Event, textOf } from '@raftlens/events';
import { golden, suite } from '@raftlens/testing';
import { Cluster } from './cluster.ts';
import { diskWith } from './messages.ts';

/**
 * Whole interactions as a person would read them in a log. Each test is a story; its golden file is what happened, line by line, with the
 * state of the server after the step. Read them like the paper's figures; a change of the core shows up there as a change of the story.
 */
const it = suite('transcripts');
const THREE = ['S1', 'S2', 'S3'];

function line(event: Event): string {
  const { role, term, vote, commit, applied, last, lastTerm } = event;
  const text = textOf(event);
  return `${text.padEnd(72)} | ${role} T${term} vote=${vote ?? '-'} commit=${commit} applied=${applied} last=${last}/${lastTerm}`;
}

function tell(name: string, cluster: Cluster): void {
  golden(import.meta.url, `${name}.txt`, `${cluster.events.map(line).join('\n')}\n`);
}

it('an election, a command, a heartbeat', () => {
  const cluster = new Cluster(THREE);
  cluster.elect('S1');
  cluster.propose('S1', 'x=1');
  cluster.settle();
  cluster.heartbeat('S1');
  tell('election-and-command', cluster);
});

it('two candidates split the votes, and one of them wins the next term', () => {
  const cluster = new Cluster(['S1', 'S2', 'S3', 'S4']);
  cluster.timeOut('S1');
  cluster.timeOut('S2');
  const toS3 = cluster.inTransit.filter(({ from, to }) => (from === 'S1' && to === 'S3') || (from === 'S2' && to === 'S4'));
  const rest = cluster.inTransit.filter((message) => !toS3.includes(message));
  cluster.inTransit = [...toS3, ...rest];
  cluster.settle();
  cluster.elect('S1');
  tell('split-vote', cluster);
});

it('figure 7 (f): a follower with two terms of its own is brought in line in two steps', () => {
  const disks = {
    S1: diskWith([1, 1, 1, 4, 4, 5, 5, 6, 6, 6], { term: 7 }),
    S2: diskWith([1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], { term: 7 }),
    S3: diskWith([1, 1, 1, 4, 4, 5, 5, 6, 6, 6], { term: 7 }),
  };
  const cluster = new Cluster(THREE, { disks });
  cluster.elect('S1');
  cluster.propose('S1', 'x');
  cluster.settle();
  cluster.heartbeat('S1');
  tell('figure-7-f', cluster);
});

it('figure 8: a leader of term 4 does not commit an entry of term 2 by counting', () => {
  const disks = { S1: diskWith([1, 2], { term: 3 }), S2: diskWith([1], { term: 3 }), S3: diskWith([1], { term: 3 }) };
  const cluster = new Cluster(THREE, { disks });
  cluster.elect('S1');
  cluster.heartbeat('S1');
  cluster.propose('S1', 'x');
  cluster.settle();
  tell('figure-8', cluster);
});

it('a follower that lags behind the log gets a snapshot in chunks', () => {
  const cluster = new Cluster(THREE, { config: { snapshotChunkBytes: 4 } });
  cluster.elect('S1');
  cluster.cut.add('S3');
  cluster.propose('S1', 'a', 'b', 'c');
  cluster.settle();
  cluster.machine('S1').snapshotTaken(3, new TextEncoder().encode('a b c'), cluster.nowMs);
  cluster.perform('S1');
  cluster.cut.delete('S3');
  cluster.events.length = 0;
  cluster.heartbeat('S1');
  cluster.propose('S1', 'd');
  cluster.settle();
  tell('snapshot', cluster);
});

it('a server joins, another leaves: through a joint configuration', () => {
  const cluster = new Cluster(THREE, { strangers: ['S4'] });
  cluster.elect('S1');
  cluster.propose('S1', 'first');
  cluster.settle();
  cluster.events.length = 0;
  cluster.machine('S1').changeConfiguration({ voters: ['S1', 'S2', 'S4'], learners: [] }, cluster.nowMs);
  cluster.perform('S1');
  cluster.settle();
  cluster.heartbeat('S1');
  tell('membership', cluster);
});

it('leadership is handed over', () => {
  const cluster = new Cluster(THREE, { config: { preVote: true, checkQuorum: true } });
  cluster.elect('S1');
  cluster.events.length = 0;
  cluster.machine('S1').transferLeadership('S2', cluster.nowMs);
  cluster.perform('S1');
  cluster.settle();
  tell('transfer', cluster);
});

it('a follower serves a linearizable read', () => {
  const cluster = new Cluster(THREE, { config: { noopOnElection: true } });
  cluster.elect('S1');
  cluster.events.length = 0;
  cluster.machine('S3').read('r1', cluster.nowMs);
  cluster.perform('S3');
  cluster.settle();
  tell('read-index', cluster);
});
