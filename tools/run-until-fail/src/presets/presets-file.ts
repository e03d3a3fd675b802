import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PRESETS_FILE, type Preset } from './preset.ts';

/** None where there is no such file; its reader is loaded only where there is. @throws UserError BAD_PRESETS */
export async function userPresets(directory: string): Promise<readonly Preset[]> {
  const path = join(directory, PRESETS_FILE);
  if (!existsSync(path)) return [];
  const { readPresets } = await import('./user-presets.ts');
  return readPresets(path);
}
