/**
 * Lints: TypeScript's traps, the floors, determinism and the size of files and functions (oxlint, `.oxlintrc.json`), the format (biome), the
 * floors inside the packages (`floors.mjs`), their picture (`draw-house.mjs`), and the names of types (`names.mjs`).
 * `--fix` formats and mends what can be mended; paths narrow it (`node scripts/lint.mjs --fix packages/raft`). Exit 0 when there is nothing to complain of, else 1.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { giveUp, ROOT } from './lib/workspace.mjs';
import { prepare } from './prepare.mjs';

const fix = process.argv.includes('--fix');
const paths = process.argv
  .slice(2)
  .filter((argument) => argument !== '--fix')
  .map((path) => resolve(path));
for (const path of paths) if (!existsSync(path)) giveUp(`There is no file ${path}.\nUsage: node scripts/lint.mjs [--fix] [PATH...]`, 2);

prepare();
const oxlint = [
  join('node_modules', 'oxlint', 'bin', 'oxlint'),
  '--type-aware',
  '--deny-warnings',
  '--report-unused-disable-directives',
  ...(fix ? ['--fix'] : []),
  ...paths,
];
const biome = [
  join('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  'check',
  '--error-on-warnings',
  '--max-diagnostics=20',
  ...(fix ? ['--write'] : []),
  ...paths,
];
const floors = run([join('scripts', 'floors.mjs')]);
const names = run([join('scripts', 'names.mjs')]);
const house = run([join('scripts', 'draw-house.mjs'), ...(fix ? [] : ['--check'])]);
// Both write files when they mend: they must not run side by side then.
const results = fix ? [await run(oxlint), await run(biome)] : await Promise.all([run(oxlint), run(biome)]);
results.push(await floors, await house, await names);
for (const { status, output } of results) if (status !== 0) process.stdout.write(output);
process.exitCode = results.every(({ status }) => status === 0) ? 0 : 1;
console.log(process.exitCode === 0 ? 'lint: nothing to complain of' : 'lint: failed');

function run([script, ...args]) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('close', (status) => done({ status, output: Buffer.concat(chunks).toString() }));
  });
}
