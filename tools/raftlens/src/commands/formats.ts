import { unwatchFile, watchFile } from 'node:fs';
import { basename, extname } from 'node:path';
import { ExitCode, printable, type ToolContext, UserError } from '@raftlens/command-line';
import { draftFormat, FORMATS, type FormatDefinition, linesOfLog, type Previewed, previewOf, readDefinition } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { plural } from '../text/time.ts';
import { printText, remark } from './output.ts';

/** Lines of a sample that are read, and of its preview that are shown. */
const SAMPLE_LINES = 2000;
const SHOWN_LINES = 20;
const WATCH_MS = 300;

/** `raftlens formats` lists what is read; `raftlens formats draft LOG` begins a format of the user's own and shows what it understands. */
export function formatsCommand(cli: Argv, context: ToolContext): Argv {
  return cli.command(
    'formats [action] [log]',
    'List the formats of logs that are read, or draft one of your own from a sample',
    (command) =>
      command
        .positional('action', { describe: 'draft: make a format for the lines of LOG', choices: ['draft'] as const })
        .positional('log', { describe: 'The log to make it from', type: 'string' })
        .option('formats', {
          type: 'string',
          requiresArg: true,
          describe: 'Show what this format of yours makes of LOG, instead of drafting one',
        })
        .option('watch', { type: 'boolean', default: false, describe: 'With --formats: show it again each time that the file changes' })
        .example('raftlens formats draft server.log > own.json', 'a format to begin with; the preview is on stderr')
        .example('raftlens formats draft server.log --formats own.json --watch', 'what is understood, each time that you save it'),
    async ({ action, log, formats, watch }) => {
      if (action === undefined) await listFormats();
      else if (log === undefined) throw new UserError('NO_LOG', 'name the log to make a format from: raftlens formats draft LOG.');
      else if (formats === undefined) await draft(log);
      else if (watch) await watched(log, formats, context);
      else await printText(preview(log, readDefinition(formats)));
      context.exitCode ??= ExitCode.ok;
    },
  );
}

async function listFormats(): Promise<void> {
  const width = Math.max(...FORMATS.map(({ name }) => name.length));
  await printText(`${FORMATS.map(({ name, title }) => `${name.padEnd(width)}  ${title}`).join('\n')}\n`);
}

async function draft(log: string): Promise<void> {
  const sample = sampleOf(log);
  const definition = draftFormat(sample, basename(log, extname(log)));
  if (definition === null)
    throw new UserError(
      'NO_HEAD',
      `${printable(log)} has no line that begins with a time or is JSON with one: write events instead (docs/EMITTERS.md).`,
    );
  await printText(`${JSON.stringify(definition, null, 2)}\n`);
  remark(previewText(previewOf(definition, sample, log)));
}

function sampleOf(log: string): readonly string[] {
  const sample = linesOfLog(log, SAMPLE_LINES);
  if (sample.length === 0) throw new UserError('EMPTY_LOG', `${printable(log)} is empty: there is nothing to make a format from.`);
  return sample;
}

function preview(log: string, definition: FormatDefinition): string {
  return `${previewText(previewOf(definition, sampleOf(log), log))}\n`;
}

/** How much is understood, and the first lines with what was made of each: first those that tell an event. */
function previewText(previewed: readonly Previewed[]): string {
  const events = previewed.filter(({ text, isNote }) => text !== null && !isNote);
  const notes = previewed.filter(({ isNote }) => isNote);
  const unknown = previewed.filter(({ text }) => text === null);
  const shown = [...events, ...notes, ...unknown].slice(0, SHOWN_LINES);
  const rows = shown.map(
    ({ line, text }) =>
      `  ${printable(text ?? 'not read')
        .slice(0, 60)
        .padEnd(60)}  < ${printable(line).slice(0, 100)}`,
  );
  const counts = `${plural(events.length, 'event')}, ${plural(notes.length, 'note')}, ${plural(unknown.length, 'line')} not read, of ${previewed.length}`;
  return [counts, ...rows].join('\n');
}

/** Shows the preview until it is interrupted; a mistake in the file is shown too, and waits for its end. */
async function watched(log: string, path: string, context: ToolContext): Promise<void> {
  const show = () => {
    try {
      return preview(log, readDefinition(path));
    } catch (error) {
      return `${error instanceof Error ? error.message : String(error)}\n`;
    }
  };
  await printText(show());
  await new Promise<void>((resolve) => {
    watchFile(path, { interval: WATCH_MS }, () => void printText(`\n${show()}`));
    process.once('SIGINT', () => {
      unwatchFile(path);
      context.exitCode = ExitCode.interrupted;
      resolve();
    });
  });
}
