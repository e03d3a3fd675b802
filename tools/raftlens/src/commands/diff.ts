import { ExitCode, type ToolContext } from '@raftlens/command-line';
import type { Argv } from 'yargs';
import { compareLogs } from '../diff/compare.ts';
import { type LogComparison, pairLine, summaryLines } from '../diff/diff-lines.ts';
import { cellText, type Line, line } from '../text/line.ts';
import { THEME_NAMES } from '../text/theme.ts';
import { markedPath, openWhole, type ReadingFlags, readingOptions } from './input.ts';
import { outputTheme, outputWidth, printLines } from './output.ts';
import { SCREEN_DEFAULTS, terminalSetup } from './terminal-options.ts';

const CONTEXT_LINES = 10;
const SHOWN_LINES = 40;
/** Two halves without a limit would not stand beside one another. */
const WIDEST = 400;

export function diffCommand(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'diff <left> <right>',
    'Two runs side by side, from their first difference on; exit code 1 where they differ',
    (command) =>
      readingOptions(command)
        .positional('left', { type: 'string', demandOption: true, describe: 'A run or a file' })
        .positional('right', { type: 'string', demandOption: true, describe: 'Another' })
        .option('times', { type: 'boolean', default: false, describe: 'Compare times too, as for two runs of one seed' })
        .option('text', { type: 'boolean', default: false, describe: 'Print text on a terminal too' })
        .option('context', { type: 'number', default: CONTEXT_LINES, describe: 'Text: lines before the first difference' })
        .option('lines', { type: 'number', default: SHOWN_LINES, describe: 'Text: lines from the first difference on' })
        .option('width', { type: 'number', describe: 'Text: cells of a line (default: the terminal, or 100)' })
        .option('color', { type: 'boolean', describe: 'Colours, whatever the output is' })
        .option('theme', {
          choices: THEME_NAMES,
          default: SCREEN_DEFAULTS.theme,
          describe: 'Colours for a dark or a light terminal, or none',
        })
        .option('ascii', { type: 'boolean', describe: 'No signs beyond ASCII (default: by the locale)' })
        .option('mouse', { type: 'boolean', default: SCREEN_DEFAULTS.mouse, describe: '--no-mouse leaves the mouse to the terminal' })
        .example('raftlens diff passing/ failing/', 'where the failing run left the path of the passing one'),
    async (options) => {
      const comparison = await compare(markedPath(options.left), markedPath(options.right), options.times, options);
      try {
        if (!process.stdout.isTTY || options.text) await printDiff(comparison, options);
        else {
          const { runDiffScreen } = await import('./diff-screen.ts');
          await runDiffScreen(comparison, terminalSetup(options, 'raftlens diff --text'));
        }
        context.exitCode = comparison.alignment.identical ? ExitCode.ok : ExitCode.failed;
      } finally {
        comparison.left.close();
        comparison.right.close();
      }
    },
  );
}

async function compare(leftPath: string, rightPath: string, withTimes: boolean, flags: ReadingFlags): Promise<LogComparison> {
  const left = await openWhole([leftPath], flags);
  const right = await openWhole([rightPath], flags);
  const alignment = await compareLogs(left, right, withTimes);
  return { left, right, leftName: cellText(leftPath), rightName: cellText(rightPath), alignment };
}

interface DiffText {
  readonly context: number;
  readonly lines: number;
  readonly width?: number | undefined;
  readonly color?: boolean | undefined;
}

async function printDiff(comparison: LogComparison, options: DiffText): Promise<void> {
  await printLines(diffText(comparison, options, Math.min(WIDEST, outputWidth(options.width))), outputTheme(options.color));
}

function* diffText(comparison: LogComparison, { context, lines }: DiffText, width: number): Iterable<Line> {
  yield* summaryLines(comparison);
  const { alignment } = comparison;
  if (alignment.identical) return;
  yield line([]);
  const from = Math.max(0, alignment.same - Math.max(0, Math.trunc(context)));
  while (!alignment.isComplete && alignment.aligned < alignment.same + lines) alignment.extend();
  const to = Math.min(alignment.count, alignment.same + Math.max(1, Math.trunc(lines)));
  for (let at = from; at < to; at += 1) yield pairLine(comparison, alignment.at(at), width);
}
