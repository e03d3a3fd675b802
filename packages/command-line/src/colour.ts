/** What decides about colour. */
export interface ColourQuestion {
  /** `--color` or `--no-color`; undefined when neither was given. */
  readonly flag: boolean | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the stream is a terminal. */
  readonly isTerminal: boolean;
}

/** Whether to print colours: the flag, then NO_COLOR (no-color.org), then FORCE_COLOR, then whether it is a terminal with colours. */
export function wantsColour({ flag, environment, isTerminal }: ColourQuestion): boolean {
  if (flag !== undefined) return flag;
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && environment['TERM'] !== 'dumb';
}
