/** The floors' own test: each way to break them must be reported, or the lists hold nothing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assert, fixture, suite, temporaryFolder } from '../src/index.ts';

const it = suite('the floors inside packages');
const SCRIPT = fixture(import.meta.url, '..', '..', '..', 'scripts', 'floors.mjs');

const LAYERS = [['ground/'], ['left/', 'right/'], ['roof.ts']];
const HOUSE: Readonly<Record<string, string>> = {
  'ground/stone.ts': "import type { Sand } from './sand.ts';\nexport type Stone = Sand;",
  'ground/sand.ts': 'export type Sand = 1;',
  'left/wall.ts': "import type { Stone } from '../ground/stone.ts';\nexport type Left = Stone;",
  'right/wall.ts': "export * from '../ground/sand.ts';",
  'roof.ts':
    "import type { Left } from './left/wall.ts';\nexport const roof = async () => import('./right/wall.ts');\nexport type Roof = Left;",
};

/** What the script says of a package with these files in place of those of the house. */
function reported(changed: Readonly<Record<string, string>>, floors: unknown = { layers: LAYERS }): readonly string[] {
  const root = temporaryFolder();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  mkdirSync(join(root, 'tools'));
  write('packages/house/package.json', '{"name": "@raftlens/house"}');
  if (floors !== null) write('packages/house/floors.json', JSON.stringify(floors));
  for (const [file, code] of Object.entries({ ...HOUSE, ...changed })) write(`packages/house/src/${file}`, code);
  try {
    return lines(execFileSync(process.execPath, [SCRIPT, root], { encoding: 'utf8' }));
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 1 && 'stdout' in error) return lines(String(error.stdout));
    throw error;
  }
}

function lines(output: string): readonly string[] {
  return output.split('\n').filter((line) => line !== '');
}

/** One line is reported, and it starts so. */
function reportsOne(found: readonly string[], start: string): void {
  assert.is(found.length, 1, found.join('\n'));
  assert.is(found[0]?.slice(0, start.length), start);
}

it('allows imports downwards, of any kind', () => {
  assert.equal(reported({}), []);
});

const UPWARDS: Readonly<Record<string, string>> = {
  'a value': "import { roof } from '../roof.ts';\nexport const a = roof;",
  'a type': "import type { Roof } from '../roof.ts';\nexport type A = Roof;",
  'a type in place': "export type A = import('../roof.ts').Roof;",
  'a module type': "export type A = typeof import('../roof.ts');",
  'a lazy import': "export const a = () => import('../roof.ts');",
  'an export': "export { roof } from '../roof.ts';",
  'an effect': "import '../roof.ts';",
};
for (const [what, code] of Object.entries(UPWARDS)) {
  it(`reports ${what} from a layer above`, () => {
    const start = 'packages/house/src/ground/mole.ts:1: imports roof.ts, which is in a layer above (packages/house/floors.json)';
    reportsOne(reported({ 'ground/mole.ts': code }), start);
  });
}

it('reports an import between places of one layer', () => {
  const found = reported({ 'right/door.ts': "\nimport type { Left } from '../left/wall.ts';\nexport type Door = Left;" });
  reportsOne(found, 'packages/house/src/right/door.ts:2: imports left/wall.ts, which is in the same layer');
});

it('takes a word in a comment or a string for no import', () => {
  const code = "// import '../roof.ts'\nexport const a = `\nimport '../roof.ts';\n`; /* export * from '../roof.ts' */";
  assert.equal(reported({ 'ground/mole.ts': code }), []);
});

it('reports a circle of type imports, with all of its files', () => {
  const found = reported({
    'ground/sand.ts': "import type { Dust } from './dust.ts';\nexport type Sand = Dust;",
    'ground/dust.ts': "import type { Stone } from './stone.ts';\nexport type Dust = Stone;",
  });
  assert.equal(found, [
    'packages/house/src/ground/dust.ts: a circle of imports: ground/dust.ts -> ground/stone.ts -> ground/sand.ts -> ground/dust.ts',
  ]);
});

it('reports a package that imports itself by its name', () => {
  const found = reported({ 'ground/mole.ts': "export * from '@raftlens/house';" });
  reportsOne(found, 'packages/house/src/ground/mole.ts:1: imports its own package by name');
});

it('reports a file in no layer, a place without files, a place named twice and a package without a list', () => {
  reportsOne(reported({ 'cellar.ts': '' }), 'packages/house/src/cellar.ts: is in no layer of packages/house/floors.json');
  reportsOne(reported({}, { layers: [...LAYERS, ['tower/']] }), 'packages/house/floors.json: there is no tower/ in src');
  reportsOne(reported({}, { layers: [...LAYERS, ['left/']] }), 'packages/house/floors.json: left/ is in it twice');
  reportsOne(reported({}, null), 'packages/house/floors.json is missing');
  reportsOne(reported({}, { layers: LAYERS, allowed: [] }), 'packages/house/floors.json: "allowed" is neither');
});

it('lets a known arrow stand, and asks to strike it when it is gone', () => {
  const floors = { layers: LAYERS, known: ['ground/mole.ts -> roof.ts'] };
  assert.equal(reported({ 'ground/mole.ts': "import '../roof.ts';" }, floors), []);
  reportsOne(reported({}, floors), 'packages/house/floors.json: "ground/mole.ts -> roof.ts" is known but does not stand');
});
