import type { Argv } from 'yargs';

/** The words that the current command knows, for "did you mean". */
export interface KnownWords {
  readonly options: readonly string[];
  readonly commands: readonly string[];
  readonly numbers: readonly string[];
  readonly lists: readonly string[];
}

/**
 * Asks yargs for the options and commands of the current command. These methods are public but missing from its types, hence the checks of
 * their results. If yargs changes them, there are no suggestions, and a test fails.
 */
export function knownWords(cli: Argv): KnownWords {
  const options = call(cli, 'getOptions');
  const instance = call(call(cli, 'getInternalMethods'), 'getCommandInstance');
  return {
    options: Object.keys(record(property(options, 'key'))),
    commands: texts(call(instance, 'getCommands')).filter((name) => name !== '$0'),
    numbers: texts(property(options, 'number')),
    lists: [...texts(property(options, 'array')), ...texts(property(options, 'count'))],
  };
}

function call(target: unknown, method: string): unknown {
  const found = property(target, method);
  return typeof found === 'function' ? (Reflect.apply(found, target, []) as unknown) : undefined;
}

function property(target: unknown, key: string): unknown {
  return typeof target === 'object' && target !== null ? (Reflect.get(target, key) as unknown) : undefined;
}

function record(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
