import { existsSync, statSync } from 'node:fs';
import { ExitCode, printable, type ToolContext, UserError } from '@raftlens/command-line';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { readNamedFile } from '../files.ts';
import { fromHere } from '../from-here.ts';
import { findRun } from '../keep/find-run.ts';
import { explainHang, IN_FULL } from '../stacks/explain-hang.ts';
import { dumpsIn, dumpsOfRun } from '../stacks/hang-file.ts';
import type { Dump } from '../stacks/thread.ts';
import { logsFolder } from './session-options.ts';

interface HangArguments {
  readonly run?: string | undefined;
  readonly logs?: string | undefined;
}

const TEXT_BYTES_MAX = 2 ** 28;
const STDIN = 0;

/** `hang`: what stacks tell of a program that does not go on. */
export function addHangCommand(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'hang [run]',
    'Explain a hang by its stacks: who waits for which lock or channel, and who keeps it',
    (builder) =>
      builder
        .option('logs', { type: 'string', describe: 'Folder of kept runs (default: $RAFTLENS_LOGS or ./logs)' })
        .positional('run', { type: 'string', describe: 'A kept run (default: the latest), or a file with stacks; - for stdin' }),
    ({ run, logs }: ArgumentsCamelCase<HangArguments>) => {
      process.stdout.write(`${explainHang(dumpsOf(run, logs), IN_FULL).map(printable).join('\n')}\n`);
      context.exitCode = ExitCode.ok;
    },
  );
}

/** @throws UserError NO_STACKS, and what reading and finding throw */
function dumpsOf(named: string | undefined, logs: string | undefined): readonly Dump[] {
  // yargs makes nothing of a lone dash.
  if (named === '' || named === '-') return found(dumpsIn(readNamedFile(STDIN, TEXT_BYTES_MAX)), 'standard input');
  const isFile = named !== undefined && existsSync(named) && !statSync(named).isDirectory();
  if (isFile) return found(dumpsIn(readNamedFile(named, TEXT_BYTES_MAX)), named);
  const { folder, outputFile } = findRun(logsFolder(logs, process.env), named);
  return found(outputFile === undefined ? [] : dumpsOfRun(folder, outputFile), fromHere(folder));
}

function found(dumps: readonly Dump[], where: string): readonly Dump[] {
  if (dumps.length > 0) return dumps;
  const how =
    'Go and Java print them at --quit-signal SIGQUIT, Python at SIGABRT with --env PYTHONFAULTHANDLER=1, Node as node --report-on-signal';
  throw new UserError('NO_STACKS', `there are no stacks in ${where}: ${how}`);
}
