import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ExitCode, UserError, unknownName } from '@raftlens/command-line';
import type { BuildFailure } from 'esbuild';
import { errorMessage } from '../errors.ts';
import { makeBuildFolder } from '../keep/session-folder.ts';
import { needing } from '../needing.ts';
import { parseCount } from './arguments.ts';
import { finishSession } from './finish-session.ts';
import { parseSeeds, seedsAreBounded } from './seed-range.ts';
import { type SeededWork, seededWorkload } from './seeded-workload.ts';
import { readSessionSettings, type SessionArguments } from './session-options.ts';

export interface ModuleArguments extends SessionArguments {
  readonly file?: string | undefined;
  readonly test?: readonly string[] | undefined;
  readonly seeds?: string | undefined;
  readonly workerMemory: string;
}

export async function runModule(options: ModuleArguments): Promise<ExitCode> {
  const settings = readSessionSettings(options, process.env, seedsAreBounded(options.seeds));
  const file = options.file ?? '';
  if (!existsSync(file)) throw new UserError('NO_MODULE', `there is no file ${file}`);
  const seeds = options.seeds === undefined ? { first: 1, count: null } : parseSeeds(options.seeds);
  if (seeds.count !== null && settings.runs !== null)
    throw new UserError('BAD_OPTIONS', '--seeds A..B and --runs exclude each other: give one');
  return finishSession(async () => {
    const folder = makeBuildFolder(settings.logs);
    const { path, exports } = await bundle(file, folder);
    const names = chosen(file, exports, options.test ?? []);
    const work: SeededWork = {
      label: `module ${file}`,
      tests: { kind: 'module', url: pathToFileURL(path).href, exports: names },
      cases: names.map((name) => ({ name })),
      seeds,
      identity: ['module', file],
      heapMaxMiB: parseCount(options.workerMemory, '--worker-memory', 64),
      againOf: (test, seed) => ['module', file, '-t', test, '--seeds', seed],
    };
    return seededWorkload(work, settings);
  }, settings);
}

/** Packages that are CommonJS ask for `require`, which a module does not have. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** One file for the workers, with all that it imports, so that it runs from wherever it lies; and the names that it exports. */
async function bundle(file: string, folder: string): Promise<{ path: string; exports: readonly string[] }> {
  const path = join(folder, `${basename(file).replace(/\.[^.]*$/, '')}.mjs`);
  const { build } = await needing(import('esbuild'), 'run-until-fail module', 'esbuild');
  try {
    const { metafile } = await build({
      entryPoints: [file],
      outfile: path,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      banner: { js: REQUIRE },
      sourcemap: 'inline',
      metafile: true,
      logLevel: 'silent',
    });
    return { path, exports: Object.values(metafile.outputs).flatMap((output) => output.exports) };
  } catch (error) {
    throw new UserError('BAD_MODULE', `${file} cannot be built: ${buildErrors(error)}`);
  }
}

function buildErrors(error: unknown): string {
  const errors = isBuildFailure(error) ? error.errors : [];
  const lines = errors.map(({ text, location }) => (location === null ? text : `${location.file}:${location.line}: ${text}`));
  return lines.length > 0 ? lines.join('\n') : errorMessage(error);
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function chosen(file: string, exports: readonly string[], wanted: readonly string[]): readonly string[] {
  if (exports.length === 0)
    throw new UserError('NO_TESTS', `${file} exports nothing: export functions (seed, { folder }) => void that throw when they fail`);
  const unknown = wanted.find((name) => !exports.includes(name));
  if (unknown !== undefined) throw unknownName('export', unknown, exports);
  return wanted.length > 0 ? wanted : exports;
}
