import { encodeLine } from '@raftlens/events';
import { Filter, type LogStore } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { LeftOut } from '../convert/left-out.ts';
import { namedPaths, openWhole, type ReadingFlags, readingOptions } from './input.ts';
import { sayLeftOut } from './left-out-lines.ts';
import { printJson, printTabbed } from './output.ts';

interface QueryArguments extends ReadingFlags {
  readonly filter: string;
  readonly paths: readonly string[];
  readonly json: boolean;
  readonly count: boolean;
  readonly limit: number | undefined;
}

/** Rows that are put together before they are printed. */
const ROWS_AT_ONCE = 1000;

export function queryCommand(cli: Argv): Argv {
  return cli.command(
    'query <filter> [paths..]',
    'Print the lines that a filter selects',
    (command) =>
      readingOptions(command)
        .positional('filter', {
          describe: 'An expression of the filter language; "" selects everything',
          type: 'string',
          demandOption: true,
        })
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] as string[] })
        .option('json', { type: 'boolean', default: false, describe: 'The lines themselves, as events in NDJSON' })
        .option('count', { type: 'boolean', default: false, describe: 'Only how many there are' })
        .option('limit', { type: 'number', describe: 'At most so many, from the first on' })
        .example("raftlens query 'op=BecomeLeader term>=3'", 'who was elected from term 3 on')
        .example("raftlens query 'lost !heartbeat' logs/latest --count", 'how many messages that matter were lost')
        .example("raftlens query 'peer=S2 msg~/conflict/' run --json | jq .term", 'for other tools'),
    async (options) => {
      await runQuery(options);
    },
  );
}

async function runQuery({ filter, paths, json, count, limit, ...reading }: QueryArguments): Promise<void> {
  // A mistake in the expression is told before a large log is read.
  new Filter(filter);
  const store = await openWhole(namedPaths(paths), reading);
  try {
    const rows = await store.filter(filter);
    if (count) {
      await printJson(json ? `${JSON.stringify({ count: rows.length })}\n` : `${rows.length}\n`);
      return;
    }
    const wanted = rows.subarray(0, limit ?? rows.length);
    const left = new LeftOut();
    for (let at = 0; at < wanted.length; at += ROWS_AT_ONCE) {
      const some = Array.from(wanted.subarray(at, at + ROWS_AT_ONCE));
      if (json) await printJson(some.map((row) => left.textOf(row, () => `${jsonOf(store, row)}\n`)).join(''));
      else await printTabbed(some.map((row) => cellsOf(store, row)));
    }
    sayLeftOut(store, left, 'native');
  } finally {
    store.close();
  }
}

/** The event as a native line. A line of no format comes as a Note of nobody: nothing is lost on the way. */
function jsonOf(store: LogStore, row: number): string {
  const event = store.event(row);
  if (event !== null) return encodeLine(event);
  const time = store.columns.time(row);
  return encodeLine({ seq: 0, time, node: 'TEST', boot: 0, op: 'Note', src: 'TEST', dst: 'TEST', detail: store.line(row) });
}

function cellsOf(store: LogStore, row: number): readonly string[] {
  const lineNumber = String(store.lineNumberOf(row));
  const where = store.files.length > 1 ? `${store.fileOf(row).name}:${lineNumber}` : lineNumber;
  return [where, String(store.columns.time(row)), store.text(row)];
}
