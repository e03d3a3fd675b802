import { readFileSync } from 'node:fs';

/**
 * The text of a file of this package, by its path from the package's folder. This file must stay where it is: compiled (dist/src) and bundled
 * (dist/bundle) alike it stands two folders below.
 */
export function packageFile(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
