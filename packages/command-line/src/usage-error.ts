import type { Argv } from 'yargs';
import { UserError } from './errors.ts';
import { type KnownWords, knownWords } from './known-words.ts';
import { printable } from './printable.ts';
import { suggest } from './suggest.ts';

/** Turns yargs' message into one line that names what was probably meant. `cli` knows the options of the current command. */
export function usageError(message: string, cli: Argv, argv: readonly string[]): UserError {
  const known = knownWords(cli);
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/s.exec(message)?.[1];
  if (unknown !== undefined) return unknownWords(unknown.split(', '), known, argv);
  const choice = /^\s*Argument: (.*?), Given: (.*?), Choices: (.*)$/m.exec(message);
  if (choice !== null) return badChoice(choice[1] ?? '', choice[2] ?? '', choice[3] ?? '');
  if (message.startsWith('Not enough non-option arguments'))
    return new UserError('USAGE', 'an argument is missing: --help shows what is needed.');
  return new UserError('USAGE', oneLine(message));
}

function unknownWords(words: readonly string[], known: KnownWords, argv: readonly string[]): UserError {
  const [word = ''] = words.map((item) => item.replace(/^"(.*)"$/, '$1'));
  const given = argv.find((argument) => argument === `--${word}` || argument.startsWith(`--${word}=`) || argument === `--no-${word}`);
  // An option appears under its name, and again in camel case.
  if (given !== undefined || argv.some((argument) => isOption(argument, word))) {
    const near = suggest(
      word,
      known.options.filter((name) => name.length > 1),
    );
    return new UserError(
      'UNKNOWN_OPTION',
      `unknown option ${dashed(given ?? word)}.${question(near === undefined ? undefined : dashed(near))}`,
    );
  }
  if (known.commands.length === 0) return new UserError('UNEXPECTED_ARGUMENT', `unexpected argument "${printable(word)}".`);
  const list = ` Known: ${known.commands.join(', ')}.`;
  return new UserError('UNKNOWN_COMMAND', `unknown command "${printable(word)}".${question(suggest(word, known.commands))}${list}`);
}

function badChoice(option: string, given: string, choices: string): UserError {
  const values = [...choices.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  const value = given.replace(/^"(.*)"$/, '$1');
  return new UserError(
    'BAD_VALUE',
    `${dashed(option)} cannot be "${printable(value)}".${question(suggest(value, values))} Known: ${values.join(', ')}.`,
  );
}

function question(near: string | undefined): string {
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

function dashed(name: string): string {
  if (name.startsWith('-')) return name.replace(/=.*$/s, '');
  return printable(name.length === 1 ? `-${name}` : `--${name}`);
}

/** `-xyz` is three options; `--some-name` also comes as `someName`. */
function isOption(argument: string, word: string): boolean {
  if (argument.startsWith('--')) return camelCase(argument) === word;
  return argument.startsWith('-') && word.length === 1 && argument.includes(word);
}

function camelCase(argument: string): string {
  return argument
    .replace(/^--(?:no-)?/, '')
    .replace(/=.*$/s, '')
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function oneLine(message: string): string {
  const text = message.trim().replace(/\s*\n\s*/g, ' ');
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
}

/** yargs accepts NaN for a number, and makes a list of an option that is given twice: both are mistakes of the user. */
export function checkValues(parsed: Readonly<Record<string, unknown>>, cli: Argv): true {
  const { options, numbers, lists } = knownWords(cli);
  for (const name of options) {
    const value = parsed[name];
    if (Array.isArray(value) && !lists.includes(name)) throw new UserError('GIVEN_TWICE', `${dashed(name)} was given more than once.`);
    if (numbers.includes(name) && Number.isNaN(value)) throw new UserError('BAD_VALUE', `${dashed(name)} must be a number.`);
  }
  return true;
}
