/**
 * The core alone: servers in one process, in memory, messages handed over directly, on one thread, every command applied by every server.
 * Times are CPU times of the process, so that a busy machine changes them little.
 * Beside it etcd's raft under the same load, where Go and its sources are installed. Prints a Markdown table.
 *
 * `npm run bench -- core -- --ms 1000 --repeat 5`: how long each measurement runs, and of how many the median is taken.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { buildPeer, type Peer } from './etcd-peer.ts';
import { type Load, type Measured, measure, median } from './measure.ts';

const { values } = parseArgs({ options: { ms: { type: 'string', default: '400' }, repeat: { type: 'string', default: '3' } } });
const durationMs = Number(values.ms);
const repeat = Number(values.repeat);
if (!(durationMs > 0) || !(repeat >= 1)) {
  throw new RangeError(`--ms and --repeat are positive numbers, not "${values.ms}" and "${values.repeat}"`);
}

const loads: readonly Load[] = [3, 5].flatMap((servers) =>
  [16, 1024].flatMap((size) =>
    [1, 64, 1024].flatMap((window) => (window === 1 ? [false] : [false, true]).map((batch): Load => ({ servers, size, window, batch }))),
  ),
);

const peer = buildPeer();
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}; median of ${repeat} x ${durationMs} ms.`);
console.log(typeof peer === 'function' ? '' : `etcd is skipped: ${peer.reason}.\n`);
console.log('| servers | command | outstanding | commits/s | messages/commit | bytes/commit | etcd commits/s | messages | bytes | ratio |');
console.log('| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const load of loads) {
  const [ours, theirs] = alternate(load, typeof peer === 'function' ? peer : null);
  const { servers, size, window, batch } = load;
  const outstanding = window === 1 ? '1' : `${window}, ${batch ? 'one batch' : 'one by one'}`;
  const ratio = theirs === null ? '' : (ours.commitsPerS / theirs.commitsPerS).toFixed(1);
  console.log(`| ${servers} | ${size} B | ${outstanding} | ${cells(ours)} | ${theirs === null ? ' | | ' : cells(theirs)} | ${ratio} |`);
}

/** Ours and theirs in turn, so that whatever else the machine does falls on both. */
function alternate(load: Load, other: Peer | null): readonly [Measured, Measured | null] {
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let i = 0; i < repeat; i++) {
    ours.push(measure(load, durationMs));
    if (other !== null) {
      theirs.push(other(load, durationMs));
    }
  }
  return [typical(ours), theirs.length === 0 ? null : typical(theirs)];
}

function typical(all: readonly Measured[]): Measured {
  return {
    commitsPerS: median(all.map(({ commitsPerS }) => commitsPerS)),
    messagesPerCommit: median(all.map(({ messagesPerCommit }) => messagesPerCommit)),
    bytesPerCommit: median(all.map(({ bytesPerCommit }) => bytesPerCommit)),
  };
}

function cells({ commitsPerS, messagesPerCommit, bytesPerCommit }: Measured): string {
  return `${(commitsPerS / 1000).toFixed(0)} k | ${Number(messagesPerCommit.toPrecision(3))} | ${bytesPerCommit.toFixed(0)}`;
}
