import { EVENT_ERRORS } from '../src/error.ts';

/** The table of packages/events/README.md. */
export const ERROR_TABLE: ReadonlyMap<string, () => readonly string[]> = new Map([
  [
    'codes',
    () => ['| code | meaning |', '| --- | --- |', ...Object.entries(EVENT_ERRORS).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)],
  ],
]);
