import * as z from 'zod';
import { readPlainFile } from '../files.ts';
import { type KeptValues, valuesFile } from './kept-values.ts';

const BYTES_MAX = 2 ** 24;
const schema = z.record(z.string(), z.string());

/** The values that a run was kept with; none where it came from another machine. */
export function keptValues(run: string): KeptValues {
  try {
    return schema.parse(JSON.parse(readPlainFile(valuesFile(run), BYTES_MAX)));
  } catch {
    return {};
  }
}
