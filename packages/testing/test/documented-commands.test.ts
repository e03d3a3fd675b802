import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, suite } from '../src/index.ts';

const it = suite('the commands in the documentation');

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md') || name === 'session.txt');
const PAGES = ['README.md', ...docs.map((name) => `docs/${name}`)];

/** A command line: the program, and its words up to those that are not its own (`-- go test`). */
interface Command {
  readonly page: string;
  readonly program: string;
  readonly words: readonly string[];
}

/** What stands in code, in the words of the shell as far as an option is concerned; comments and what the command is piped into are cut off. */
function commandsIn(page: string): Command[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const inline = [...text.replace(/^```.*?^```/gms, '').matchAll(/`((?:npx )?(?:raftlens|run-until-fail|pick-timers) [^`]+)`/g)];
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].flatMap((match) => (match[1] ?? '').split('\n'));
  const lines = [...inline.map((match) => match[1] ?? ''), ...blocks, ...(page.endsWith('.txt') ? text.split('\n') : [])];
  return lines.flatMap((line) => {
    const match = /^(?:\$ |.* \| )?(?:npx )?(raftlens|run-until-fail|pick-timers) (.*)$/.exec(line);
    if (match === null) return [];
    const own = (match[2] ?? '').split(/(?:^| )-- | #|\s{3,}| \| | && /)[0] ?? '';
    return [{ page, program: match[1] ?? '', words: own.split(/\s+/) }];
  });
}

const helps = new Map<string, string>();

function help(program: string, ...words: readonly string[]): string {
  const key = [program, ...words].join(' ');
  const known = helps.get(key) ?? spawnSync(join(ROOT, 'bin', program), [...words, '--help'], { encoding: 'utf8' }).stdout;
  helps.set(key, known);
  return known;
}

/** The options of a command line that its program does not know. */
function unknownOptions({ program, words }: Command): string[] {
  const [first = ''] = words;
  const commands = help(program);
  const isCommand = new RegExp(`^  ${program} ${first}\\b`, 'm').test(commands);
  const known = isCommand ? help(program, first) : commands;
  const options = words.flatMap((word) => /^(--[a-z][\w-]*)/.exec(word)?.[1] ?? []);
  return options.filter((option) => !new RegExp(`(?<![\\w-])${option}(?![\\w-])`).test(known));
}

it('have options that there are', { timeoutMs: 120_000 }, () => {
  const commands = PAGES.flatMap(commandsIn);
  assert.ok(commands.length > 60, `only ${commands.length} commands were found`);
  const wrong = commands.flatMap((command) =>
    unknownOptions(command).map((option) => `${command.page}: ${command.program} ${command.words.join(' ')}: ${option}`),
  );
  assert.equal(wrong, []);
});
