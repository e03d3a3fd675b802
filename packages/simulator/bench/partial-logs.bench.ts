/**
 * How often a checker gives a false alarm on healthy logs that are told in part: without fields, kinds of lines, servers or stretches of
 * time, with lines of other runs mixed in. Prints the seeds of the trials that gave one, and fails if there is any.
 *
 * `npm run bench -- partial-logs -- --trials 10000 --from 1`; with `--show` it prints each false alarm, with `--unnumbered` the lines
 * have no numbers of their own, so that nothing proves that one is missing.
 */
import { parseArgs } from 'node:util';
import { falseAlarms, trialOf } from './partial-log.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { trials: text, from: text, show: { type: 'boolean', default: false }, unnumbered: { type: 'boolean', default: false } },
});
const trials = Number(values.trials ?? 500);
const from = Number(values.from ?? 1);
if (!(trials > 0 && Number.isInteger(from))) throw new RangeError('--trials is a number above 0, --from a whole number');

const rules = new Map<string, number>();
let [failed, events] = [0, 0];
for (let seed = from; seed < from + trials; seed++) {
  const trial = await trialOf(seed);
  const [first, ...more] = falseAlarms(trial, !values.unnumbered);
  events += trial.told.length;
  if (first === undefined) continue;
  failed++;
  rules.set(first.rule, (rules.get(first.rule) ?? 0) + 1);
  console.log(`seed ${seed}: ${trial.how}\n    ${first.rule}, line ${first.seq}: ${first.why}`);
  if (values.show) for (const { rule, seq, why } of more) console.log(`    ${rule}, line ${seq}: ${why}`);
}
console.log('\n| trials | events | false alarms |\n| ---: | ---: | ---: |');
console.log(`| ${trials.toLocaleString('en-US')} | ${events.toLocaleString('en-US')} | ${failed} |`);
for (const [rule, count] of [...rules].sort((a, b) => b[1] - a[1])) console.log(`${count} ${rule}`);
if (failed > 0) process.exitCode = 1;
