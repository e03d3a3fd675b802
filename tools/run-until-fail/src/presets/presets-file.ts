import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@raftlens/command-line';
import { PRESETS_FILE, type Preset } from './preset.ts';

/** None where there is no such file; its reader is loaded only where there is. @throws UserError BAD_PRESETS */
export async function userPresets(directory: string): Promise<readonly Preset[]> {
  const path = join(directory, PRESETS_FILE);
  if (!existsSync(path)) return [];
  // It lies in the way of every session here: a pipe of that name is not waited for. Not by a synchronous look: see `forgetPipe`.
  if (!(await stat(path)).isFile()) throw new UserError('BAD_PRESETS', `cannot read ${path}: it is not a plain file`);
  const { readPresets } = await import('./user-presets.ts');
  return readPresets(path);
}
