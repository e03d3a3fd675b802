import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { closest } from 'fastest-levenshtein';
import { BugZooError } from './error.ts';
import { type BugHeader, parseHeader } from './header.ts';
import type { Patch } from './sources.ts';

/** A bug with its patch, as one file of `bugs/` holds both. */
export interface Bug extends Patch {
  readonly header: BugHeader;
}

/** The folder of the patches: beside `dist` in the package, so that it is found from wherever the package is installed. */
export const BUGS_FOLDER = fileURLToPath(new URL('../../bugs/', import.meta.url));

/** The sections of the zoo, in the order of docs/BUG-ZOO.md. The letter of an id is its section. */
export const SECTIONS = {
  E: 'Elections',
  L: 'Liveness of elections and timers',
  R: 'Replication',
  C: 'Commit and apply',
  P: 'Durability and the order of effects',
  S: 'Snapshots',
  M: 'Membership',
  Q: 'Reads',
  T: 'The locked structure with many tasks',
  K: 'The service above Raft and its clients',
} as const satisfies Readonly<Record<string, string>>;

let catalogue: readonly Bug[] | null = null;

/** Every bug of the zoo, by section and number. Read from disk once. */
export function allBugs(): readonly Bug[] {
  catalogue ??= readdirSync(BUGS_FOLDER)
    .filter((file) => file.endsWith('.patch'))
    .map(readBug)
    .sort((a, b) => rank(a.header.id) - rank(b.header.id));
  return catalogue;
}

/** What is known of each bug, by section and number. */
export function listBugs(): readonly BugHeader[] {
  return allBugs().map((bug) => bug.header);
}

/**
 * The bug of that name, upper or lower case.
 *
 * @throws BugZooError UNKNOWN_BUG, with the nearest name there is.
 */
export function bugById(id: string): Bug {
  const wanted = id.toUpperCase();
  const found = allBugs().find((bug) => bug.header.id.toUpperCase() === wanted);
  if (found !== undefined) return found;
  throw new BugZooError('UNKNOWN_BUG', `there is no bug "${id}" in the zoo.${didYouMean(wanted)} All of them: ${idsAsText()}`);
}

/** A slip is more likely in the number than in the letter of the section. */
function didYouMean(wanted: string): string {
  const ids = allBugs().map((bug) => bug.header.id);
  const sameSection = ids.filter((id) => id.startsWith(wanted.slice(0, 1)));
  const near = wanted !== '' && sameSection.length > 0 ? sameSection : ids;
  return near.length > 0 ? ` Did you mean ${closest(wanted, near)}?` : '';
}

function idsAsText(): string {
  return allBugs()
    .map((bug) => bug.header.id)
    .join(', ');
}

function readBug(file: string): Bug {
  const patch = readFileSync(`${BUGS_FOLDER}${file}`, 'utf8');
  const header = parseHeader(patch, file);
  if (!file.startsWith(`${header.id}-`)) {
    throw new BugZooError('BAD_BUG_HEADER', `${file}:1: the id is "${header.id}", so the file's name has to start with "${header.id}-"`);
  }
  return { name: header.id, header, file, patch };
}

/** Orders ids by section, then by number: E2 before E10, and elections before replication. A letter after the number is a variant. */
function rank(id: string): number {
  const [, letter = '', row = '', variant = ''] = /^([A-Z])(\d{1,2})([b-z]?)$/.exec(id) ?? [];
  const section = Object.keys(SECTIONS).indexOf(letter);
  if (section < 0) {
    throw new BugZooError(
      'BAD_BUG_HEADER',
      `"${id}" is not a bug's id: a letter of ${Object.keys(SECTIONS).join('')}, a number, perhaps a small letter`,
    );
  }
  return section * 10_000 + Number(row) * 100 + (variant === '' ? 0 : variant.charCodeAt(0) - 96);
}
