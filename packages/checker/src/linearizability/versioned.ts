import type { Operation } from './history.ts';
import type { SequentialModel } from './sequential-models.ts';

/**
 * Puts with a version, as in the labs since 2025: put takes effect only if its version is that of the key (0 for one that does not
 * exist), and raises it. The input of put is "value version"; get gives the value, or "value version".
 *
 * How far a put raises the version differs (by one in the labs, to the store's revision elsewhere), so that only this is held: it
 * grows. A version counts as known once a get or a put that took effect has told it.
 *
 * The state is `value NUL version`, where the version is a number, or "5+" for one above 5 that nobody has told. The state of a key
 * that was never written is "".
 */
export const versionedModel: SequentialModel = {
  name: 'versioned key/value',
  initial: '',
  partOf: (operation) => operation.key,
  step: (state, operation) => {
    if (operation.f === 'get') return stepOfGet(state, operation);
    return operation.f === 'put' ? stepOfPut(state, operation) : null;
  },
  // A get may make a version known. It changes nothing that a later operation could see without it.
  readsOnly: (operation) => operation.f === 'get',
  observesFailure: ({ f, output }) => (f === 'put' && output === 'ErrVersion') || output === 'ErrNoKey',
};

const VERSIONED = /^(?<value>[\s\S]*) (?<version>\d{1,15})$/;

/** Whether the operations are those of a service with versions: every put names one, and an answer shows that it is no part of the value. */
export function hasVersions(operations: readonly Operation[]): boolean {
  const puts = operations.filter(({ f }) => f === 'put');
  if (puts.length === 0 || puts.some(({ input }) => !VERSIONED.test(input))) return false;
  if (operations.some(({ output }) => output === 'ErrVersion' || output === 'ErrNoKey')) return true;
  const whole = new Set(puts.map(({ input }) => input));
  const values = new Set(puts.map(({ input }) => VERSIONED.exec(input)?.groups?.['value'] ?? input));
  const got = operations.filter(({ f, output }) => f === 'get' && output !== null && output !== '');
  return got.some(({ output }) => values.has(output ?? '')) && !got.some(({ output }) => whole.has(output ?? ''));
}

function stepOfPut(state: string, { input, output, failed }: Operation): string | null {
  const { value, version } = split(input);
  if (output === 'ErrNoKey') return state === '' ? state : null;
  const fits = mayBe(state, version);
  if (!failed) return fits ? `${value}\0${version}+` : null;
  // Refused: the version was another one. Where it is not known, it may have been.
  return isKnown(state) && fits ? null : state;
}

function stepOfGet(state: string, { output, failed }: Operation): string | null {
  if (output === null) return state;
  if (failed || output === '' || output === 'ErrNoKey') return state === '' ? state : null;
  const end = state.indexOf('\0');
  const value = state.slice(0, end);
  if (output === value) return state;
  const told = split(output);
  return told.value === value && mayBe(state, told.version) ? `${value}\0${told.version}` : null;
}

function split(text: string): { readonly value: string; readonly version: number } {
  const groups = VERSIONED.exec(text)?.groups;
  return { value: groups?.['value'] ?? text, version: Number(groups?.['version'] ?? 0) };
}

/** Whether the version of a key in this state is known: one that does not exist has 0. */
function isKnown(state: string): boolean {
  return !state.endsWith('+');
}

function mayBe(state: string, version: number): boolean {
  if (state === '') return version === 0;
  const known = Number.parseInt(state.slice(state.indexOf('\0') + 1), 10);
  return isKnown(state) ? known === version : version > known;
}
