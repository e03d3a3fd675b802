import { type Program, runMain, type ToolContext } from '@raftlens/command-line';
import type { Argv } from 'yargs';
import { checkCommand } from './commands/check.ts';
import { columnsCommand } from './commands/columns.ts';
import { convertCommand } from './commands/convert.ts';
import { diffCommand } from './commands/diff.ts';
import { explainCommand } from './commands/explain.ts';
import { formatsCommand } from './commands/formats.ts';
import { markStandardInput } from './commands/input.ts';
import { labCommand } from './commands/lab.ts';
import { openCommand } from './commands/open.ts';
import { htmlCommand, svgCommand } from './commands/picture.ts';
import { queryCommand } from './commands/query.ts';
import { sqlCommand } from './commands/sql.ts';
import { statsCommand } from './commands/stats.ts';
import { TOOL } from './tool.ts';
import { VERSION } from './version.ts';

type AddCommand = (cli: Argv, context: ToolContext) => Argv;

/** In the order of the help, which begins with `open`. */
const COMMANDS: Readonly<Record<string, AddCommand>> = {
  columns: columnsCommand,
  check: checkCommand,
  explain: explainCommand,
  diff: diffCommand,
  query: queryCommand,
  stats: statsCommand,
  convert: convertCommand,
  svg: svgCommand,
  html: htmlCommand,
  sql: sqlCommand,
  formats: formatsCommand,
  lab: labCommand,
};

export const PROGRAM: Program = {
  ...TOOL,
  version: VERSION,
  summary: 'Looks at logs of Raft clusters: what happened, and which rule of figure 2 was broken first.',
  usage: 'raftlens [command] [RUN|FILE..]',
  examples: [
    ['raftlens', 'open the newest run (logs/latest) in the terminal'],
    ['raftlens check run/', 'the first wrong step, and the lines that prove it'],
    ['raftlens columns run/ --around violation', 'the columns around it, as text'],
    ['raftlens S1.log S2.log S3.log', 'one file a server, merged by time'],
  ],
  build: (cli, context) => Object.values(COMMANDS).reduce((built, add) => add(built, context), openCommand(cli, Object.keys(COMMANDS))),
};

/** Parses the command line and runs what it asks for. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  await runMain(markStandardInput(argv), PROGRAM);
}
