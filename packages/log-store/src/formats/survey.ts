import type { ByteSource } from '../io/byte-source.ts';
import { DefinedFormat } from './defined.ts';
import type { LogFormat } from './format.ts';
import { Identities } from './identity.ts';
import { linesOf } from './sample.ts';

/** So many lines of a log are read for the names of its servers before it is indexed. */
const LINES_MAX = 50_000;

export interface Surveyed {
  readonly formats: readonly LogFormat[];
  /** The Raft groups that the log tells of, the one that is held against the rules first. */
  readonly groups: readonly string[];
}

/**
 * The formats of the files of a log once it is known who its servers are: what one file tells of a server's address holds for all of them.
 */
export function survey(sources: readonly ByteSource[], formats: readonly LogFormat[], group?: string): Surveyed {
  const identities = new Identities();
  for (const [i, source] of sources.entries()) {
    const format = formats[i];
    if (format instanceof DefinedFormat) read(source, format, identities);
  }
  const { groups } = identities;
  const chosen = group ?? groups[0];
  const named = sources.map((source, i) => {
    const format = formats[i] as LogFormat;
    if (!(format instanceof DefinedFormat)) return format;
    return new DefinedFormat({ ...format.definition, names: identities.namesOf(source.name, chosen) });
  });
  return { formats: named, groups: chosen === undefined ? groups : [chosen, ...groups.filter((other) => other !== chosen)] };
}

function read(source: ByteSource, format: DefinedFormat, identities: Identities): void {
  if (format.record !== 'line') return;
  let count = 0;
  for (const line of linesOf(source)) {
    identities.observe(format, line, source.name);
    if (++count === LINES_MAX) return;
  }
}
