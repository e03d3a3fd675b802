import type { KnownNames } from './definition.ts';
import type { Prefix } from './heads.ts';

/** What the prefix of a line calls its writer: "" where it has none that tells one. */
export function streamOf({ host, app }: Prefix, streams: KnownNames['streams']): string {
  if (streams === 'host') return host ?? app ?? '';
  if (streams === 'app') return app ?? host ?? '';
  return host === undefined || app === undefined ? (host ?? app ?? '') : `${host}/${app}`;
}
