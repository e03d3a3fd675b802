import { distance } from 'fastest-levenshtein';
import { UserError } from './errors.ts';

/** How many candidates a message lists before it stops. */
const LISTED_MAX = 30;

/** The candidate that `word` most likely meant: few letters differ, or it starts with `word`. Undefined when none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  if (wanted === '') return undefined;
  let best: string | undefined;
  let bestDistance = differencesMax(wanted.length) + 0.5;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const apart = apartness(wanted, known);
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}

/** A prefix is nearest, then the same letters in another order, which is the most common typing error. */
function apartness(wanted: string, known: string): number {
  if (wanted.length >= 3 && known.startsWith(wanted)) return 0.5;
  const letters = (text: string) => text.split('').sort().join('');
  return letters(wanted) === letters(known) ? 1 : distance(wanted, known);
}

/** How many letters may differ. */
function differencesMax(length: number): number {
  if (length <= 3) return 1;
  return length <= 8 ? 2 : 3;
}

/**
 * The error for a name that is not in a list, with the nearest one that is, and the list where it is short.
 *
 * @param what the kind of thing, as in "scenario"
 */
export function unknownName(what: string, word: string, candidates: readonly string[]): UserError {
  const near = suggest(word, candidates);
  const question = near === undefined ? '' : ` Did you mean "${near}"?`;
  const list = candidates.length === 0 || candidates.length > LISTED_MAX ? '' : ` Known: ${candidates.join(', ')}.`;
  return new UserError(`UNKNOWN_${what.toUpperCase().replace(/[^A-Z]+/g, '_')}`, `unknown ${what} "${word}".${question}${list}`);
}
