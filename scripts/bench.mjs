/**
 * Runs benchmarks: `npm run bench` runs all, `npm run bench -- NAME...` some, `npm run bench -- --list` lists them. A benchmark is a file
 * `bench/NAME.bench.ts` of a package; it prints a Markdown table. Arguments after a second `--` go to it.
 */
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { compiledOf, filesBelow, giveUp, packageFolders, ROOT } from './lib/workspace.mjs';
import { prepare } from './prepare.mjs';

const given = process.argv.slice(2);
const split = given.indexOf('--');
const names = split < 0 ? given : given.slice(0, split);
const passedOn = split < 0 ? [] : given.slice(split + 1);
const found = packageFolders().flatMap((folder) => filesBelow(join(folder, 'bench'), '.bench.ts'));
const benchmarks = new Map(found.map((source) => [basename(source, '.bench.ts'), source]));

if (names.includes('--list')) {
  for (const [name, source] of benchmarks) console.log(`  ${name.padEnd(24)} ${source}`);
} else {
  prepare();
  for (const name of names.length === 0 ? benchmarks.keys() : names) run(name);
}

function run(name) {
  const source = benchmarks.get(name);
  if (source === undefined) giveUp(`There is no benchmark "${name}". There are: ${[...benchmarks.keys()].join(', ')}.`, 2);
  console.log(`\n## ${name}\n`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', join(ROOT, compiledOf(source)), ...passedOn], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) giveUp(`The benchmark "${name}" failed (exit ${status}).`, 1);
}
