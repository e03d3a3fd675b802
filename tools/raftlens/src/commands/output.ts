/**
 * The only file that writes to the streams of the process: nothing from a log gets past it unprintable. The screen has `views/terminal.ts`,
 * which draws lines.
 */
import { outputIsOpen, printable, printableJson, printableLines, wantsColour, writeOutput } from '@raftlens/command-line';
import { type Line, plainText } from '../text/line.ts';
import { painted, type Theme, themeOf } from '../text/theme.ts';

const CHUNK_CHARACTERS = 1 << 16;
const WIDTH_WITHOUT_TERMINAL = 100;

/** The theme for what is printed on stdout, null for no colours. */
export function outputTheme(flag: boolean | undefined): Theme | null {
  const colour = wantsColour({ flag, environment: process.env, isTerminal: process.stdout.isTTY });
  if (!colour) return null;
  return themeOf('dark', has256Colours() ? 256 : 16);
}

export function has256Colours(): boolean {
  return /256|truecolor|24bit/.test(`${process.env['TERM'] ?? ''} ${process.env['COLORTERM'] ?? ''}`);
}

/** The cells of a line: as asked for (0 is no limit), the terminal's, those of COLUMNS, or 100. */
export function outputWidth(asked: number | undefined): number {
  if (asked !== undefined) return asked === 0 ? Number.POSITIVE_INFINITY : asked;
  const columns = process.stdout.isTTY ? process.stdout.columns : Number(process.env['COLUMNS']);
  return Number.isInteger(columns) && columns > 0 ? columns : WIDTH_WITHOUT_TERMINAL;
}

/** Prints in large pieces and waits for a slow reader: a log of any size goes through little memory. */
export async function printLines(lines: Iterable<Line>, theme: Theme | null): Promise<void> {
  let chunk = '';
  for (const of of lines) {
    if (!outputIsOpen()) return;
    chunk += `${theme === null ? plainText(of).trimEnd() : painted(of, theme)}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    await writeOutput(chunk);
    chunk = '';
  }
  if (chunk !== '') await writeOutput(chunk);
}

/** Prints text of one or more lines. */
export async function printText(text: string): Promise<void> {
  await writeOutput(printableLines(text));
}

/** Prints rows of cells with a tab between two. */
export async function printTabbed(rows: readonly (readonly string[])[]): Promise<void> {
  await writeOutput(rows.map((cells) => `${cells.map(printable).join('\t')}\n`).join(''));
}

/** Prints JSON, one or more values in lines. */
export async function printJson(json: string): Promise<void> {
  await writeOutput(printableJson(json));
}

/** Says something about the work on stderr, because stdout holds data alone. */
export function remark(text: string): void {
  process.stderr.write(printableLines(`raftlens: ${text}\n`));
}
