import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The words that start raftlens: beside us in the repository; from a package registry it is on the PATH. */
export function raftlensWords(): readonly [string, ...string[]] {
  const beside = fileURLToPath(new URL('../../../raftlens/bin/raftlens.mjs', import.meta.url));
  return existsSync(beside) ? [process.execPath, beside] : ['raftlens'];
}
