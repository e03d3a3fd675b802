import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, printable, type ToolContext, UserError } from '@raftlens/command-line';
import { instrumentLab, labLines, NAMES_FILE, namesFile } from '@raftlens/observe';
import type { Argv } from 'yargs';
import { printText, remark } from './output.ts';

/** `raftlens lab [FOLDER]`: what `run-until-fail go FOLDER --lab` would observe, without running anything. */
export function labCommand(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'lab [folder]',
    'What would be observed of a lab of 6.824 or 6.5840, and how its names are understood',
    (builder) =>
      builder
        .positional('folder', { type: 'string', default: '.', describe: "The folder of the lab's tests, or one above them" })
        .option('write', {
          type: 'boolean',
          default: false,
          describe: `Write the mapping of names to ${NAMES_FILE} there, so that you can correct it`,
        }),
    async ({ folder, write }) => {
      const report = instrumentLab({ directory: folder, out: null });
      await printText(
        `${labLines(report)
          .map((line) => printable(line))
          .join('\n')}\n`,
      );
      if (write) writeNames(join(folder, NAMES_FILE), namesFile(report));
      context.exitCode ??= ExitCode.ok;
    },
  );
}

function writeNames(path: string, text: string): void {
  if (existsSync(path)) {
    throw new UserError('FILE_EXISTS', `${printable(path)} is there and is used: remove it to begin with a new draft.`);
  }
  writeFileSync(path, text);
  remark(`Wrote ${printable(path)}: correct it, and it is used in place of the draft.`);
}
