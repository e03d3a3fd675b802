import { relative } from 'node:path';

/** A path as one would type it here. */
export function fromHere(path: string): string {
  const relativePath = relative(process.cwd(), path);
  return relativePath.startsWith('../..') ? path : relativePath || '.';
}
