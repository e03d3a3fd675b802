import type { Configuration, ServerId } from './configuration.ts';
import type { Command } from './entry.ts';

const decoder = new TextDecoder();

/** A configuration as the command of its log entry: JSON with the four lists, in the order of the type. */
export function encodeConfiguration({ voters, outgoing, learners, learnersNext }: Configuration): string {
  return JSON.stringify({ voters, outgoing, learners, learnersNext });
}

/** The reverse. @throws SyntaxError or TypeError on anything else, which only a damaged log can hold. */
export function decodeConfiguration(command: Command): Configuration {
  const value: unknown = JSON.parse(typeof command === 'string' ? command : decoder.decode(command));
  if (typeof value !== 'object' || value === null) throw new TypeError('a configuration entry is not an object');
  const fields = new Map<string, unknown>(Object.entries(value));
  const list = (name: string): readonly ServerId[] => serverList(name, fields.get(name));
  return { voters: list('voters'), outgoing: list('outgoing'), learners: list('learners'), learnersNext: list('learnersNext') };
}

function serverList(name: string, value: unknown): readonly ServerId[] {
  if (!Array.isArray(value)) throw new TypeError(`a configuration entry has no list of ${name}`);
  const items: readonly unknown[] = value;
  return items.map((item) => {
    if (typeof item !== 'string') throw new TypeError(`a configuration entry names a server that is no text in ${name}`);
    return item;
  });
}
