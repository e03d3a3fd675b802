import type { ByteSource } from '../io/byte-source.ts';
import { DefinedFormat } from './defined.ts';
import type { LogFormat } from './format.ts';
import { Identities } from './identity.ts';
import { linesOf } from './sample.ts';

/** So many lines of a log are read for the names of its servers before it is indexed. */
const LINES_MAX = 50_000;

/** A file of a log, whose writer has the name of `base` where the lines tell none. */
export interface SurveyedFile {
  readonly source: ByteSource;
  readonly format: LogFormat;
  readonly base: string;
}

export interface Surveyed {
  readonly formats: readonly LogFormat[];
  /** The Raft groups that the log tells of, the one that is held against the rules first. */
  readonly groups: readonly string[];
}

/**
 * The formats of the files of a log once it is known who its servers are: what one file tells of a server's address holds for all of them.
 */
export function survey(files: readonly SurveyedFile[], group?: string): Surveyed {
  const identities = new Identities();
  for (const { source, format, base } of files) if (format instanceof DefinedFormat) read(source, format, base, identities);
  const { groups } = identities;
  const chosen = group ?? groups[0];
  const named = files.map(({ format, base }) => {
    if (!(format instanceof DefinedFormat)) return format;
    return new DefinedFormat({ ...format.definition, names: identities.namesOf(base, chosen) });
  });
  return { formats: named, groups: chosen === undefined ? groups : [chosen, ...groups.filter((other) => other !== chosen)] };
}

function read(source: ByteSource, format: DefinedFormat, base: string, identities: Identities): void {
  if (format.record !== 'line') return;
  let count = 0;
  for (const line of linesOf(source)) {
    identities.observe(format, line, base);
    if (++count === LINES_MAX) return;
  }
}
