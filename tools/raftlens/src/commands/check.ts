import { type CheckerOptions, type CheckReport, readBudget, type Violation } from '@raftlens/checker';
import { ExitCode, printable, type ToolContext, UserError } from '@raftlens/command-line';
import type { LogStore } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { type HistoryVerdict, historyLines } from '../check/client-history.ts';
import type { Complaints } from '../check/complaints.ts';
import { checkedSeqOfRow, checkStore, type LogCheck, rowOfCheckedSeq } from '../check/log-check.ts';
import { requiredRules, unmet } from '../check/required-rules.ts';
import { toldFailures } from '../check/told-failures.ts';
import { numberOfRow } from '../model/row-number.ts';
import { shortNames } from '../text/file-names.ts';
import { cellText, type Line, line, span } from '../text/line.ts';
import { checkFile } from './check-file.ts';
import { headlineOf, isHealthy } from './check-headline.ts';
import { type CheckedLog, type EvidenceLine, type FailureExcerpt, reportLines } from './check-report.ts';
import { namedPaths, openWhole, type ReadingFlags, readingOptions } from './input.ts';
import { HOW_TO_DESCRIBE } from './log-paths.ts';
import { outputTheme, outputWidth, printJson, printLines } from './output.ts';

interface CheckArguments extends ReadingFlags {
  readonly paths: readonly string[];
  readonly json: boolean;
  readonly color?: boolean | undefined;
  readonly width?: number | undefined;
  readonly rules: boolean;
  readonly all: boolean;
  readonly require?: string | undefined;
  readonly budget?: string | undefined;
  readonly 'liveness-ms'?: number | undefined;
}

export function checkCommand(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'check [paths..]',
    'Hold a log against figure 2 and its invariants; exit code 1 on a violation',
    (command) =>
      readingOptions(command)
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line: each violation, then the summary' })
        .option('color', { type: 'boolean', describe: 'Colours, whatever the output is' })
        .option('all', { type: 'boolean', default: false, describe: 'Show all violations, not only the first ones' })
        .option('rules', { type: 'boolean', default: false, describe: 'List the rules that had nothing to be held against' })
        .option('require', {
          type: 'string',
          requiresArg: true,
          describe: 'Rules that must have been judged, by title or id with commas, or all: else exit code 1',
        })
        .option('budget', {
          type: 'string',
          requiresArg: true,
          describe: 'Requests that may be sent: idle=60 (a second), election=30 (the first)',
        })
        .option('liveness-ms', {
          type: 'number',
          requiresArg: true,
          describe: 'A cluster left alone has to elect and commit within (default: 8 of its longest election timeouts)',
        })
        .option('width', { type: 'number', describe: 'Cells of a line' })
        .example('raftlens check logs/latest', 'the first wrong step, the rule, and the lines that prove it')
        .example("raftlens check --require 'Log Matching,one-vote' x.log", 'for CI: fails where these could not be judged, too'),
    async (options) => {
      context.exitCode = await runCheck(options);
    },
  );
}

async function runCheck({ paths, json, color, width, rules, all, require: wanted, ...flags }: CheckArguments): Promise<ExitCode> {
  const required = wanted === undefined ? [] : requiredRules(wanted);
  const names = namedPaths(paths);
  const { check, report, lines, close } = await checked(names, flags, checkerOptions(flags, all));
  try {
    // A check that had nothing to look at must not pass for one that found nothing wrong.
    if (!check.sawAny && check.complaints.count === 0)
      throw new UserError(
        'NOTHING_CHECKED',
        `no line of this log tells of a step of Raft or of a client: nothing could be checked. ${HOW_TO_DESCRIBE}`,
      );
    const verdict = check.historyVerdict();
    const failures = lines.failures(check.complaints);
    const log: CheckedLog = {
      name: cellText(names.join(', ')),
      report,
      testFailure: testFailureOf(check),
      failures,
      history: verdict,
      unmet: unmet(required, report),
      moreFailures: failures.length === 0 ? 0 : check.complaints.count - check.complaints.found.length,
      evidence: lines.evidence,
    };
    if (json) await printJson(jsonLines(log, lines));
    else {
      const clients = verdict === null ? [] : historyLines(verdict);
      await printLines([...reportLines(log, outputWidth(width), { all, rules }), ...clients, ...wayOn(report, names)], outputTheme(color));
    }
    return isHealthy(log) && log.unmet.length === 0 ? ExitCode.ok : ExitCode.failed;
  } finally {
    close();
  }
}

/** What --all shows at most: a log that is hostile may break a rule on each of a billion lines. */
const ALL_MAX = 100_000;

type LimitFlags = Pick<CheckArguments, 'budget' | 'liveness-ms'>;

function checkerOptions({ budget: text, 'liveness-ms': livenessMs }: LimitFlags, all: boolean): CheckerOptions {
  const budget = text === undefined ? undefined : readBudget(text);
  if (budget === null)
    throw new UserError('BAD_BUDGET', `"${printable(text ?? '')}" is no budget: write idle=60, election=30, or both with a comma.`);
  if (livenessMs !== undefined && !(livenessMs > 0))
    throw new UserError('BAD_TIME', '--liveness-ms takes a number of milliseconds above 0.');
  return {
    ...(budget === undefined ? {} : { budget }),
    ...(livenessMs === undefined ? {} : { livenessMs }),
    ...(all ? { keptMax: ALL_MAX } : {}),
  };
}

/** The lines of the log as they are shown, by the seqs that the checker knows them by. */
interface ShownLines {
  evidence(this: void, seq: number): EvidenceLine;
  /** The seq as the file has it, where that is unique. */
  seqOf(this: void, seq: number): number;
  /** What the program under test says itself when it fails. */
  failures(this: void, complaints: Complaints): readonly FailureExcerpt[];
}

interface Checked {
  readonly check: LogCheck;
  readonly report: CheckReport;
  readonly lines: ShownLines;
  close(this: void): void;
}

/** Checks the log as quickly as it can be read. Only where a line has to be shown, or cannot be read, the log is opened as a whole. */
async function checked(names: readonly string[], reading: ReadingFlags, options: CheckerOptions): Promise<Checked> {
  const quick = checkFile(names, reading, options);
  const report = quick?.finish();
  const isClean = report?.first === null && quick?.complaints.count === 0;
  if (quick !== null && report !== undefined && isClean) return { check: quick, report, lines: NO_LINES, close: () => {} };
  const store = await openWhole(names, reading);
  const check = quick ?? checkStore(store, options);
  return { check, report: report ?? check.finish(), lines: linesIn(store), close: () => store.close() };
}

function linesIn(store: LogStore): ShownLines {
  const names = shortNames(store.files.map(({ name }) => name));
  const labels: FileLabels = new Map(store.files.map((file, i) => [file, cellText(names[i] ?? file.name)]));
  return {
    evidence: (seq) => evidenceOf(store, labels, seq),
    seqOf: (seq) => numberOfRow(store, rowOfCheckedSeq(seq)),
    failures: (complaints) =>
      toldFailures(store, complaints.found).map(({ complaint, who, before }) => ({
        kind: complaint.kind,
        text: cellText(complaint.text),
        who: who === null ? null : cellText(who),
        line: evidenceOf(store, labels, checkedSeqOfRow(complaint.row)),
        before: before.map((row) => evidenceOf(store, labels, checkedSeqOfRow(row))),
      })),
  };
}

const NO_LINES: ShownLines = { evidence: noLine, seqOf: noLine, failures: () => [] };

function noLine(seq: number): never {
  throw new Error(`line ${seq} is to be shown of a log that holds to all rules`);
}

/** The outcome by the harness's own last word. */
function testFailureOf({ testEnd }: LogCheck): string | null {
  if (testEnd?.outcome !== 'fail') return null;
  return cellText(`${testEnd.name ?? ''}: ${testEnd.why ?? 'it does not say why'}`);
}

type FileLabels = ReadonlyMap<object, string>;

function evidenceOf(store: LogStore, labels: FileLabels, seq: number): EvidenceLine {
  const row = rowOfCheckedSeq(seq);
  const label =
    store.files.length > 1 ? `${labels.get(store.fileOf(row)) ?? ''}:${store.lineNumberOf(row)}` : String(numberOfRow(store, row));
  return { label, timeMs: store.columns.time(row), text: cellText(store.text(row)) };
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

function jsonLines(log: CheckedLog, { seqOf }: ShownLines): string {
  const { report, name, testFailure, failures, history, unmet, evidence } = log;
  const violation = (found: Violation) => ({
    type: 'violation',
    ...found,
    seq: seqOf(found.seq),
    evidence: found.evidence.map(seqOf),
    lines: found.evidence.map(evidence),
  });
  const { violations, suppressed, unchecked, notExercised, coverage, checkedEvents } = report;
  const summary = {
    type: 'summary',
    log: name,
    headline: headlineOf(log),
    violations: violations.length,
    testFailure,
    failures,
    history: history === null ? null : toldOf(history),
    suppressed,
    unchecked,
    notExercised,
    coverage,
    requiredButNotJudged: unmet,
    notices: report.notices,
    checkedEvents,
  };
  const objects = [...violations.map(violation), summary];
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}

function toldOf({ verdict, operations, summary, picture }: HistoryVerdict) {
  return { verdict, operations, summary, picture };
}
