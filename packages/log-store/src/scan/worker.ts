import { parentPort, workerData } from 'node:worker_threads';
import type { Chunk } from '../columns/chunk.ts';
import { nativeFormat } from '../formats/native.ts';
import { FileSource, reasonOf } from '../io/byte-source.ts';
import type { RangeRequest, ScannedSlot, WorkerReply, WorkerTask } from './messages.ts';
import { RangeScan } from './range.ts';
import { scannerOf } from './scanner.ts';

// A thread that scans ranges of one file for the pool (pool.ts), which is the only one to start it.
const task = workerData as WorkerTask;
// Threads are for large files, which are mostly native, and what a thread loads delays it: the rest is loaded for those who need it.
const format = task.definition === undefined ? nativeFormat : new (await import('../formats/defined.ts')).DefinedFormat(task.definition);
const scan = new RangeScan(new FileSource(task.file, task.fd), scannerOf(format, task.file));
const slots: Chunk[] = [];

parentPort?.on('message', (request: RangeRequest) => {
  try {
    reply(scanned(request));
  } catch (error) {
    reply({ error: reasonOf(error) });
  }
});
reply('ready');

function scanned({ range, from, to, slot }: RangeRequest): ScannedSlot {
  const before = slots[slot]?.memory;
  const { base, chunk } = scan.scan(from, to, slots[slot]);
  slots[slot] = chunk;
  const { memory, rows, bytesUsed, newNames, keys, clocks } = chunk;
  return { range, slot, memory: memory === before ? undefined : memory, base, rows, bytesUsed, newNames, keys, clocks };
}

function reply(message: WorkerReply): void {
  parentPort?.postMessage(message);
}
