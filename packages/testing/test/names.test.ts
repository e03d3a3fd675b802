/** The test of the rule for names: what it forbids must be reported, and nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assert, fixture, suite, temporaryFolder } from '../src/index.ts';

const it = suite('names of types');
const SCRIPT = fixture(import.meta.url, '..', '..', '..', 'scripts', 'names.mjs');

/** What the script says of a repository with these files. */
function reported(files: Readonly<Record<string, string>>): readonly string[] {
  const root = temporaryFolder();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('packages/house/package.json', '{"name": "@raftlens/house"}');
  write('tools/hammer/package.json', '{"name": "hammer"}');
  for (const [path, code] of Object.entries(files)) write(path, code);
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

for (const [kind, second] of Object.entries({
  'an interface': 'interface Wall { height: number }',
  'an exported type': 'export type Wall = string;',
  'a class': 'export class Wall {}',
  'a default export': 'export default class Wall {}',
})) {
  it(`finds a name that is declared again, by ${kind}`, () => {
    const found = reported({ 'packages/house/src/wall.ts': 'export interface Wall {}', 'tools/hammer/src/wall.ts': second });
    assert.equal(found, [
      'packages/house/src/wall.ts, tools/hammer/src/wall.ts: each declares a type Wall: give one idea one place, and two ideas two names (CONTRIBUTING, "Words")',
    ]);
  });
}

it('allows a type beside a value of its name, a re-export, and names of tests', () => {
  const files = {
    'packages/house/src/wall.ts': 'export const Wall = 1;\nexport type Wall = typeof Wall;',
    'packages/house/src/index.ts': "export type { Wall } from './wall.ts';",
    'packages/house/test/wall.test.ts': 'interface Wall {}',
  };
  assert.equal(reported(files), []);
});

it('finds members that are private by keyword, in tests too', () => {
  const code =
    'class Wall {\n  private readonly height = 1;\n  constructor(protected readonly width: number) {}\n  private raise(): void {}\n}';
  assert.equal(reported({ 'packages/house/test/wall.test.ts': code }), [
    'packages/house/test/wall.test.ts:2: private height: write #height',
    'packages/house/test/wall.test.ts:3: protected width: write #width',
    'packages/house/test/wall.test.ts:4: private raise: write #raise',
  ]);
});

it('allows a private constructor, and the word elsewhere', () => {
  const code =
    "class Wall {\n  // a private matter\n  private constructor() {}\n  static build() { return 'private'; }\n}\nexport const wall = Wall;";
  assert.equal(reported({ 'packages/house/src/wall.ts': code }), []);
});
