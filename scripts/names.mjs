/**
 * Holds what CONTRIBUTING says of names: a type, interface or class that is declared at the top of a file in `src` has a name that no other
 * file of the repository gives to another one, and a class keeps its private members as `#name`. `private` and `protected` are refused on
 * members; a constructor may be private, since it has no other way to be.
 *
 * `node scripts/names.mjs [ROOT]` prints what is wrong, one line each. Exit 0 when nothing is, else 1.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { filesBelow, packageFolders, ROOT } from './lib/workspace.mjs';

/** What is wrong in all packages below a root; empty when nothing is. */
export function wrongNames(root) {
  const declared = new Map();
  const wrong = packageFolders(root)
    .flatMap((folder) => filesBelow(folder, '.ts', root).filter((file) => !/[\\/](?:dist|node_modules|fixtures)[\\/]/.test(file)))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const { program } = parseSync(file, text);
      if (file.split(/[\\/]/)[2] === 'src') for (const name of typesIn(program)) declared.set(name, [...(declared.get(name) ?? []), file]);
      return membersByKeyword(program, text).map(
        ({ start, keyword, name }) => `${file}:${text.slice(0, start).split('\n').length}: ${keyword} ${name}: write #${name}`,
      );
    });
  for (const [name, files] of declared) {
    if (files.length > 1) {
      wrong.push(
        `${files.join(', ')}: each declares a type ${name}: give one idea one place, and two ideas two names (CONTRIBUTING, "Words")`,
      );
    }
  }
  return wrong;
}

/** The types, interfaces and classes that a file declares at its top, each once: a type may be declared together with a value. */
function typesIn({ body }) {
  const types = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'ClassDeclaration']);
  const nodes = body.map((node) => (node.type.startsWith('Export') ? node.declaration : node));
  return new Set(nodes.filter((node) => types.has(node?.type) && node.id).map((node) => node.id.name));
}

function membersByKeyword(program, text) {
  // To walk the tree costs more than all the rest, and few files have the words.
  if (!/\b(?:private|protected)\b/.test(text)) return [];
  const found = [];
  const look = (node) => {
    if (!node.accessibility || node.accessibility === 'public' || node.kind === 'constructor') return;
    found.push({ start: node.start, keyword: node.accessibility, name: (node.key ?? node.parameter.left ?? node.parameter).name });
  };
  new Visitor({ PropertyDefinition: look, MethodDefinition: look, TSParameterProperty: look }).visit(program);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = wrongNames(resolve(process.argv[2] ?? ROOT));
  for (const line of wrong) console.log(line);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
