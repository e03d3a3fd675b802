import type { Argv } from 'yargs';
import { logStats } from '../stats/log-stats.ts';
import { statsReport } from '../stats/report.ts';
import { namedPaths, openWhole, readingOptions } from './input.ts';
import { outputWidth, printJson, printText } from './output.ts';

export function statsCommand(cli: Argv): Argv {
  return cli.command(
    'stats [paths..]',
    'Count events, elections and leaders, messages lost, latencies of messages and commits',
    (command) =>
      readingOptions(command)
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] as string[] })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
        .option('width', { type: 'number', describe: 'Cells of a line; 0 cuts nothing (default: the terminal, or 100)' })
        .example('raftlens stats logs/latest', 'who led in which term, what was lost, how fast commands were committed')
        .example('raftlens stats run --json | jq .messages', 'RPC counts for other tools'),
    async ({ paths, json, width, ...reading }) => {
      const store = await openWhole(namedPaths(paths), reading);
      try {
        const stats = logStats(store);
        if (json) await printJson(`${JSON.stringify(stats)}\n`);
        else await printText(statsReport(stats, outputWidth(width)));
      } finally {
        store.close();
      }
    },
  );
}
