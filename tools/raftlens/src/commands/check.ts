import type { CheckReport, Violation } from '@raftlens/checker';
import { type Context, ExitCode, UserError } from '@raftlens/command-line';
import { codeOfOpcode, type LogStore } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { numberOfRow } from '../model/row-number.ts';
import { cellText, type Line, line, span } from '../text/line.ts';
import { canBeChecked, checkLog, rowOfCheckedSeq } from './check-log.ts';
import { type CheckedLog, type EvidenceLine, reportLines } from './check-report.ts';
import { ClientHistory, type HistoryVerdict, historyLines } from './client-history.ts';
import { openWhole, pathsOrLatest, type ReadingFlags, readingOptions } from './input.ts';
import { outputTheme, outputWidth, printLines, printText } from './output.ts';

interface CheckArguments extends ReadingFlags {
  readonly paths: readonly string[];
  readonly json: boolean;
  readonly color?: boolean | undefined;
  readonly width?: number | undefined;
  readonly rules?: boolean | undefined;
}

export function checkCommand(cli: Argv, context: Context): Argv {
  return cli.command(
    'check [paths..]',
    'Hold a log against figure 2 and its invariants; exit code 1 on a violation',
    (command) =>
      readingOptions(command)
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line: each violation, then the summary' })
        .option('color', { type: 'boolean', describe: 'Colours, whatever the output is' })
        .option('rules', { type: 'boolean', default: false, describe: 'List the rules that had nothing to be held against' })
        .option('width', { type: 'number', describe: 'Cells of a line' })
        .example('raftlens check logs/latest', 'the first wrong step, the rule, and the lines that prove it'),
    async (options) => {
      context.exitCode = await runCheck(options);
    },
  );
}

async function runCheck({ paths, json, color, width, rules, ...reading }: CheckArguments): Promise<ExitCode> {
  const names = pathsOrLatest(paths);
  const store = await openWhole(names, reading);
  try {
    // A check that had nothing to look at must not pass for one that found nothing wrong.
    if (!canBeChecked(store))
      throw new UserError('NOTHING_CHECKED', 'no line of this log tells of a step of Raft or of a client: nothing could be checked.');
    const history = new ClientHistory();
    const report = checkLog(store, history);
    const verdict = history.verdict();
    const checked: CheckedLog = {
      name: cellText(names.join(', ')),
      report,
      testFailure: testFailureIn(store),
      evidence: (seq) => evidenceOf(store, seq),
    };
    if (json) await printText(jsonLines(checked, verdict, store));
    else {
      const clients = verdict === null ? [] : historyLines(verdict);
      await printLines(
        [...reportLines(checked, outputWidth(width), rules === true), ...clients, ...wayOn(report, names)],
        outputTheme(color),
      );
    }
    return report.violations.length > 0 || verdict?.verdict === 'illegal' ? ExitCode.failed : ExitCode.ok;
  } finally {
    store.close();
  }
}

/** The outcome by the harness's own last word. */
function testFailureIn(store: LogStore): string | null {
  const testEnd = codeOfOpcode('TestEnd');
  for (let row = store.size - 1; row >= 0; row -= 1) {
    if (store.columns.op(row) !== testEnd) continue;
    const event = store.event(row);
    return event?.outcome === 'fail' ? cellText(`${event.name ?? ''}: ${event.why ?? 'it does not say why'}`) : null;
  }
  return null;
}

function evidenceOf(store: LogStore, seq: number): EvidenceLine {
  const row = rowOfCheckedSeq(seq);
  const where = store.files.length > 1 ? `${cellText(store.fileOf(row).name)}:${store.lineNumberOf(row)}` : String(numberOfRow(store, row));
  return { label: where, timeMs: store.columns.time(row), text: cellText(store.text(row)) };
}

/** What to type next, when there is something to look at. */
function wayOn({ first }: CheckReport, names: readonly string[]): Line[] {
  if (first === null) return [];
  const paths = names.map(quoted).join(' ');
  return [
    line([]),
    line([span(`around it:  raftlens columns ${paths} --around violation`, 'faint')]),
    line([span(`all of it:  raftlens ${paths}`, 'faint')]),
  ];
}

function quoted(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function jsonLines({ report, name, testFailure, evidence }: CheckedLog, history: HistoryVerdict | null, store: LogStore): string {
  const violation = (found: Violation) => ({
    type: 'violation',
    ...found,
    seq: seqOf(store, found.seq),
    evidence: found.evidence.map((seq) => seqOf(store, seq)),
    lines: found.evidence.map(evidence),
  });
  const { violations, suppressed, unchecked, notExercised, checkedEvents } = report;
  const summary = {
    type: 'summary',
    log: name,
    violations: violations.length,
    testFailure,
    history,
    suppressed,
    unchecked,
    notExercised,
    checkedEvents,
  };
  const objects = [...violations.map(violation), summary];
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}

/** The seq as the file has it, where that is unique. */
function seqOf(store: LogStore, checkedSeq: number): number {
  return numberOfRow(store, rowOfCheckedSeq(checkedSeq));
}
