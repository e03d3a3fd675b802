/**
 * Runs tests: `node scripts/test.mjs [--grep TEXT] [--no-lint] [--tools-required] [packages/NAME | FILE...]`. Without a path: all of them, after
 * the lint. One process a file, two at once, the slowest first. A test whose tool is not installed is skipped, with the reason; with
 * --tools-required it has failed. The last line is `N passed, N failed`; exit 0 only when something ran and all of it passed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runTestFile, stopRunning } from './lib/run-test-file.mjs';
import { CACHE, filesBelow, giveUp, packageFolders, ROOT } from './lib/workspace.mjs';
import { prepare } from './prepare.mjs';

const CONCURRENCY = 2;
// Generous, because machines that build are slow and shared; a test has a limit of its own, and this one only ends what no timer can.
const FILE_LIMIT_MS = 300_000;
/** How the reason begins of a test that is skipped because a tool is missing, as in packages/testing. */
const NOT_INSTALLED = 'not installed: ';
const TIMES = join(CACHE, 'test-times.json');

const { values, positionals } = parseArguments();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopRunning();
    giveUp('interrupted', 130);
  });
}
let reported = false;
// Whatever ends this early, a build that fails or a lint, the last line says that it was no success.
process.on('exit', () => {
  if (!reported) console.log('0 passed, 1 failed');
});
prepare();
if (positionals.length === 0 && !values['no-lint']) lint();
const results = await runAll(slowestFirst(selected(positionals)));
process.exitCode = report(results);

function parseArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        grep: { type: 'string', default: '' },
        'no-lint': { type: 'boolean', default: false },
        'tools-required': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return giveUp(
      `${error.message}\nUsage: node scripts/test.mjs [--grep TEXT] [--no-lint] [--tools-required] [packages/NAME | FILE...]`,
      2,
    );
  }
}

function lint() {
  const status = spawnSync(process.execPath, [join(ROOT, 'scripts', 'lint.mjs')], { stdio: 'inherit' }).status;
  if (status !== 0) giveUp('The lint failed: no test was run. `npm run format` mends what can be mended.', 1);
}

/** The test sources below the given paths. Sources and not compiled files: a test that was not built is missed. */
function selected(paths) {
  const all = packageFolders().flatMap((folder) => filesBelow(join(folder, 'test'), '.test.ts'));
  if (paths.length === 0) return all;
  const chosen = new Set();
  for (const path of paths) {
    const wanted = relative(ROOT, resolve(path)).replace(/([\\/])dist([\\/].*)\.js$/, '$2.ts');
    const found = all.filter((file) => file === wanted || file.startsWith(`${wanted}/`));
    if (found.length === 0) giveUp(`There are no tests at ${path}. Name a package's folder (packages/events) or a *.test.ts file.`, 2);
    for (const file of found) chosen.add(file);
  }
  return [...chosen];
}

function slowestFirst(files) {
  const times = existsSync(TIMES) ? JSON.parse(readFileSync(TIMES, 'utf8')) : {};
  return files.toSorted((a, b) => (times[b] ?? Number.MAX_VALUE) - (times[a] ?? Number.MAX_VALUE));
}

async function runAll(files) {
  const queue = [...files];
  const results = [];
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runTestFile(file, { grep: values.grep, limitMs: FILE_LIMIT_MS });
      results.push(result);
      printFile(result);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}

function printFile({ source, passed, failed, skipped, durationMs, output }) {
  if (passed + failed + skipped.length === 0) return;
  const seconds = (durationMs / 1000).toFixed(1);
  console.log(`${failed === 0 ? 'ok  ' : 'FAIL'} ${source}  ${passed} passed${failed === 0 ? '' : `, ${failed} failed`} (${seconds} s)`);
  if (failed > 0) console.log(output);
}

function report(results) {
  const passed = sum(results.map((result) => result.passed));
  const skipped = results.flatMap((result) => result.skipped.map((skip) => ({ ...skip, source: result.source })));
  const lacking = values['tools-required'] ? skipped.filter(({ reason }) => reason.startsWith(NOT_INSTALLED)) : [];
  const failed = sum(results.map((result) => result.failed)) + lacking.length;
  for (const skip of skipped) console.log(`${lacking.includes(skip) ? 'failed ' : 'skipped'} ${skip.source}: ${skip.name}: ${skip.reason}`);
  for (const { source } of results.filter((result) => result.failed > 0)) console.log(`failed  ${source}`);
  if (positionals.length === 0) reportTimes(results);
  if (passed + failed === 0)
    console.log(`No test ran${values.grep === '' ? '' : ` whose name has "${values.grep}"`}, and that is a failure.`);
  reported = true;
  const more = skipped.length - lacking.length;
  if (more > 0) console.log(`${more} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function reportTimes(results) {
  const slowest = results.toSorted((a, b) => b.durationMs - a.durationMs);
  console.log(
    `slowest: ${slowest
      .slice(0, 5)
      .map((result) => `${result.source} ${(result.durationMs / 1000).toFixed(1)} s`)
      .join(', ')}`,
  );
  writeFileSync(TIMES, JSON.stringify(Object.fromEntries(results.map((result) => [result.source, Math.round(result.durationMs)]))));
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
