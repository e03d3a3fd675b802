import { closeSync, fstatSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openPlainFile, readPlainFile } from '../files.ts';
import { readNodeReport } from './node-report.ts';
import { readDumps } from './read-dumps.ts';
import type { Dump } from './thread.ts';

/** A dump stands at the end of an output, and one of 12,000 lines has a megabyte. */
const DUMP_BYTES_MAX = 2 ** 25;
const REPORT_BYTES_MAX = 2 ** 24;
const REPORTS_MAX = 16;
const REPORT_NAME = /^report\.[\w.-]{1,100}\.json$/;

/** The dumps of stacks in a text. */
export function dumpsIn(text: string): readonly Dump[] {
  const report = reportText(text);
  const dump = report === null ? null : readNodeReport(report);
  return dump === null ? readDumps(text.split('\n')) : [dump];
}

/** The report of Node in a text: all of it, or what `--report-filename=stdout` printed between other lines. */
function reportText(text: string): string | null {
  const begin = /(?:^|\n)\{\s{1,10}"header": \{/.exec(text);
  if (begin === null) return null;
  const end = text.indexOf('\n}\n', begin.index);
  return text.slice(begin.index, end === -1 ? undefined : end + 2);
}

/** The dumps in the last 32 MiB of what a run printed. @throws UnusableFileError, the system's error */
export function dumpsInFile(path: string): readonly Dump[] {
  return dumpsIn(readEnd(path));
}

/** The dumps that a run left: in what it printed (null: there are none), or else in the reports of Node in its folder. None where nothing can be read. */
export function dumpsOfRun(folder: string, outputFile: string | null): readonly Dump[] {
  try {
    const printed = outputFile === null ? [] : dumpsInFile(outputFile);
    return printed.length > 0 ? printed : reportsIn(folder);
  } catch {
    return [];
  }
}

function reportsIn(folder: string): readonly Dump[] {
  const names = readdirSync(folder).filter((name) => REPORT_NAME.test(name));
  return names
    .toSorted()
    .slice(-REPORTS_MAX)
    .map((name) => readNodeReport(readPlainFile(join(folder, name), REPORT_BYTES_MAX)))
    .filter((dump) => dump !== null);
}

function readEnd(path: string): string {
  const file = openPlainFile(path);
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.allocUnsafe(Math.min(size, DUMP_BYTES_MAX));
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, size - bytes.length + length);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
