import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder, removed when the process ends. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'raftlens-test-'));
  process.on('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}
