import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fromHere } from '../from-here.ts';
import { githubAnnotations } from '../report/github.ts';
import { junitXml } from '../report/junit.ts';
import type { Report } from '../report/report.ts';
import { summaryLines } from '../report/summary.ts';

/** Where a report goes, beside the summary. */
export interface Outlets {
  readonly json: boolean;
  readonly junitFile: string | null;
  readonly reportFile: string | null;
  readonly github: boolean;
}

/**
 * Prints the summary and writes the reports that were asked for.
 *
 * @param closing safe lines that end the summary
 */
export function publish(report: Report, { json, junitFile, reportFile, github }: Outlets, closing: readonly string[] = []): void {
  const stream = json ? process.stderr : process.stdout;
  const lines = [
    ...summaryLines(report, fromHere, stream.isTTY ? stream.columns : undefined),
    ...closing,
    ...(github ? githubAnnotations(report) : []),
  ];
  stream.write(`${lines.join('\n')}\n`);
  if (reportFile !== null) writeReport(reportFile, `${JSON.stringify(report, null, 2)}\n`);
  if (junitFile !== null) writeReport(junitFile, junitXml(report));
}

function writeReport(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
