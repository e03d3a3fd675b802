import { createRequire } from 'node:module';

type Engine = typeof import('re2js')['RE2JS'];

const load = createRequire(import.meta.url);
let loaded: Engine | undefined;

/** The linear engine. Loading it takes as long as opening a log, so that only a pattern which needs it loads it. */
export function engine(): Engine {
  loaded ??= (load('re2js') as typeof import('re2js')).RE2JS;
  return loaded;
}
