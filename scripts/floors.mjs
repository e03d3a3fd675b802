/**
 * Holds the floors inside the packages. `floors.json` of a package lists its layers from the ground up: `layers` is a list of lists of places in
 * `src`, each a folder (`engine/`) or a file (`run.ts`). A place imports only from layers below its own, and the files of one place import each
 * other without a circle. Type imports and lazy `import()` count as all others do. `known` lists arrows ("a.ts -> b.ts") that stand until mended.
 *
 * `node scripts/floors.mjs [ROOT]` prints what is wrong, one line each. Exit 0 when nothing is, else 1.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { filesBelow, packageFolders, ROOT } from './lib/workspace.mjs';

/** What is wrong in all packages below a root; empty when nothing is. */
export function wrongFloors(root) {
  return packageFolders(root).flatMap((folder) => (existsSync(join(root, folder, 'src')) ? wrongInPackage(root, folder) : []));
}

function wrongInPackage(root, folder) {
  const plan = readPlan(root, folder);
  if (plan.wrong.length > 0) return plan.wrong;
  const source = join(root, folder, 'src');
  const files = filesBelow(join(folder, 'src'), '.ts', root).map((file) => relative(source, join(root, file)));
  const { name } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const arrows = files.flatMap((file) => arrowsOf(source, file, name));
  const known = new Set(plan.known);
  const counted = arrows.filter((arrow) => !known.has(`${arrow.from} -> ${arrow.to}`));
  const standing = new Set(arrows.map((arrow) => `${arrow.from} -> ${arrow.to}`));
  return [
    ...plan.known.filter((arrow) => !standing.has(arrow)).map((arrow) => `${plan.file}: "${arrow}" is known but does not stand: strike it`),
    ...plan.places
      .filter(({ place }) => !files.some((file) => isIn(file, place)))
      .map(({ place }) => `${plan.file}: there is no ${place} in src`),
    ...files
      .filter((file) => placeOf(plan, file) === undefined)
      .map((file) => `${folder}/src/${file}: is in no layer of ${plan.file}: add it to one`),
    ...counted.map((arrow) => wrongArrow(folder, plan, arrow)).filter((wrong) => wrong !== null),
    ...circles(files, counted).map((circle) => `${folder}/src/${circle[0]}: a circle of imports: ${circle.join(' -> ')}`),
  ];
}

/** What is wrong with an import; null when it leads downwards, or stays in its place. */
function wrongArrow(folder, plan, { from, to, line, itself }) {
  const at = `${folder}/src/${from}:${line}`;
  if (itself) return `${at}: imports its own package by name: import the file that has it`;
  const [above, below] = [placeOf(plan, from), placeOf(plan, to)];
  if (above === undefined || below === undefined || above.place === below.place || below.layer < above.layer) return null;
  const where = below.layer === above.layer ? 'in the same layer' : 'in a layer above';
  return `${at}: imports ${to}, which is ${where} (${plan.file}): move what both need below, or hand it in`;
}

/** The layers of a package as a flat list of places, or what is wrong with its file. */
function readPlan(root, folder) {
  const file = `${folder}/floors.json`;
  if (!existsSync(join(root, file))) return { wrong: [`${file} is missing: it lists the layers of src from the ground up`] };
  const { layers, known = [], ...others } = JSON.parse(readFileSync(join(root, file), 'utf8'));
  const areTexts = (list) => Array.isArray(list) && list.every((text) => typeof text === 'string');
  const wrong = Object.keys(others).map((key) => `${file}: "${key}" is neither "layers" nor "known"`);
  if (!Array.isArray(layers) || !layers.every(areTexts)) wrong.push(`${file}: "layers" is a list of lists of places`);
  if (!areTexts(known)) wrong.push(`${file}: "known" is a list of arrows, each "a.ts -> b.ts"`);
  if (wrong.length > 0) return { wrong };
  const places = layers.flatMap((layer, at) => layer.map((place) => ({ place, layer: at })));
  const twice = places.filter(({ place }, at) => places.findIndex((other) => other.place === place) !== at);
  return { file, places, known, wrong: twice.map(({ place }) => `${file}: ${place} is in it twice`) };
}

/** The place of a file: of those that hold it, the one with the longest name. */
function placeOf({ places }, file) {
  return places.filter(({ place }) => isIn(file, place)).sort((a, b) => b.place.length - a.place.length)[0];
}

function isIn(file, place) {
  return file === place || (place.endsWith('/') && file.startsWith(place));
}

/** Each import of a file from its own package, with its line. */
function arrowsOf(source, file, packageName) {
  const text = readFileSync(join(source, file), 'utf8');
  const found = importsOf(file, text).flatMap(({ specifier, start }) => {
    const itself = specifier === packageName || specifier.startsWith(`${packageName}/`);
    if (!itself && !specifier.startsWith('.')) return [];
    const to = itself ? specifier : relative(source, resolve(source, dirname(file), specifier));
    return to === file || to.startsWith('..') ? [] : [{ from: file, to, line: text.slice(0, start).split('\n').length, itself }];
  });
  return found.filter(({ to }, at) => found.findIndex((other) => other.to === to) === at);
}

function importsOf(file, text) {
  const parsed = parseSync(file, text);
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const found = [
    ...staticImports.map(({ moduleRequest }) => ({ specifier: moduleRequest.value, start: moduleRequest.start })),
    ...staticExports
      .flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest))
      .filter((request) => request)
      .map(({ value, start }) => ({ specifier: value, start })),
    // What is imported lazily stands there as it was written, between quotes.
    ...dynamicImports.map(({ moduleRequest: { start, end } }) => ({ specifier: text.slice(start + 1, end - 1), start })),
  ];
  // Types such as `typeof import('./a.ts')` are in the tree alone, and the tree costs more than all the rest.
  if (/\bimport\(/.test(text)) {
    new Visitor({ TSImportType: ({ source }) => found.push({ specifier: source.value, start: source.start }) }).visit(parsed.program);
  }
  return found;
}

/** The circles among the files, each as its files with the first again at the end. A file is shown in one circle at most. */
function circles(files, arrows) {
  const next = new Map(files.map((file) => [file, []]));
  for (const { from, to } of arrows) next.get(from).push(to);
  const done = new Set();
  const found = [];
  const visit = (file, path) => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = wrongFloors(resolve(process.argv[2] ?? ROOT));
  for (const line of wrong) console.log(line);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
