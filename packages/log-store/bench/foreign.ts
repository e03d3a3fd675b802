import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLog } from '../src/index.ts';
import { best, rate, row } from './table.ts';

/** The logs of the tests, with the lines that such programs write. */
const FIXTURES = fileURLToPath(new URL('../../test/fixtures/', import.meta.url));
const BYTES = 4e6;
const ROUNDS = 3;

/** The whole index of logs that others wrote, by one thread. */
export async function foreign(path: string): Promise<void> {
  for (const name of readdirSync(FIXTURES).sort()) {
    const text = readFileSync(join(FIXTURES, name));
    const file = `${path}.${name}`;
    writeFileSync(file, Buffer.concat(Array.from({ length: Math.ceil(BYTES / text.length) }, () => text)));
    let rows = 0;
    let format = '';
    const ms = await best(ROUNDS, async () => {
      const log = await openLog(file, { workers: 0 });
      await log.done;
      rows = log.size;
      format = log.files[0]?.format ?? '';
      log.close();
    });
    rmSync(file);
    row(`whole index of 4 MB of the format ${format}`, ms, `${((ms * 1000) / rows).toFixed(1)} µs a line, ${rate(BYTES, ms)}`);
  }
}
