import type { OpenOptions } from '@raftlens/log-store';
import { pathsOrLatest } from './log-paths.ts';
import { runScreen } from './screen.ts';
import { SCREEN_DEFAULTS, type ScreenFlags, terminalSetup } from './terminal-options.ts';

export interface OpenFlags extends ScreenFlags {
  readonly paths: readonly string[];
  /** Not to take up the session where it was left. */
  readonly fresh: boolean;
  readonly reading: OpenOptions;
}

export async function openScreen({ paths, fresh, reading, ...flags }: OpenFlags): Promise<void> {
  await runScreen({ ...terminalSetup(flags, 'raftlens columns'), paths, fresh, reading });
}

/** Opens the log, or the newest run where none is named, without any option. */
export function openPlainly(paths: readonly string[]): Promise<void> {
  return openScreen({ ...SCREEN_DEFAULTS, paths: pathsOrLatest(paths), fresh: false, reading: {} });
}
