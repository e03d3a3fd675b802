/** What every command-line tool shares: options, errors, exit codes, colour, text that is safe to print. */
export { type ColourQuestion, wantsColour } from './colour.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { ExitCode, InterruptedError, UserError } from './errors.ts';
export { interruptSignal } from './interrupt.ts';
export { outputIsOpen, writeOutput } from './output-errors.ts';
export { printable, printableJson, printableLines } from './printable.ts';
export type { Program } from './program.ts';
export { type ErrorClass, problemOf } from './report-error.ts';
export { runMain } from './run-main.ts';
export { runTool, type Tool, type ToolContext } from './run-tool.ts';
export { suggest, unknownName } from './suggest.ts';
export { type Column, type TableOptions, table } from './table.ts';
export { displayWidth, fitWidth, truncate } from './width.ts';
