import { resolve } from 'node:path';
import { type ToolContext, UserError } from '@raftlens/command-line';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { readNamedFile } from '../files.ts';
import { mergeReports } from '../report/merge-reports.ts';
import { exitCodeOf } from '../session/exit-code.ts';
import { publish } from '../session/publish.ts';

interface MergeArguments {
  readonly reports?: readonly string[] | undefined;
  readonly junit?: string | undefined;
  readonly report?: string | undefined;
  readonly github?: boolean | undefined;
}

/** A report of ten thousand tests has 4 MB. */
const REPORT_BYTES_MAX = 2 ** 27;

/** `run-until-fail merge shard-*.json`: the reports of shards as one, with the exit code of the whole. */
export function addMergeCommand(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'merge <reports..>',
    'Make one report of the --report files of all shards',
    (builder) =>
      builder
        .positional('reports', { type: 'string', array: true, describe: 'Files written by --report' })
        .option('report', { type: 'string', describe: 'Write the whole as a JSON report' })
        .option('junit', { type: 'string', describe: 'Write a JUnit XML file' })
        .option('github', { type: 'boolean', describe: 'Print GitHub annotations (default: on GitHub Actions)' }),
    async (options: ArgumentsCamelCase<MergeArguments>) => {
      const { readReport } = await import('../report/report-schema.ts');
      const [first, ...rest] = (options.reports ?? []).map((path) => readReport(readNamedFile(path, REPORT_BYTES_MAX), path));
      if (first === undefined) throw new UserError('NO_REPORTS', 'say which reports to merge');
      const whole = mergeReports([first, ...rest]);
      publish(whole, {
        json: false,
        junitFile: options.junit === undefined ? null : resolve(options.junit),
        reportFile: options.report === undefined ? null : resolve(options.report),
        github: options.github ?? process.env['GITHUB_ACTIONS'] === 'true',
        stepSummaryFile: process.env['GITHUB_STEP_SUMMARY'] ? resolve(process.env['GITHUB_STEP_SUMMARY']) : null,
      });
      context.exitCode = exitCodeOf(whole, false);
    },
  );
}
