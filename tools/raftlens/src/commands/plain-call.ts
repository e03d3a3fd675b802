/**
 * Whether the arguments are paths and nothing else. A word without a dot or a slash may be a command, or one that was mistyped, and what
 * begins with a dash an option; those are for the parser.
 */
export function namesOnlyPaths(argv: readonly string[]): boolean {
  return argv.every((argument) => !argument.startsWith('-') && /[./]/.test(argument));
}
