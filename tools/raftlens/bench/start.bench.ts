/**
 * The first screen of the terminal UI as a user waits for it, on logs of several sizes, beside Node alone, which no program for Node can get
 * below. Sizes after `--`, as in `npm run bench -- start -- 1MiB 1GiB`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FirstScreen, firstScreenOf } from './first-screen.ts';

const REPEATS = 9;
const RAFTLENS = fileURLToPath(new URL('../../bin/raftlens.mjs', import.meta.url));
const GENERATE = fileURLToPath(new URL('../../../../packages/log-store/dist/bench/generate.js', import.meta.url));

const sizes = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'raftlens-start-'));
try {
  console.log('| start | to the first screen, ms | processor time until then, ms |\n| --- | ---: | ---: |');
  const node = await firstScreenOf(
    [process.execPath, '-e', 'process.stdout.write("hello"); setTimeout(() => {}, 60000)'],
    'hello',
    REPEATS,
  );
  print('Node alone, which prints a word', node);
  for (const size of sizes.length > 0 ? sizes : ['1MiB', '100MiB']) {
    const path = join(folder, 'events.ndjson');
    execFileSync(process.execPath, [GENERATE, size, path]);
    print(`raftlens, a log of ${size}`, await firstScreenOf([process.execPath, RAFTLENS, path], 'Boot T0', REPEATS));
  }
} finally {
  rmSync(folder, { recursive: true });
}

function print(what: string, { wallMs, cpuMs }: FirstScreen): void {
  console.log(`| ${what} | ${wallMs.toFixed(0)} | ${cpuMs.toFixed(0)} |`);
}
