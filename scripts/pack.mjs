/**
 * Makes the tarballs that are published: `npm run pack [-- --to FOLDER]`, into `dist/`. Prints a table of them, and publishes nothing.
 * A package that says `private` is not published by itself; the tools bring along what they need of it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogVersions, workspacePackages } from './lib/manifest.mjs';
import { stagePackage } from './lib/stage-package.mjs';
import { CACHE, giveUp, ROOT } from './lib/workspace.mjs';
import { prepare } from './prepare.mjs';

const target = targetFolder();
prepare();
const packages = workspacePackages();
const catalog = catalogVersions();
mkdirSync(target, { recursive: true });
for (const name of readdirSync(target)) if (name.endsWith('.tgz')) rmSync(join(target, name));

const stage = join(CACHE, 'pack');
const folders = [...packages.values()]
  .filter(({ manifest }) => manifest.private !== true)
  .map((found) => stagePackage(found, stage, packages, catalog));
for (const { name, version, filename, size, unpackedSize, entryCount } of packed(folders)) {
  const columns = [
    `${name} ${version}`.padEnd(28),
    kilobytes(size),
    kilobytes(unpackedSize),
    `${entryCount} files`.padStart(11),
    `  ${filename}`,
  ];
  console.log(columns.join(''));
}
rmSync(stage, { recursive: true });

function targetFolder() {
  try {
    return resolve(parseArgs({ options: { to: { type: 'string', default: join(ROOT, 'dist') } } }).values.to);
  } catch (error) {
    return giveUp(`${error.message}\nUsage: npm run pack [-- --to FOLDER]`, 2);
  }
}

function packed(paths) {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', target, ...paths], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) giveUp(`npm pack failed:\n${stderr}`, 3);
  return JSON.parse(stdout);
}

function kilobytes(bytes) {
  return `${Math.ceil(bytes / 1000).toLocaleString('en-US')} kB`.padStart(11);
}
