import type { Event } from '@raftlens/events';
import type { KnownNames } from './definition.ts';
import type { Prefix } from './heads.ts';

const ONE = ['node', 'src', 'dst', 'for', 'vote', 'leader', 'peer', 'target', 'durableVote'] as const;
const MANY = ['voters', 'outgoing', 'learners'] as const;

type Names = Partial<Record<(typeof ONE)[number], string | null> & Record<(typeof MANY)[number], readonly string[]>>;

/** Calls every peer of an event by its one name. */
export function rename(event: Event, aliases: ReadonlyMap<string, string>): void {
  if (aliases.size === 0) return;
  // An event that is being made is changed in place, as by the draft that it comes from.
  const names = event as Names;
  for (const field of ONE) {
    const name = names[field];
    const known = typeof name === 'string' ? aliases.get(name) : undefined;
    if (known !== undefined) names[field] = known;
  }
  for (const field of MANY) {
    const list = names[field];
    if (list !== undefined) names[field] = list.map((name) => aliases.get(name) ?? name);
  }
}

/** What the prefix of a line calls its writer: "" where it has none that tells one. */
export function streamOf({ host, app }: Prefix, streams: KnownNames['streams']): string {
  if (streams === 'host') return host ?? app ?? '';
  if (streams === 'app') return app ?? host ?? '';
  return host === undefined || app === undefined ? (host ?? app ?? '') : `${host}/${app}`;
}
