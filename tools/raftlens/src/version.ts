import { packageFile } from './package-file.ts';

/** The version of this package, from its package.json. */
export const VERSION: string = versionIn(packageFile('package.json'));

function versionIn(text: string): string {
  const parsed: unknown = JSON.parse(text);
  const version = typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
