import { closeSync, openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { encodeLine } from '@raftlens/events';
import { Cluster } from './cluster.ts';

const FLUSH_BYTES = 1 << 22;
const UNITS: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Writes a log of at least so many bytes and returns how many events it has. */
export function writeLog(path: string, bytes: number, seed = 1): number {
  const fd = openSync(path, 'w');
  let pending = '';
  let written = 0;
  let events = 0;
  const cluster = new Cluster((event) => {
    pending += `${encodeLine(event)}\n`;
    events++;
  }, seed);
  while (written < bytes) {
    cluster.round();
    // The lines are ASCII: a character is a byte.
    if (pending.length < FLUSH_BYTES && written + pending.length < bytes) continue;
    written += pending.length;
    writeSync(fd, pending);
    pending = '';
  }
  closeSync(fd);
  return events;
}

/** `100MiB` and the like, in bytes. */
export function bytesOf(size: string): number {
  const [, digits, unit] = /^(\d+)(KiB|MiB|GiB)$/.exec(size) ?? [];
  const factor = UNITS[unit ?? ''];
  if (digits === undefined || factor === undefined) throw new Error(`"${size}" is no size: write 100MiB or 4GiB`);
  return Number(digits) * factor;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [size, path, seed] = process.argv.slice(2);
  if (size === undefined || path === undefined)
    throw new Error('usage: generate.js SIZE FILE [SEED], as in generate.js 1GiB /tmp/1g.ndjson');
  console.log(`${writeLog(path, bytesOf(size), Number(seed ?? 1))} events`);
}
