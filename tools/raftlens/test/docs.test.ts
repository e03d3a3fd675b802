import { readFileSync, writeFileSync } from 'node:fs';
import { FILTER_WORDS, Filter } from '@raftlens/log-store';
import { assert, fixture, suite } from '@raftlens/testing';
import { keyText } from '../src/controllers/binding.ts';
import { helpGroups } from '../src/controllers/keys.ts';
import { COMMANDS } from '../src/controllers/palette.ts';
import { DIFF_BINDINGS } from '../src/diff/diff-view.ts';
import { PROGRAM } from '../src/program.ts';
import { raftlens } from './support/command.ts';

const docs = suite('docs/RAFTLENS.md');

const PATH = fixture(import.meta.url, '..', '..', '..', 'docs', 'RAFTLENS.md');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  return `\n${lines.join('\n')}\n`;
}

const code = (keys: readonly string[]) => keys.map((key) => (key === '`' ? '`` ` ``' : `\`${key}\``)).join(' ');

function keysTable(): string {
  const groups = helpGroups(null);
  return table(
    ['', 'keys', ''],
    groups.flatMap(({ title, entries }) =>
      entries.map(({ keys, description }, at) => [at === 0 ? `**${title}**` : '', code(keys.split(', ')), description]),
    ),
  );
}

const commandsTable = () =>
  table(
    ['command', ''],
    COMMANDS.map(({ id, argument, description }) => [`\`${id} ${argument}\``, description]),
  );
const diffKeysTable = () =>
  table(
    ['keys', ''],
    DIFF_BINDINGS.map(({ keys, description }) => [code(keys.map(keyText)), description]),
  );

function picture(name: string): string {
  const text = readFileSync(fixture(import.meta.url, 'golden', name), 'utf8');
  return `\n\`\`\`\n${text.replace(/\n+$/, '')}\n\`\`\`\n`;
}

/** The page with every generated part as it must be. */
function expectedPage(page: string): string {
  const part = (name: string, text: string) => (found: string) =>
    found.replace(new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`), (_, open: string, close: string) => open + text + close);
  const generated = [part('keys', keysTable()), part('commands', commandsTable()), part('diff-keys', diffKeysTable())].reduce(
    (text, make) => make(text),
    page,
  );
  return generated.replace(
    /(<!-- picture (\S+) -->\n)[^]*?(<!-- \/picture -->)/g,
    (_, open: string, name: string, close: string) => open + picture(name) + close,
  );
}

docs('has the keys of the table of bindings and the pictures of the golden screens (UPDATE_GOLDEN=1 renews them)', () => {
  const page = readFileSync(PATH, 'utf8');
  const expected = expectedPage(page);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PATH, expected);
  else assert.is(page, expected);
  assert.ok(expected.includes('| `j` `Down` | the next line |'));
  assert.ok(expected.includes('All servers rule 1'));
});

docs('names every word of the filter language, and every example in it is understood', () => {
  const page = readFileSync(PATH, 'utf8');
  for (const word of FILTER_WORDS) assert.ok(page.includes(`\`${word}\``), word);
  const examples = [
    'node=S2',
    'op=AppendEntries,AppendEntriesReply',
    'term>=3  commit<7',
    'src=S1 dst=S2  dir=drop',
    'role=leader',
    'peer=S2',
    'msg~/conflict=[0-9]+/',
    'msg~conflict  "what it says"',
    '!heartbeat (node=S1 or node=S2)',
    'heartbeat lost election',
    'node=S3 or op=Vote',
  ];
  for (const example of examples) {
    assert.ok(page.includes(example), example);
    new Filter(example);
  }
});

docs('names every command of the tool', async () => {
  const { stdout } = await raftlens(['--help']);
  const commands = [...stdout.matchAll(/^ {2}raftlens (\w+)/gm)].map((match) => match[1] ?? '').filter((name) => name !== 'open');
  assert.ok(commands.length >= 8, stdout);
  const page = readFileSync(PATH, 'utf8');
  for (const command of commands) assert.match(page, new RegExp(`\`${command}[ \`]`), command);
  assert.is(PROGRAM.name, 'raftlens');
});
