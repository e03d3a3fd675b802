import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printable, UserError } from '@raftlens/command-line';
import type { LabReport } from './lab-report.ts';

/** Where a mapping of names is looked for, in the folder that the user names. */
export const NAMES_FILE = 'raftlens-lab.json';

export interface LabRequest {
  /** The folder of the lab's tests, or one above them. */
  readonly directory: string;
  /** The folder for the overlay; null to say only what would be observed. */
  readonly out: string | null;
}

/**
 * Finds the lab, drafts the mapping of its names, and writes an overlay with the recorder in it. Nothing is written into the lab.
 *
 * @throws UserError NO_GO, NO_LAB, GO_TOO_OLD; LAB_NOT_READ for a fault of the instrumenter
 */
export function instrumentLab({ directory, out }: LabRequest): LabReport {
  const go = goFolder();
  const names = join(directory, NAMES_FILE);
  const sources = readdirSync(join(go, 'instrument')).filter((name) => name.endsWith('.go'));
  const words = ['-target', resolve(directory), '-recorder', join(go, 'recorder')];
  if (out !== null) words.push('-out', resolve(out));
  if (existsSync(names)) words.push('-names', resolve(names));
  const { status, stdout, stderr, error } = spawnSync('go', ['run', ...sources, ...words], {
    cwd: join(go, 'instrument'),
    // The instrumenter is a program by itself: no go.mod, workspace or flag of the user's concerns it.
    env: { ...process.env, GO111MODULE: 'off', GOWORK: 'off', GOFLAGS: '' },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (error !== undefined) throw new UserError('NO_GO', `the lab's tests need Go, which cannot be started: ${error.message}`);
  if (status !== 0) throw new UserError('LAB_NOT_READ', `the lab could not be read: ${printable(lastLineOf(stderr))}`);
  const report = readReport(stdout);
  if (report.error !== '') throw new UserError('NO_LAB', printable(report.error));
  checkToolchain(report.wanted);
  return report;
}

/** In the workspace and in an installed tool two floors up; in the bundle beside it. */
function goFolder(): string {
  const folders = ['../../go', './go'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = folders.find((path) => existsSync(join(path, 'instrument')));
  if (found === undefined) throw new Error(`the recorder's sources are in none of ${folders.join(', ')}`);
  return found;
}

function lastLineOf(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

/** The program that printed it came with this file: what has its outline has its fields. */
function readReport(text: string): LabReport {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('rpcs' in value) || !('error' in value)) {
    throw new UserError('LAB_NOT_READ', 'the instrumenter did not say what it found');
  }
  return value as LabReport;
}

/**
 * Before 1.21 Go takes a go.mod of a newer language without a word. The labs since 2025 then change their meaning: a loop's variable was one
 * for all of its turns until 1.22.
 */
function checkToolchain(wanted: string): void {
  if (wanted === '') return;
  const { stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  const [have, need] = [numbersOf(stdout), numbersOf(wanted)];
  if (have === null || need === null || !isBefore(have, [1, 21]) || !isBefore(have, need)) return;
  throw new UserError(
    'GO_TOO_OLD',
    `go.mod asks for Go ${printable(wanted)}, and this is ${printable(stdout.trim())}, which would build it with another meaning: install a newer Go`,
  );
}

function numbersOf(version: string): readonly [number, number] | null {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor)];
}

function isBefore([major, minor]: readonly [number, number], [otherMajor, otherMinor]: readonly [number, number]): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
