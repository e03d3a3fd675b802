import { writeFileSync } from 'node:fs';
import type { LogStore } from '@raftlens/log-store';
import type { Argv } from 'yargs';
import { diagramOf } from '../picture/diagram.ts';
import { htmlOf } from '../picture/html.ts';
import { svgOf } from '../picture/svg.ts';
import { cellText } from '../text/line.ts';
import { countText, plural } from '../text/time.ts';
import { namedPaths, openWhole, type ReadingFlags, readingOptions } from './input.ts';
import { printText, remark } from './output.ts';
import {
  columnPeers,
  type Place,
  placeOf,
  type RowConditions,
  rowsNear,
  selectionOptions,
  selectRows,
  violationPlace,
} from './select-rows.ts';

interface PictureArguments extends ReadingFlags, RowConditions {
  readonly paths: readonly string[];
  readonly output?: string | undefined;
  readonly limit: number;
}

/** A longer picture takes a browser seconds to draw, and nobody reads it. */
const ROWS_MAX = 1500;
const CONTEXT_ROWS = 150;

export function svgCommand(cli: Argv): Argv {
  return pictureCommand(cli, 'svg', 'Draw a part of the log as a space-time diagram (SVG)', (diagram) => svgOf(diagram));
}

export function htmlCommand(cli: Argv): Argv {
  return pictureCommand(cli, 'html', 'The same as a page with filter, zoom and details, to attach to an issue', htmlOf);
}

type PictureWriter = (diagram: ReturnType<typeof diagramOf>, store: LogStore) => string;

function pictureCommand(cli: Argv, name: 'svg' | 'html', description: string, write: PictureWriter): Argv {
  return cli.command(
    `${name} [paths..]`,
    description,
    (command) =>
      selectionOptions(readingOptions(command), CONTEXT_ROWS)
        .positional('paths', { describe: 'Runs or files (default: logs/latest)', type: 'string', array: true, default: [] as string[] })
        .option('output', { alias: 'o', type: 'string', describe: 'A file to write (default: standard output)' })
        .option('limit', { type: 'number', default: ROWS_MAX, describe: 'Lines at most' })
        .example(`raftlens ${name} logs/latest -o run.${name}`, 'around the first violation, or the beginning where there is none')
        .example(`raftlens ${name} run --filter '!heartbeat' --since 300 --until 900 -o part.${name}`, 'a window of time'),
    async (options) => {
      await draw(options, write);
    },
  );
}

async function draw(options: PictureArguments, write: PictureWriter): Promise<void> {
  const paths = namedPaths(options.paths);
  const store = await openWhole(paths, options);
  try {
    const selected = await selectRows(store, options);
    const place = options.around === undefined ? violationPlace(store) : placeOf(store, options.around);
    const rows = windowOf(selected, place, options);
    const title = `${cellText(paths.join(' '))}, ${plural(rows.length, 'line')} of ${countText(store.size)}`;
    const peers = columnPeers(store, options);
    const diagram = diagramOf({ store, title, rows, peers, evidence: place?.evidence ?? new Set(), violation: place?.violation ?? null });
    const text = write(diagram, store);
    if (options.output === undefined) await printText(text);
    else writeFileSync(options.output, text);
  } finally {
    store.close();
  }
}

/** The rows that are drawn: those asked for; where they are too many, those around the violation, or the first ones. */
function windowOf(selected: readonly number[], place: Place | null, { around, context, limit }: PictureArguments): readonly number[] {
  const most = Math.max(1, Math.trunc(limit));
  const tooMany = selected.length > most;
  if (place !== null && (around !== undefined || tooMany)) {
    const near = rowsNear(selected, place, Math.trunc(context ?? CONTEXT_ROWS));
    if (near.length <= most) return near;
  }
  if (!tooMany) return selected;
  remark(
    `only the first ${countText(most)} of ${plural(selected.length, 'line')} are drawn: --around, --since, --until, --filter or --limit choose others`,
  );
  return selected.slice(0, most);
}
