import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Values of --env: they may be keys and passwords. They stay on this machine, beside the runs, so that nothing that travels with a run holds them. */
export type KeptValues = Readonly<Record<string, string>>;

/** No run, for its name begins with a dot. */
const FOLDER = '.values';

/** Keeps the values of a run in the logs folder; only their owner may read them. Those of runs that are gone go as well. @throws the system's error */
export function keepValues(run: string, values: KeptValues): void {
  if (Object.keys(values).length === 0) return;
  const logs = dirname(run);
  mkdirSync(join(logs, FOLDER), { recursive: true, mode: 0o700 });
  dropForgotten(logs);
  const path = valuesFile(run);
  rmSync(path, { force: true });
  writeFileSync(path, `${JSON.stringify(values)}\n`, { mode: 0o600, flag: 'wx' });
}

/** Where the values of a run lie. */
export function valuesFile(run: string): string {
  return join(dirname(run), FOLDER, `${basename(run)}.json`);
}

function dropForgotten(logs: string): void {
  const runs = new Set(readdirSync(logs));
  for (const name of readdirSync(join(logs, FOLDER))) {
    if (!runs.has(name.replace(/\.json$/, ''))) rmSync(join(logs, FOLDER, name), { force: true });
  }
}
