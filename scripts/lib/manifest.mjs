/** The manifests of the workspace's packages, as a registry takes them: real versions in place of `workspace:` and `catalog:`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolders, ROOT } from './workspace.mjs';

/** @returns {Map<string, {folder: string, manifest: object}>} every package of the workspace by its name */
export function workspacePackages() {
  return new Map(
    packageFolders().map((folder) => {
      const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
      return [manifest.name, { folder, manifest }];
    }),
  );
}

/** The versions of the catalog. It is a flat list of `name: version`, which needs no parser. */
export function catalogVersions() {
  const text = readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8');
  const [, list = ''] = /^catalog:\n((?: +.*\n|\n)*)/m.exec(text) ?? [];
  return new Map([...list.matchAll(/^ +"?([^":\s]+)"?: *"?([^"\s#]+)"?/gm)].map(([, name, version]) => [name, version]));
}

const OF_THE_WORKSPACE = new Set(['devDependencies', 'scripts', 'private']);

/**
 * The manifest that is published: without what only the workspace needs.
 *
 * @throws Error where a dependency is published nowhere
 */
export function publishedManifest(manifest, packages, catalog) {
  const rest = Object.fromEntries(Object.entries(manifest).filter(([key]) => !OF_THE_WORKSPACE.has(key)));
  const versions = (dependencies) =>
    Object.fromEntries(Object.entries(dependencies).map(([name, asked]) => [name, versionOf(name, asked, packages, catalog)]));
  return {
    ...rest,
    ...(rest.dependencies === undefined ? {} : { dependencies: versions(rest.dependencies) }),
    ...(rest.peerDependencies === undefined ? {} : { peerDependencies: versions(rest.peerDependencies) }),
  };
}

function versionOf(name, asked, packages, catalog) {
  const version = asked.startsWith('workspace:')
    ? packages.get(name)?.manifest.version
    : asked.startsWith('catalog:')
      ? catalog.get(name)
      : asked;
  if (version === undefined) throw new Error(`no version is known of ${name}, which is asked for as ${asked}`);
  return version;
}
