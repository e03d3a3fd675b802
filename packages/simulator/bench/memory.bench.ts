/**
 * Whether memory stays flat however many runs one process makes: the heap after full collections, and what the system gives the process,
 * while seed after seed of a quick scenario runs, checkers on. Prints a Markdown table; fails when the heap has grown by more than 2 MB from
 * the first tenth of the runs on.
 *
 * `npm run bench -- memory -- --runs 1000000 --scenario concurrent-starts`
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { runScenario } from '../src/index.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20000' }, scenario: { type: 'string', default: 'concurrent-starts' } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 10) throw new RangeError(`--runs is a whole number from 10 on, not "${values.runs}"`);

const STEPS = 10;
const GROWTH_MAX_MB = 2;

const collect = globalThis.gc;
if (collect === undefined) throw new Error('run it by `npm run bench -- memory`, which gives it node --expose-gc');

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}; runs of ${values.scenario}.\n`);
console.log('| runs | heap after a full collection, MB | resident, MB | seconds |\n| ---: | ---: | ---: | ---: |');
const started = performance.now();
let [early, late] = [0, 0];
for (let done = 0; done <= runs; done += 1) {
  if (done % Math.ceil(runs / STEPS) === 0 || done === runs) {
    collect();
    const { heapUsed, rss } = process.memoryUsage();
    late = heapUsed / 1e6;
    if (done <= Math.ceil(runs / STEPS)) early = late;
    console.log(`| ${done} | ${late.toFixed(2)} | ${(rss / 1e6).toFixed(0)} | ${((performance.now() - started) / 1000).toFixed(0)} |`);
  }
  if (done === runs) break;
  const { failure } = await runScenario(values.scenario, { seed: `memory${done}` });
  if (failure !== null) throw new Error(`${values.scenario}, seed memory${done}: ${failure.message}`);
}
if (late - early > GROWTH_MAX_MB) {
  console.error(`The heap grew from ${early.toFixed(2)} MB to ${late.toFixed(2)} MB.`);
  process.exitCode = 1;
}
