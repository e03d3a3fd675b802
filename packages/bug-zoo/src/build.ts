import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { threadId } from 'node:worker_threads';
import { BugZooError } from './error.ts';
import { prune } from './prune.ts';
import { CORE_FOLDER, type Sources } from './sources.ts';

/**
 * Bundles the sources into one module in the temporary folder and gives its path.
 *
 * The file is named by a hash of everything that goes into it. Workers and processes that want the same core at once each
 * write a file of their own and rename it into place: nobody ever imports half of one.
 *
 * @throws BugZooError NO_ESBUILD, BUILD_FAILED, UNSAFE_FOLDER.
 */
export async function buildCore(sources: Sources, label: string): Promise<string> {
  const esbuild = await loadEsbuild();
  const folder = privateFolder();
  const target = join(folder, `${label}-${keyOf(sources, esbuild.version)}.mjs`);
  if (existsSync(target)) return target;
  const code = await bundle(sources, label, esbuild);
  const own = `${target}.${process.pid}.${threadId}.tmp`;
  writeFileSync(own, code, { mode: 0o600 });
  renameSync(own, target);
  prune(folder, target, label);
  return target;
}

/** It is an optional dependency: only those who plant a bug need it. */
async function loadEsbuild(): Promise<typeof import('esbuild')> {
  try {
    return await import('esbuild');
  } catch (cause) {
    const message = 'a core with a bug in it is built by esbuild, which is not installed here: npm install -g esbuild';
    throw new BugZooError('NO_ESBUILD', message, { cause });
  }
}

async function bundle(sources: Sources, label: string, esbuild: typeof import('esbuild')): Promise<Uint8Array> {
  try {
    const result = await esbuild.build({
      entryPoints: [join(CORE_FOLDER, 'entry-points', 'core.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      // Stacks then name the lines of packages/raft/src, as the patch has left them.
      sourcemap: 'inline',
      sourcesContent: false,
      sourceRoot: pathToFileURL(`${CORE_FOLDER}/`).href,
      outfile: join(CORE_FOLDER, '..', 'planted.mjs'),
      // The core's own tsconfig extends one of the workspace, which an installed package does not have.
      tsconfigRaw: {
        compilerOptions: { target: 'es2022', verbatimModuleSyntax: true },
      },
      plugins: [
        {
          name: 'planted-sources',
          setup: ({ onLoad }) => {
            onLoad({ filter: /\.ts$/ }, ({ path }) => {
              const contents = sources.get(relative(CORE_FOLDER, path).replaceAll('\\', '/'));
              return contents === undefined ? undefined : { contents, loader: 'ts' };
            });
          },
        },
      ],
    });
    return result.outputFiles[0]?.contents ?? new Uint8Array();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BugZooError('BUILD_FAILED', `the core with bug ${label} does not build: ${reason}`, { cause: error });
  }
}

function keyOf(sources: Sources, version: string): string {
  const hash = createHash('sha256').update(`esbuild ${version}\n`);
  for (const [path, text] of sources) hash.update(`${path}\n${text.length}\n${text}`);
  return hash.digest('hex').slice(0, 24);
}

/**
 * The temporary folder is shared by all users of the machine, and what is in ours gets imported: so it must be a real
 * folder, ours, and closed to others.
 */
function privateFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `raftlens-bug-zoo-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const ours = process.getuid === undefined || (found.uid === uid && (found.mode & 0o022) === 0);
  if (!found.isDirectory() || !ours) {
    throw new BugZooError('UNSAFE_FOLDER', `${folder} belongs to somebody else or is open to others; remove it and run again`);
  }
  return folder;
}
