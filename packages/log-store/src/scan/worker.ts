import { parentPort, workerData } from 'node:worker_threads';
import { DefinedFormat } from '../formats/defined.ts';
import { formatNamed } from '../formats/index.ts';
import { FileSource, reasonOf } from '../io/byte-source.ts';
import type { RangeReply, RangeRequest, WorkerTask } from './messages.ts';
import { RangeScan } from './range.ts';
import { scannerOf } from './scanner.ts';

// A thread that scans ranges of one file for the pool (pool.ts), which is the only one to start it.
const task = workerData as WorkerTask;
const format = task.definition === undefined ? formatNamed(task.format) : new DefinedFormat(task.definition);
const scan = new RangeScan(new FileSource(task.file, task.fd), scannerOf(format, task.file));

parentPort?.on('message', (request: RangeRequest) => {
  try {
    const { base, chunk } = scan.scan(request.from, request.to, request.reuse);
    const reply: RangeReply = { range: request.range, base, chunk };
    parentPort?.postMessage(reply);
  } catch (error) {
    const reply: RangeReply = { range: request.range, error: reasonOf(error) };
    parentPort?.postMessage(reply);
  }
});
