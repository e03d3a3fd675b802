import { closeSync, openSync, writeFileSync } from 'node:fs';
import { UserError } from '@raftlens/command-line';
import { Filter, type LogStore } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { converted, lacksOf, TARGETS, type TargetName } from '../convert/convert.ts';
import type { LeftOut } from '../convert/left-out.ts';
import { namedPaths, openWhole, type ReadingFlags, readingOptions } from './input.ts';
import { sayLeftOut } from './left-out-lines.ts';
import { printText, remark } from './output.ts';

interface ConvertArguments extends ReadingFlags {
  readonly paths: readonly string[];
  readonly to: TargetName;
  readonly output: string | undefined;
  readonly filter: string | undefined;
}

export function convertCommand(cli: Argv): Argv {
  return cli.command(
    'convert [paths..]',
    'Turn a log into another format',
    (command) =>
      readingOptions(command)
        .positional('paths', {
          describe: 'Runs or files of any known format (default: logs/latest)',
          type: 'string',
          array: true,
          default: [] as string[],
        })
        .option('to', { choices: TARGETS, demandOption: true, describe: 'The format to write' })
        .option('output', { alias: 'o', type: 'string', describe: 'A file to write (default: standard output)' })
        .option('filter', { type: 'string', describe: 'Only what this expression of the filter language selects' })
        .example('raftlens convert S1.log S2.log S3.log --to native -o merged.ndjson', 'logs of another implementation, merged by time')
        .example('raftlens convert logs/latest --to chrome -o trace.json', 'for ui.perfetto.dev')
        .example("raftlens convert run --to csv --filter 'op=Commit'", 'for a spreadsheet'),
    async (options) => {
      await runConvert(options);
    },
  );
}

async function runConvert({ paths, to, output, filter, ...reading }: ConvertArguments): Promise<void> {
  if (filter !== undefined) new Filter(filter);
  const store = await openWhole(namedPaths(paths), reading);
  try {
    const rows = filter === undefined ? allRows(store) : await store.filter(filter);
    const lacks = lacksOf(to);
    if (lacks !== null) remark(`${to} does not hold ${lacks}`);
    const pieces = converted(store, rows, to);
    const left = output === undefined ? await printed(pieces) : writeFile(output, pieces);
    sayLeftOut(store, left, to);
  } finally {
    store.close();
  }
}

function* allRows(store: LogStore): Generator<number> {
  for (let row = 0; row < store.size; row++) yield row;
}

async function printed(pieces: Iterator<string, LeftOut>): Promise<LeftOut> {
  for (;;) {
    const { done, value } = pieces.next();
    if (done === true) return value;
    await printText(value);
  }
}

function writeFile(path: string, pieces: Iterator<string, LeftOut>): LeftOut {
  const fd = openForWriting(path);
  try {
    for (;;) {
      const { done, value } = pieces.next();
      if (done === true) return value;
      writeFileSync(fd, value);
    }
  } finally {
    closeSync(fd);
  }
}

function openForWriting(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw new UserError('NOT_WRITABLE', `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
