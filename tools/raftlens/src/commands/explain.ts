import type { Violation } from '@raftlens/checker';
import { type Standstill, type StoryLine, standstillOf, storyOf } from '@raftlens/checker/story';
import { ExitCode, type ToolContext, UserError } from '@raftlens/command-line';
import { type Event, textOf } from '@raftlens/events';
import type { LogStore } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { checkedSeqOfRow, checkStore, rowOfCheckedSeq } from '../check/log-check.ts';
import { numberOfRow } from '../model/row-number.ts';
import { cellText, type Line, line, span, wrap } from '../text/line.ts';
import { clockText } from '../text/time.ts';
import { namedPaths, openWhole, type ReadingFlags, readingOptions } from './input.ts';
import { HOW_TO_DESCRIBE } from './log-paths.ts';
import { outputTheme, outputWidth, printJson, printLines } from './output.ts';

interface ExplainArguments extends ReadingFlags {
  readonly paths: readonly string[];
  readonly json: boolean;
  readonly lines: number;
  readonly color?: boolean | undefined;
  readonly width?: number | undefined;
}

const LINES = 24;
/** The chain goes back so far from the wrong step: what lies before is seldom its cause, and a log may have a billion lines. */
const EVENTS_MAX = 400_000;

export function explainCommand(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'explain [paths..]',
    'Tell how the first wrong step of a log came to be; exit code 1 where there is one',
    (command) =>
      readingOptions(command)
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] as string[] })
        .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
        .option('lines', { type: 'number', default: LINES, requiresArg: true, describe: 'At most so many lines of story' })
        .option('color', { type: 'boolean', describe: 'Colours, whatever the output is' })
        .option('width', { type: 'number', describe: 'Cells of a line; 0 wraps nothing (default: the terminal, or 100)' })
        .example('raftlens explain logs/latest', 'back from the wrong step: who sent what, what was read, what was durable'),
    async (options) => {
      context.exitCode = await runExplain(options);
    },
  );
}

async function runExplain({ paths, json, lines: linesMax, color, width, ...flags }: ExplainArguments): Promise<ExitCode> {
  if (!(linesMax >= 1)) throw new UserError('BAD_OPTIONS', '--lines takes a number from 1 on');
  const store = await openWhole(namedPaths(paths), flags);
  try {
    const check = checkStore(store);
    const { first } = check.finish();
    if (!check.sawAny)
      throw new UserError('NOTHING_CHECKED', `no line of this log tells of a step of Raft: nothing can be explained. ${HOW_TO_DESCRIBE}`);
    const told = explanationOf(store, first, linesMax);
    if (json) await printJson(`${JSON.stringify(asJson(store, told))}\n`);
    else await printLines(explanationLines(store, told, outputWidth(width)), outputTheme(color));
    return first === null && check.testEnd?.outcome !== 'fail' && check.complaints.count === 0 ? ExitCode.ok : ExitCode.failed;
  } finally {
    store.close();
  }
}

interface Told {
  readonly violation: Violation | null;
  readonly story: readonly StoryLine[];
  /** Where no step was wrong: how things stood in the end. */
  readonly standstill: Standstill | null;
  /** Rows before these were not looked at. */
  readonly fromRow: number;
}

function explanationOf(store: LogStore, violation: Violation | null, linesMax: number): Told {
  const end = violation === null ? store.size : rowOfCheckedSeq(Math.max(violation.seq, ...violation.evidence)) + 1;
  const fromRow = Math.max(0, end - EVENTS_MAX);
  const events: Event[] = [];
  for (let row = fromRow; row < end; row += 1) {
    const event = store.event(row);
    if (event === null) continue;
    // Seqs of several files that are merged are not unique.
    event.seq = checkedSeqOfRow(row);
    events.push(event);
  }
  if (violation === null) return { violation, story: [], standstill: standstillOf(events), fromRow };
  return { violation, story: storyOf(events, violation, linesMax), standstill: null, fromRow };
}

function* explanationLines(store: LogStore, { violation, story, standstill, fromRow }: Told, width: number): Iterable<Line> {
  if (violation === null) yield line([span('no violation: no step of this log is known to be wrong', 'commit')]);
  else {
    const { node, rule, section, why, allowed } = violation;
    yield* paragraph(`${node} broke ${rule} (${section}): ${why}`, '', width, 'error');
    if (allowed !== undefined) yield* paragraph(`allowed: ${allowed}`, '  ', width, 'commit');
    yield line([]);
    yield line([span('How it came to that (line, time; * proves it):')]);
    if (fromRow > 0) yield line([span(`  lines before ${numberOfRow(store, fromRow)} were not followed`, 'faint')]);
    for (const one of story) yield* storyLine(store, one, width);
  }
  if (standstill !== null) yield* standstillLines(standstill, width);
}

function* storyLine(store: LogStore, { event, sentence, evidence }: StoryLine, width: number): Iterable<Line> {
  const row = rowOfCheckedSeq(event.seq);
  const place = `${evidence ? '*' : ' '} ${String(numberOfRow(store, row)).padStart(6)}  ${clockText(store.columns.time(row)).padStart(10)}  `;
  const [first = '', ...rest] = wrap(cellText(sentence), Math.max(20, width - place.length));
  yield line([span(place, evidence ? 'error' : 'faint'), span(first)]);
  for (const piece of rest) yield line([span(' '.repeat(place.length)), span(piece)]);
  if (evidence) yield line([span(`${' '.repeat(place.length)}${cellText(textOf(event))}`, 'faint')]);
}

function* standstillLines({ servers, repeated }: Standstill, width: number): Iterable<Line> {
  yield line([]);
  yield line([span('How things stood in the end:')]);
  for (const server of servers) yield* paragraph(server, '  ', width, 'plain');
  if (repeated.length > 0) yield line([span('In the last second, again and again:')]);
  for (const { times, sentence } of repeated) yield* paragraph(`${times} times  ${sentence}`, '  ', width, 'plain');
}

function paragraph(text: string, indent: string, width: number, tone: 'plain' | 'error' | 'commit'): Line[] {
  return wrap(cellText(text), Math.max(20, width - indent.length)).map((piece) => line([span(indent + piece, tone)]));
}

function asJson(store: LogStore, { violation, story, standstill, fromRow }: Told): object {
  const number = (seq: number): number => numberOfRow(store, rowOfCheckedSeq(seq));
  return {
    type: 'explanation',
    violation: violation === null ? null : { ...violation, seq: number(violation.seq), evidence: violation.evidence.map(number) },
    story: story.map(({ event, sentence, evidence }) => ({
      seq: number(event.seq),
      time: event.time,
      node: event.node,
      evidence,
      sentence,
      text: textOf(event),
    })),
    standstill,
    followedFrom: numberOfRow(store, fromRow),
  };
}
