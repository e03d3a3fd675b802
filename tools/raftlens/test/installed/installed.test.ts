import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { assert, fixture, suite, temporaryFolder } from '@raftlens/testing';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { storyLog } from '../support/cluster-log.ts';
import { bytesOf, emptyMachine, LocalRegistry } from './registry.ts';

const it = suite('What npm run pack makes');

const ROOT = fixture(import.meta.url, '..', '..', '..', '..');
const LIBRARIES = ['checker', 'events', 'raft', 'simulator'].map((name) => `@raftlens/${name}`);
const TOOLS = ['pick-timers', 'raftlens', 'run-until-fail'];
const MEGABYTE = 1_000_000;

const tarballs = temporaryFolder();
let registry: LocalRegistry;
let machine: NodeJS.ProcessEnv;
let work: string;

it.before(async () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'pack.mjs'), '--to', tarballs], {
    encoding: 'utf8',
  });
  assert.is(status, 0, stdout + stderr);
  registry = await LocalRegistry.start(
    readdirSync(tarballs).map((name) => join(tarballs, name)),
    join(ROOT, 'node_modules', '.pnpm'),
  );
  const folder = temporaryFolder();
  machine = emptyMachine(folder, registry.url);
  work = join(folder, 'work');
});

it.after(() => registry.close());

/** Runs a command that must end with the code, and gives what it printed. It must not block: the registry answers from this process. */
async function printed(code: number, command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, { cwd: work, env: machine, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  assert.is(child.exitCode, code, `${command} ${args.join(' ')}\n${output}`);
  return output;
}

const tarball = (name: string) => join(tarballs, `${name.replace('@', '').replace('/', '-')}-${version(name)}.tgz`);

function version(name: string): string {
  const folder = TOOLS.includes(name) ? join('tools', name) : join('packages', name.replace('@raftlens/', ''));
  const parsed: unknown = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : '';
}

it('is a tarball for each package that is published, and none for the others', () => {
  assert.equal(readdirSync(tarballs).sort(), [...LIBRARIES, ...TOOLS].map((name) => tarball(name).slice(tarballs.length + 1)).sort());
});

it('asks for no version that only the workspace knows', () => {
  for (const name of readdirSync(tarballs)) {
    const manifests = spawnSync('tar', ['-xzOf', join(tarballs, name), '--wildcards', '*package.json'], { encoding: 'utf8' }).stdout;
    assert.not.match(manifests, /"(workspace|catalog):/, name);
  }
});

for (const name of LIBRARIES) {
  it(`has exports and types of ${name} that publint and arethetypeswrong find right`, { timeoutMs: 60_000 }, async () => {
    const data = readFileSync(tarball(name));
    const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(data).buffer }, strict: true });
    assert.equal(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    );
    const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
    assert.ok(checked.types !== false);
    // A module that is required is what every package of modules is, and old resolutions that know no exports are none of ours.
    const ours = checked.problems.filter((problem) => !('resolutionKind' in problem) || /node16-esm|bundler/.test(problem.resolutionKind));
    assert.equal(
      ours.map(({ kind }) => kind),
      [],
    );
  });
}

it('installs the tools by one command each, small and with nothing else', { timeoutMs: 180_000 }, async () => {
  const sizesMax: Readonly<Record<string, number>> = {
    raftlens: 15 * MEGABYTE,
    'run-until-fail': 20 * MEGABYTE,
    'pick-timers': 20 * MEGABYTE,
  };
  for (const name of TOOLS) {
    assert.match(await printed(0, 'npm', 'install', '-g', name), /added 1 package/);
    assert.ok(bytesOf(tarball(name)) < (sizesMax[name] ?? 0));
  }
});

it('runs a test until it fails, and names the first wrong step of a log, where only the tools are installed', {
  timeoutMs: 120_000,
}, async () => {
  assert.match(await printed(0, 'run-until-fail', '--version'), /^\d+\.\d+\.\d+/);
  assert.match(await printed(1, 'run-until-fail', '--runs', '3', '--', 'false'), /FAILED: \d of \d/);
  assert.match(await printed(0, 'run-until-fail', 'sim', 'figure-8', '--seeds', '1..20'), /PASSED: 0 of 20 runs failed/);
  assert.match(await printed(0, 'run-until-fail', 'list'), /false/);
  writeFileSync(join(work, 'events.ndjson'), storyLog().text);
  assert.match(await printed(1, 'raftlens', 'check', 'events.ndjson'), /All servers rule 1 .* broken by S3/);
  assert.match(await printed(0, 'raftlens', 'columns', 'events.ndjson', '--around', 'violation'), /! +\d/);
  await printed(0, 'raftlens', 'html', 'events.ndjson', '-o', 'page.html');
  assert.match(readFileSync(join(work, 'page.html'), 'utf8'), /<svg /);
  assert.match(await printed(0, 'pick-timers', '-r', '150-300', '-n', '20', '--svg', 'plot.svg'), /150-300 ms/);
});

it('says in one line what to install for what few need', { timeoutMs: 60_000 }, async () => {
  assert.match(await printed(2, 'raftlens', 'sql', 'events.ndjson', 'from events'), /^.*npm install -g @duckdb\/node-api\n$/);
  assert.match(
    await printed(2, 'run-until-fail', '--queue', 'redis://localhost', '--runs', '1', '--', 'true'),
    /^.*--queue needs .*npm install -g bullmq ioredis\n$/,
  );
  assert.match(await printed(2, 'run-until-fail', 'sim', '--bug', 'C1'), /^.*sim --bug needs .*npm install -g esbuild\n$/);
  writeFileSync(join(work, 'test.mjs'), 'export function ok() {}\n');
  assert.match(await printed(2, 'run-until-fail', 'module', 'test.mjs', '--seeds', '1..2'), /module needs .*npm install -g esbuild\n/);
});

it('finds a planted bug once esbuild is there', { timeoutMs: 120_000 }, async () => {
  await printed(0, 'npm', 'install', '-g', 'esbuild', `@esbuild/${process.platform}-${process.arch}`);
  assert.match(await printed(1, 'run-until-fail', 'sim', '--bug', 'C1', '--no-open'), /FAIL figure-8 .*Leaders rule 4/);
  assert.match(await printed(1, 'raftlens', 'check'), /Leaders rule 4 .* broken by S\d/);
});

it('has libraries whose types check and that run in a project of somebody else', { timeoutMs: 180_000 }, async () => {
  writeFileSync(join(work, 'package.json'), '{ "name": "consumer", "version": "1.0.0", "type": "module" }\n');
  writeFileSync(join(work, 'consumer.ts'), readFileSync(fixture(import.meta.url, '..', 'fixtures', 'consumer.ts')));
  await printed(0, 'npm', 'install', ...LIBRARIES);
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules', '@types')];
  await printed(
    0,
    process.execPath,
    tsc,
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--skipLibCheck',
    'false',
    ...types,
    'consumer.ts',
  );
  assert.match(
    await printed(0, process.execPath, 'consumer.js'),
    /^figure-8 passed; S1 Timeout T0 timer=election; no violation in 1 events; leader\n$/,
  );
});
