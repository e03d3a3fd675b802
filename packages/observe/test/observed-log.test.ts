import { spawnSync } from 'node:child_process';
import { decodeLine, type Event } from '@raftlens/events';
import { assert, suite, unlessRuns } from '@raftlens/testing';
import { OWN_LAB, observedRun } from './own-lab.ts';

const it = suite('observed-log');
const needsGo = { skip: unlessRuns(['go', 'version']), timeoutMs: 180_000 };

function eventsOf(lines: readonly string[]): readonly Event[] {
  return lines.map((line) => {
    const { event, error } = decodeLine(line);
    if (event === undefined) throw new Error(`${error.reason}: ${line}`);
    return event;
  });
}

it('writes events that the format knows, each field of its own opcode', needsGo, () => {
  const events = eventsOf(observedRun('TestAgree3B').lines);
  assert.equal([...new Set(events.flatMap((event) => Object.keys(event.extra ?? {})))], []);
  const ops = new Set(events.map(({ op }) => op));
  for (const op of ['TestBegin', 'Boot', 'RequestVote', 'AppendEntriesReply', 'Persist', 'Start', 'Apply', 'TestEnd'] as const) {
    assert.ok(ops.has(op), `no ${op} in the log`);
  }
});

it('tells of a healthy server only what is durable before it acknowledges', needsGo, () => {
  const { lines } = observedRun('TestPersist3C');
  const told = durableOf(eventsOf(lines));
  assert.ok(told.acknowledged > 0 && told.granted > 0, 'nothing was acknowledged or granted');
  assert.equal(told.early, []);
});

it('sees a vote leave that is not saved', needsGo, () => {
  const told = durableOf(eventsOf(observedRun('TestPersist3C', { bug: 'vote-not-saved' }).lines));
  assert.ok(told.early.length > 0, 'no grant left before its save');
});

it('is silent under the race detector, and leaves the lab as it was', {
  ...needsGo,
  skip: needsGo.skip || unlessRuns(['gcc', '--version']),
}, () => {
  const before = spawnSync('find', [OWN_LAB, '-type', 'f'], { encoding: 'utf8' }).stdout;
  const { output } = observedRun('TestSnapshot3D', { flags: ['-race'] });
  assert.not.match(output, /DATA RACE/);
  assert.is(spawnSync('find', [OWN_LAB, '-type', 'f'], { encoding: 'utf8' }).stdout, before);
});

interface Durable {
  acknowledged: number;
  granted: number;
  /** The lines of replies that left before what they promise was saved. */
  readonly early: number[];
}

/** Follows each server's disk by its Persist lines, and holds the replies against it. */
function durableOf(events: readonly Event[]): Durable {
  const told: Durable = { acknowledged: 0, granted: 0, early: [] };
  const disks = new Map<string, { term: number; vote: string | null; log: Map<number, string> }>();
  const requests = new Map<number, Event>();
  for (const event of events) {
    const disk = disks.get(event.node) ?? { term: 0, vote: null, log: new Map<number, string>() };
    disks.set(event.node, disk);
    if (event.op === 'Persist') {
      disk.term = event.durableTerm ?? 0;
      disk.vote = event.durableVote ?? null;
      const from = event.index ?? 1;
      for (const index of disk.log.keys()) if (index >= from) disk.log.delete(index);
      event.entries?.forEach(({ term, hash }, at) => disk.log.set(from + at, `${term}:${hash}`));
    } else if (event.dir === 'send' && event.re === undefined) {
      requests.set(event.id ?? 0, event);
    } else if (event.dir === 'send') {
      const request = requests.get(event.re ?? 0);
      if (event.op === 'RequestVoteReply' && event.granted) {
        told.granted += 1;
        if (disk.vote !== event.dst) told.early.push(event.seq);
      }
      if (event.op === 'AppendEntriesReply' && event.success && request?.op === 'AppendEntries') {
        told.acknowledged += 1;
        const lacks = request.entries?.some(({ term, hash }, at) => disk.log.get((request.prev ?? 0) + 1 + at) !== `${term}:${hash}`);
        if (lacks) told.early.push(event.seq);
      }
    }
  }
  return told;
}
