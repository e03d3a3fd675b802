import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { instrumentLab } from '../src/instrument-lab.ts';

/** Our own lab: shaped as the public ones are. */
export const OWN_LAB = fileURLToPath(new URL('../../test/lab', import.meta.url));

/** A copy of it, for what changes its files. */
export function copyOfLab(): string {
  const folder = temporaryFolder();
  cpSync(OWN_LAB, folder, { recursive: true });
  return folder;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'observe-lab-'));
}

export interface ObservedRun {
  readonly output: string;
  readonly lines: readonly string[];
}

/** Builds the lab with the recorder in it and runs one of its tests. */
export function observedRun(test: string, { bug = '', flags = [] as readonly string[] } = {}): ObservedRun {
  const folder = temporaryFolder();
  const { overlay, target } = instrumentLab({ directory: OWN_LAB, out: join(folder, 'overlay') });
  const program = join(folder, 'lab.test');
  called('go', ['test', '-c', '-overlay', overlay, ...flags, '-o', program, '.'], target, {});
  const output = called(program, ['-test.run', test, '-test.v'], target, { RUN_DIR: folder, RAFT_BUG: bug });
  return { output, lines: readFileSync(join(folder, 'observed.ndjson'), 'utf8').trimEnd().split('\n') };
}

function called(program: string, words: readonly string[], cwd: string, environment: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: 'utf8', env: { ...process.env, ...environment } });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout + stderr;
}
