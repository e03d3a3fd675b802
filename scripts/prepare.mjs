/**
 * Makes the repository ready to run: installs the dependencies when they are missing or the lockfile changed, and builds when a source
 * changed. A second call only compares stamps. Needs Node, npm and a network for the first call; nothing else.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CACHE, compiledOf, filesBelow, fingerprint, giveUp, packageFolders, ROOT } from './lib/workspace.mjs';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Installs and builds what is needed; ends the process with a message when that fails. Messages go to stderr. */
export function prepare() {
  checkNode();
  mkdirSync(CACHE, { recursive: true });
  installWhenChanged();
  buildWhenChanged();
}

function checkNode() {
  const [wantedMajor, wantedMinor] = manifest.engines.node.match(/\d+/g).map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    giveUp(
      `raftlens needs Node ${manifest.engines.node}; this is ${process.version}. Install a newer Node and run the same command again.`,
      2,
    );
  }
}

function installWhenChanged() {
  const folders = packageFolders();
  const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...folders.map((folder) => join(folder, 'package.json'))];
  // Contents and not times: a fresh checkout of the same files needs no new install.
  const wanted = digest([process.version, process.platform, process.arch, ...inputs.map((file) => readFileSync(join(ROOT, file), 'utf8'))]);
  const complete =
    existsSync(join(ROOT, 'node_modules', '.modules.yaml')) && folders.every((folder) => existsSync(join(ROOT, folder, 'node_modules')));
  if (complete && stamp('install') === wanted) return;
  say(`installing dependencies (${manifest.packageManager})`);
  const result = run('npx', ['-y', manifest.packageManager, 'install', '--frozen-lockfile'], { CI: '1' });
  if (result !== 0) giveUp('The dependencies could not be installed: see above. The first run needs the network.', 3);
  setStamp('install', wanted);
}

function buildWhenChanged() {
  const folders = packageFolders();
  const sources = folders.flatMap((folder) => ['src', 'test', 'bench'].flatMap((part) => filesBelow(join(folder, part), '.ts')));
  const settings = [
    'tsconfig.json',
    'tsconfig.base.json',
    ...folders.flatMap((folder) => ['tsconfig.json', 'package.json', 'bundle.mjs'].map((file) => join(folder, file))),
  ];
  const wanted = digest([manifest.version, stamp('install'), ...[...sources, ...settings].map(fingerprint)]);
  const bundlers = folders.map((folder) => join(folder, 'bundle.mjs')).filter((file) => existsSync(join(ROOT, file)));
  const complete =
    folders.every((folder) => existsSync(join(ROOT, folder, 'dist', '.tsbuildinfo'))) &&
    bundlers.every((file) => existsSync(join(ROOT, dirname(file), 'dist', 'bundle')));
  if (complete && stamp('build') === wanted) return;
  say('building');
  removeOrphans(folders, new Set(sources.map((source) => compiledOf(source).replace(/\.js$/, ''))));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  if (run(process.execPath, [tsc, '-b']) !== 0) giveUp('The build failed: see above.', 3);
  for (const file of bundlers) if (run(process.execPath, [join(ROOT, file)]) !== 0) giveUp(`The build failed in ${file}: see above.`, 3);
  setStamp('build', wanted);
}

/** A compiled file whose source is gone would go on being imported and run. */
function removeOrphans(folders, compiled) {
  for (const folder of folders) {
    for (const part of ['src', 'test', 'bench']) {
      for (const ending of ['.js', '.js.map', '.d.ts', '.d.ts.map']) {
        for (const file of filesBelow(join(folder, 'dist', part), ending)) {
          if (!compiled.has(file.slice(0, -ending.length))) rmSync(join(ROOT, file));
        }
      }
    }
  }
}

function digest(parts) {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

function stamp(name) {
  const path = join(CACHE, `${name}.stamp`);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function setStamp(name, value) {
  writeFileSync(join(CACHE, `${name}.stamp`), value);
}

/** Both streams of the child go to our stderr, because stdout is for the data of the command that is being prepared. */
function run(command, args, environment = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2], env: { ...process.env, ...environment } });
  if (result.error !== undefined) giveUp(`Cannot run ${command}: ${result.error.message}.`, 3);
  return result.status ?? 1;
}

function say(what) {
  process.stderr.write(`raftlens: ${what} ...\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) prepare();
