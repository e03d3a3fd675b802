/**
 * Damages lines of every format and takes them through every command, as files and under names that are hostile, too: none may fail by a defect of
 * the tool, take more than five seconds of processor time, or print what a terminal would obey. `node tools/raftlens/dist/bench/fuzz-commands.js
 * [LINES] [SEED]`, 300,000 lines by default.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@raftlens/testing';
import { TARGETS } from '../src/convert/convert.ts';
import { LOG } from '../test/commands/cluster.ts';
import { raftlens } from '../test/support/command.ts';
import { Damage } from './damage.ts';

const LINES_AT_ONCE = 10_000;
const CPU_MAX_MS = 5000;
const FOLDERS = ['../../../../packages/log-store/test/fixtures/', '../../test/commands/fixtures/'];
const NAMES = ['run.log', 'S1.ndjson', 'a\u001b[2J.log', 'b\u202e.log', ' c\nd.log', '-e.log', '\u{1f600}.log'];
/** What a terminal obeys, or does not show: controls but for the line's end and the tab, halves of pairs, and what Unicode says is to be ignored. */
const HARMFUL = /(?!\r?\n|\t)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;

const [lines = 300_000, seed = 1] = process.argv.slice(2).map(Number);
const damage = new Damage(seed);
const folder = join(temporaryFolder(), 'fuzz');
mkdirSync(folder);
const sources = await allSources();
const codes = new Map<string, Map<number, number>>();
const spent = new Map<string, number>();
const problems: string[] = [];
let slowest = { ms: 0, what: '' };

for (let done = 0, file = 0; done < lines; done += LINES_AT_ONCE, file++) {
  await fuzz(Math.min(LINES_AT_ONCE, lines - done), file);
  console.error(`${done + LINES_AT_ONCE} lines, ${problems.length} wrong`);
}
for (const [command, byCode] of codes)
  console.log(
    `${command.padEnd(26)} ${Math.round(spent.get(command) ?? 0)} ms, ${[...byCode].map(([code, times]) => `exit ${code}: ${times}`).join(', ')}`,
  );
console.log(`slowest: ${Math.round(slowest.ms)} ms of processor time, ${slowest.what}`);
console.log(`${lines} lines through ${codes.size} commands, ${problems.length} wrong`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function allSources(): Promise<readonly (readonly string[])[]> {
  const texts = FOLDERS.map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .flatMap((path) => readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  writeFileSync(join(folder, 'whole.ndjson'), LOG);
  for (const to of TARGETS) texts.push((await raftlens(['convert', 'whole.ndjson', '--to', to], { cwd: folder })).stdout);
  return [LOG, ...texts].map((text) => text.trimEnd().split('\n'));
}

async function fuzz(count: number, file: number): Promise<void> {
  const name = NAMES[file % NAMES.length] ?? '';
  const source = sources[file % sources.length] ?? [];
  const text = Array.from({ length: count }, () => damage.line(damage.pick(source))).join('\n');
  writeFileSync(join(folder, name), text);
  for (const words of commandsOn(`./${name}`)) await call(words, text, file);
  rmSync(join(folder, name));
}

function commandsOn(path: string): readonly (readonly string[])[] {
  return [
    ['check', path],
    ['check', path, '--all', '--json'],
    ['columns', path],
    ['columns', path, '--around', 'violation', '--width', '40'],
    ['query', damage.pick(['heartbeat', 'unmatched', 'node=S1 or op=Vote', '/a+b?/', 'term>2 and !message']), path],
    ['query', 'op=Vote or unmatched', path, '--json'],
    ['query', 'message', path, '--count'],
    ...TARGETS.map((to) => ['convert', path, '--to', to]),
    ['stats', path],
    ['svg', path, '-o', 'out.svg'],
    ['html', path, '-o', 'out.html'],
    ['diff', path, './whole.ndjson'],
    ['formats', 'draft', path],
  ];
}

async function call(words: readonly string[], text: string, file: number): Promise<void> {
  const what = words
    .filter((word) => !word.startsWith('./') && !word.includes('='))
    .slice(0, 3)
    .join(' ');
  const before = process.cpuUsage();
  const { code, stdout, stderr } = await raftlens(words, { cwd: folder }).catch((error: unknown) => ({
    code: 99,
    stdout: '',
    stderr: String(error),
  }));
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  spent.set(what, (spent.get(what) ?? 0) + ms);
  if (ms > slowest.ms) slowest = { ms, what };
  const byCode = codes.get(what) ?? new Map<number, number>();
  codes.set(what, byCode.set(code ?? -1, (byCode.get(code ?? -1) ?? 0) + 1));
  const shown = HARMFUL.exec(stdout) ?? HARMFUL.exec(stderr);
  if (code === null || code > 2) wrong(`exit ${code}: ${stderr.slice(0, 300)}`, words, text, file);
  else if (ms > CPU_MAX_MS) wrong(`${Math.round(ms)} ms`, words, text, file);
  else if (shown !== null)
    wrong(`prints U+${shown[0].codePointAt(0)?.toString(16)} of ${JSON.stringify(aroundOf(shown))}`, words, text, file);
}

function aroundOf({ input, index }: RegExpExecArray): string {
  return input.slice(Math.max(0, index - 40), index + 40);
}

/** The file stays, to be looked into. */
function wrong(how: string, words: readonly string[], text: string, file: number): void {
  problems.push(how);
  const path = join(process.cwd(), `fuzz-${seed}-${file}.log`);
  writeFileSync(path, text);
  console.log(`WRONG raftlens ${words.join(' ')} (${path}): ${how}`);
}
