/** Puts what a package publishes into a folder of its own, from which `npm pack` makes the tarball. */
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { publishedManifest } from './manifest.mjs';
import { ROOT } from './workspace.mjs';

/**
 * A library depends on other published packages. A tool (a package with commands) brings along all that it needs, and one download installs
 * it: either its bundle alone, or its dependencies in a node_modules of its own (`bundleDependencies`).
 *
 * @returns {string} the folder
 */
export function stagePackage({ folder, manifest }, into, packages, catalog) {
  const target = join(into, basename(folder));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const source = join(ROOT, folder);
  const published = publishedManifest(manifest, packages, catalog);
  copyFiles(source, target, bundled(source) ? published.files.filter((path) => path !== 'dist/src') : published.files);
  cpSync(join(ROOT, 'LICENSE'), join(target, 'LICENSE'));
  if (manifest.bin !== undefined) {
    if (bundled(source)) delete published.dependencies;
    else published.bundleDependencies = bringDependencies(source, manifest, target, packages, catalog);
  }
  write(target, published);
  return target;
}

/** Whether the tool's bundle holds all that it needs. */
function bundled(source) {
  return existsSync(join(source, 'bundle.mjs'));
}

function copyFiles(source, target, paths) {
  // A map leads to sources, which only a package that ships them has.
  const unwanted = paths.includes('src') ? /$^/ : /\.map$/;
  copyPaths(source, target, [...paths, 'README.md'], unwanted);
}

function copyPaths(source, target, paths, unwanted) {
  for (const path of paths) {
    if (!existsSync(join(source, path))) continue;
    cpSync(join(source, path), join(target, path), { recursive: true, filter: (file) => !unwanted.test(file) });
  }
}

/**
 * Copies the dependencies, and theirs, into the tool's node_modules: to the top, or beside the one that needs it where another version is there.
 *
 * @returns {string[]} the names of the tool's own dependencies
 */
function bringDependencies(source, manifest, target, packages, catalog) {
  const top = join(target, 'node_modules');
  const placed = new Map();
  const bring = (from, dependencies, beside) => {
    const brought = [];
    for (const name of Object.keys(dependencies ?? {})) {
      const found = findPackage(from, name);
      const own = JSON.parse(readFileSync(join(found, 'package.json'), 'utf8'));
      if (placed.get(name) === own.version) continue;
      const home = join(placed.has(name) ? join(beside, 'node_modules') : top, name);
      if (!placed.has(name)) placed.set(name, own.version);
      copyPackage(found, home, own, packages, catalog);
      brought.push([found, own.dependencies, home]);
    }
    // All of one package before theirs: the top belongs to the tool's own choices.
    for (const theirs of brought) bring(...theirs);
  };
  bring(source, manifest.dependencies, target);
  return Object.keys(manifest.dependencies);
}

/** What nobody reads who only runs a tool: it is most of the files of an installation, and of the time that it takes. */
const NOT_RUN = /\.(map|md|markdown|d\.[cm]?ts)$/;

function copyPackage(found, home, own, packages, catalog) {
  mkdirSync(home, { recursive: true });
  if (packages.has(own.name)) {
    copyPaths(found, home, own.files, NOT_RUN);
    write(home, publishedManifest(own, packages, catalog));
  } else {
    // TypeScript is run of no package but the core, which the zoo builds.
    const unwanted = (path) => NOT_RUN.test(path) || path.endsWith('.ts') || basename(path) === 'node_modules';
    cpSync(found, home, { recursive: true, filter: (path) => path === found || !unwanted(path) });
  }
}

/** As Node looks for it: in the node_modules of the folder and of those above it. */
function findPackage(from, name) {
  for (let at = realpathSync(from); ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (at === dirname(at)) throw new Error(`${name} is not installed, which ${from} needs`);
  }
}

function write(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
