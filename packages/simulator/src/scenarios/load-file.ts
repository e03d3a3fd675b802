import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { SimulatorError } from '../protocol/failure.ts';
import type { Scenario } from './scenario.ts';

/** Our own packages are the ones that are running, wherever the user's file lies. */
const ownPackages: Plugin = {
  name: 'own-packages',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^@raftlens\// }, ({ path }) => {
      const own = path === '@raftlens/simulator' ? new URL('../index.js', import.meta.url).href : import.meta.resolve(path);
      return { path: own, external: true };
    });
  },
};

/**
 * Loads a scenario that a user wrote: a TypeScript or JavaScript module whose default export is a Scenario (see `defineScenario`). What
 * it imports by relative paths comes with it. Throws a SimulatorError with code BAD_SCENARIO that says what is wrong with the file.
 */
export async function loadScenarioFile(path: string): Promise<Scenario> {
  const file = resolve(path);
  if (!existsSync(file)) throw bad(path, 'there is no such file');
  const code = await bundle(path, file);
  const module: unknown = await evaluate(path, code);
  const scenario: unknown = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  return checked(path, scenario);
}

/** It is an optional dependency: only those who write scenarios need it. */
async function loadEsbuild(): Promise<typeof import('esbuild')> {
  try {
    return await import('esbuild');
  } catch {
    throw new SimulatorError(
      'NO_ESBUILD',
      'a scenario of your own is built by esbuild, which is not installed here: npm install -g esbuild',
    );
  }
}

async function bundle(path: string, file: string): Promise<string> {
  const { build } = await loadEsbuild();
  try {
    const result = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourceRoot: pathToFileURL(`${dirname(file)}/`).href,
      outfile: file.replace(/\.[^./]*$/, '.mjs'),
      logLevel: 'silent',
      plugins: [ownPackages],
    });
    return result.outputFiles[0]?.text ?? '';
  } catch (thrown) {
    throw bad(path, messageOf(thrown));
  }
}

/**
 * From a file of its own in a folder of its own, and so a changed file is another module. Stacks name the lines of the user's file.
 */
async function evaluate(path: string, code: string): Promise<unknown> {
  process.setSourceMapsEnabled(true);
  const folder = mkdtempSync(join(tmpdir(), 'raftlens-scenario-'));
  try {
    const built = join(folder, 'scenario.mjs');
    writeFileSync(built, code);
    const module: unknown = await import(pathToFileURL(built).href);
    return module;
  } catch (thrown) {
    throw bad(path, `it throws when it is loaded: ${messageOf(thrown)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checked(path: string, value: unknown): Scenario {
  if (typeof value !== 'object' || value === null)
    throw bad(path, 'its default export must be a scenario: export default defineScenario({ name, summary, servers, run })');
  const members = new Map<string, unknown>(Object.entries(value));
  const name = members.get('name');
  const servers = members.get('servers');
  const voters = members.get('voters');
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9-]*$/.test(name)) throw bad(path, '`name` must be small letters, digits and hyphens');
  if (typeof members.get('summary') !== 'string') throw bad(path, '`summary` must say in one line what happens');
  if (!isCount(servers, 15)) throw bad(path, '`servers` must be a whole number from 1 to 15');
  if (voters !== undefined && !isCount(voters, servers)) throw bad(path, `\`voters\` must be a whole number from 1 to ${servers}`);
  if (typeof members.get('run') !== 'function') throw bad(path, '`run` must be an async function of the cluster');
  // What a script may get wrong beyond this it finds out by running.
  return value as Scenario;
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.split('\n').slice(0, 3).join(' ') || thrown.name : String(thrown);
}

function bad(path: string, message: string): SimulatorError {
  return new SimulatorError('BAD_SCENARIO', `${path}: ${message}`);
}
