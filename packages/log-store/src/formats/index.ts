import { LogStoreError } from '../error.ts';
import type { LogFormat } from './format.ts';
import { nativeFormat } from './native.ts';

/** Every format that raftlens reads by itself, the surest first. */
export const FORMATS: readonly LogFormat[] = [nativeFormat];

/** The built-in format of this name. */
export function formatNamed(name: string, _definition: unknown): LogFormat {
  const format = FORMATS.find((known) => known.name === name);
  if (format !== undefined) return format;
  throw new LogStoreError('UNKNOWN_FORMAT', `there is no format "${name}": it is one of ${FORMATS.map((known) => known.name).join(', ')}`);
}
