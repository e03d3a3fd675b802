/**
 * Makes the API reference of the libraries from their comments: `npm run docs [-- --to FOLDER]`, into `dist/api/NAME/index.html`.
 * A comment that names what is not there, or a type that is shown and not exported, is a failure.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { giveUp, ROOT } from './lib/workspace.mjs';

const LIBRARIES = ['events', 'raft', 'checker'];
// typedoc needs the compiler's old programming interface, which the workspace's TypeScript does not have: both are fetched for this alone.
const TOOLS = ['--package', 'typedoc@0.28.20', '--package', 'typescript@6.0.3'];

const target = targetFolder();
for (const name of LIBRARIES) {
  const folder = join(ROOT, 'packages', name);
  const options = ['--options', join(folder, 'typedoc.json'), '--tsconfig', join(folder, 'tsconfig.json'), '--out', join(target, name)];
  const fixed = ['--treatWarningsAsErrors', '--skipErrorChecking', '--readme', join(folder, 'README.md'), '--name', `@raftlens/${name}`];
  const run = spawnSync('npx', ['--yes', ...TOOLS, '--', 'typedoc', ...options, ...fixed, ...entryPoints(folder)], {
    stdio: 'inherit',
    cwd: folder,
  });
  if (run.error !== undefined || run.status !== 0) giveUp(`The reference of packages/${name} was not made: see above.`, 1);
}
console.log(`the reference is in ${target}`);

/** The sources of all that the package exports. */
function entryPoints(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const types = Object.values(exports).flatMap((entry) => entry.types ?? []);
  return types.map((path) => join(folder, path.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts')));
}

function targetFolder() {
  try {
    return resolve(parseArgs({ options: { to: { type: 'string', default: join(ROOT, 'dist', 'api') } } }).values.to);
  } catch (error) {
    return giveUp(`${error.message}\nUsage: npm run docs [-- --to FOLDER]`, 2);
  }
}
