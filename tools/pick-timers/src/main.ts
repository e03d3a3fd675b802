import { writeFileSync } from 'node:fs';
import { formatDuration, parseDuration, runMain, UserError } from '@raftlens/command-line';
import { SimulatorError } from '@raftlens/simulator';
import { type Curve, plotSvg } from './plot.ts';
import { reportJson, reportTable } from './report.ts';
import { type SweepOptions, type SweptRange, sweep } from './sweep.ts';
import { labelOf, parseRange, RANDOMNESS_SWEEP, SCALE_SWEEP, type TimeoutRange } from './timeout-range.ts';
import { VERSION } from './version.ts';

/** A graph: its title, the ending that its file's name gets, and its ranges. */
interface Graph {
  readonly title: string;
  readonly ending: string;
  readonly ranges: readonly TimeoutRange[];
}

/** The two graphs of the paper's figure 16. */
const FIGURE_16: readonly Graph[] = [
  { title: 'Elections with more and more randomness', ending: '-randomness', ranges: RANDOMNESS_SWEEP },
  { title: 'Elections with longer and longer timeouts', ending: '-scale', ranges: SCALE_SWEEP },
];

interface Arguments {
  readonly range: readonly string[] | undefined;
  readonly servers: string;
  readonly broadcast: string;
  readonly trials: string;
  readonly limit: string;
  readonly seed: string;
  readonly svg: string;
  readonly json: boolean | undefined;
}

await runMain(process.argv.slice(2), {
  name: 'pick-timers',
  version: VERSION,
  summary: 'Shows how long elections take with which timeouts: simulates crashes of a leader, prints a table and draws the distributions.',
  usage: 'pick-timers [options]',
  examples: [
    ['pick-timers', "the sweeps of the paper's figure 16: five servers, 15 ms to broadcast"],
    ['pick-timers -r 150-300 -r 300-600', 'two ranges of your own'],
    ['pick-timers -r 50-100 --broadcast 2ms', 'on a faster network'],
  ],
  userErrors: [SimulatorError],
  build: (cli) =>
    cli
      .option('range', {
        alias: 'r',
        type: 'string',
        array: true,
        describe: 'Election timeouts in ms, shortest and longest, as 150-300; may be repeated',
      })
      .option('servers', { alias: 's', type: 'string', default: '5', describe: 'Servers of the cluster' })
      .option('broadcast', { alias: 'b', type: 'string', default: '15ms', describe: 'Time to reach all servers and hear back from them' })
      .option('trials', { alias: 'n', type: 'string', default: '1000', describe: 'Crashes of each range' })
      .option('limit', { type: 'string', default: '30s', describe: 'Give a trial up that has no leader after this long' })
      .option('seed', { type: 'string', default: '1', describe: 'Other seeds give other trials, the same seed the same ones' })
      .option('svg', { type: 'string', default: 'election-times.svg', describe: 'Where to draw the distributions; "" draws none' })
      .option('json', { type: 'boolean', describe: 'One JSON object a range on stdout, instead of the table' })
      .command('$0', false, {}, async (parsed) => {
        await run(parsed as unknown as Arguments);
      }),
});

async function run(given: Arguments): Promise<void> {
  const options = readOptions(given);
  const own = given.range?.map(parseRange);
  const graphs = own === undefined ? FIGURE_16 : [{ title: 'Elections', ending: '', ranges: own }];
  for (const graph of graphs) {
    const swept: SweptRange[] = [];
    for (const range of graph.ranges) swept.push(await sweep(range, options));
    print(graph, swept, given.json === true);
    if (given.svg !== '') draw(graph, swept, options, given.svg);
  }
}

function readOptions(given: Arguments): SweepOptions {
  return {
    servers: wholeNumber(given.servers, '--servers', 3, 99),
    broadcastMs: parseDuration(given.broadcast, '--broadcast'),
    trials: wholeNumber(given.trials, '--trials', 1, 1_000_000),
    limitMs: parseDuration(given.limit, '--limit'),
    seed: given.seed,
  };
}

function wholeNumber(text: string, option: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UserError('BAD_NUMBER', `${option} ${text}: give a whole number from ${min} to ${max}.`);
}

function print(graph: Graph, swept: readonly SweptRange[], json: boolean): void {
  const text = json ? swept.map(reportJson).join('\n') : `${graph.title}\n\n${reportTable(swept)}\n`;
  process.stdout.write(`${text}\n`);
}

function draw(graph: Graph, swept: readonly SweptRange[], options: SweepOptions, path: string): void {
  const file = path.replace(/(\.svg)?$/, `${graph.ending}.svg`);
  const curves: Curve[] = swept.map(({ range, distribution }) => ({ label: labelOf(range), distribution }));
  const setting = `${options.servers} servers, ${formatDuration(options.broadcastMs)} to broadcast, ${options.trials} trials each`;
  writeFileSync(file, plotSvg(`${graph.title}: ${setting}`, curves));
  process.stderr.write(`The distributions are drawn in ${file}.\n`);
}
