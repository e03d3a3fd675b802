import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allBugs } from '../src/catalogue.ts';
import { CORE_FOLDER, coreSources, plantBug } from '../src/sources.ts';

/**
 * Type-checks every planted core in one run of the compiler. Gives what it complained of, '' for nothing.
 *
 * A patch that changes functions alone is checked against the real files around it. One that touches a class needs a whole copy of the
 * core, because private members make two copies of a class two types. The copies go below `dist`, and find the core's dependencies
 * through a link.
 */
export function typeCheckAll(): string {
  const folder = fileURLToPath(new URL('../../dist/planted/', import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(dirname(CORE_FOLDER), 'node_modules'), join(folder, 'node_modules'));
  const core = coreSources();
  for (const bug of allBugs()) {
    const planted = plantBug(bug, core);
    const changed = [...planted.keys()].filter((path) => planted.get(path) !== core.get(path));
    const whole = changed.some((path) => planted.get(path)?.includes('export class'));
    for (const path of whole ? planted.keys() : changed) {
      const file = join(folder, bug.header.id, path);
      mkdirSync(dirname(file), { recursive: true });
      const text = planted.get(path) ?? '';
      writeFileSync(file, whole ? text : importingFromCore(text, path, changed));
    }
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  return compile(folder);
}

/** The text of a copied file, importing what is not copied from the real core. */
function importingFromCore(text: string, path: string, copied: readonly string[]): string {
  return text.replaceAll(/ from '(\.{1,2}\/[^']+)'/g, (clause, specifier: string) => {
    const target = normalize(join(dirname(path), specifier));
    return copied.includes(target) ? clause : ` from '${join(CORE_FOLDER, target)}'`;
  });
}

const TSCONFIG = {
  extends: '../../../../tsconfig.base.json',
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    noEmit: true,
    rewriteRelativeImportExtensions: false,
    allowImportingTsExtensions: true,
  },
  include: ['**/*.ts'],
};

function compile(folder: string): string {
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  try {
    execFileSync(process.execPath, [join(dirname(compiler), 'bin', 'tsc'), '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout);
    throw error;
  }
}
