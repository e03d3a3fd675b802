/** Writes the files that follow from the tables of fields and opcodes. `npm run generate` builds this package and runs it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DERIVED_FILES } from './derived-files.ts';

const [root = '.'] = process.argv.slice(2);
for (const { path, written } of DERIVED_FILES) {
  const text = readFileSync(join(root, path), 'utf8');
  const wanted = written(text);
  if (wanted === text) continue;
  writeFileSync(join(root, path), wanted);
  console.log(`wrote ${path}`);
}
