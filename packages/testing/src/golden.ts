import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';

/**
 * Compares `actual` with the file `golden/NAME` beside the test's source. `UPDATE_GOLDEN=1` writes the file instead; then review the
 * difference in git.
 *
 * @param testUrl `import.meta.url` of the test
 */
export function golden(testUrl: string, name: string, actual: string): void {
  const path = join(dirname(sourceOf(fileURLToPath(testUrl))), 'golden', name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  let expected: string;
  try {
    expected = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`there is no golden file ${path}: run the test with UPDATE_GOLDEN=1 and look at what it writes`);
  }
  assert.is(actual, expected, undefined);
}

/** A path inside the folder of a test's source, for fixtures: `fixture(import.meta.url, 'sample.ndjson')`. */
export function fixture(testUrl: string, ...parts: string[]): string {
  return join(dirname(sourceOf(fileURLToPath(testUrl))), ...parts);
}

/** Tests run from dist/test, their files lie in test. */
function sourceOf(path: string): string {
  return path.replace(/([\\/])dist(?=[\\/]test[\\/])/, '');
}
