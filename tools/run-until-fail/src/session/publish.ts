import { printable, problemOf } from '@raftlens/command-line';
import { fromHere } from '../from-here.ts';
import type { KeptRun } from '../kept-run.ts';
import { githubAnnotations } from '../report/github.ts';
import { junitXml } from '../report/junit.ts';
import { markdownSummary } from '../report/markdown.ts';
import type { Report } from '../report/report.ts';
import { summaryLines } from '../report/summary.ts';
import { closingLines } from './closing-lines.ts';
import { writeReportFile } from './report-file.ts';

/** Where a report goes, beside the summary. */
export interface Outlets {
  readonly json: boolean;
  readonly junitFile: string | null;
  readonly reportFile: string | null;
  readonly github: boolean;
  /** The file of GitHub Actions for the page of a job: GITHUB_STEP_SUMMARY. */
  readonly stepSummaryFile: string | null;
}

/**
 * Writes the reports that were asked for and prints the summary, which says what could not be written or kept.
 *
 * @param firstFailure its output ends the summary
 * @returns how many of the reports could not be written
 */
export function publish(
  report: Report,
  { json, junitFile, reportFile, github, stepSummaryFile }: Outlets,
  firstFailure: KeptRun | null = null,
): number {
  const problems = [
    ...written(reportFile, (path) => writeReportFile(path, `${JSON.stringify(report, null, 2)}\n`, 'replace')),
    ...written(junitFile, (path) => writeReportFile(path, junitXml(report), 'replace')),
    // Other steps and sessions of the job write there as well.
    ...written(stepSummaryFile, (path) => writeReportFile(path, markdownSummary(report), 'append')),
  ];
  const stream = json ? process.stderr : process.stdout;
  const lines = [
    ...summaryLines(report, fromHere, stream.isTTY ? stream.columns : undefined),
    ...closingLines(firstFailure),
    ...problems.map(printable),
    ...(github ? githubAnnotations(report) : []),
  ];
  stream.write(`${lines.join('\n')}\n`);
  return problems.length;
}

/** What was in the way, in one line; nothing when it is written, or was not asked for. */
function written(path: string | null, write: (path: string) => void): readonly string[] {
  if (path === null) return [];
  try {
    write(path);
    return [];
  } catch (error) {
    return [`the report ${fromHere(path)} could not be written: ${problemOf(error)}`];
  }
}
