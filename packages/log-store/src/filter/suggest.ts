import { distance } from 'fastest-levenshtein';

/** ` Did you mean "x"?` for the nearest of the names, or nothing where none is near. */
export function didYouMean(word: string, names: readonly string[]): string {
  if (word.length < 2) return '';
  let nearest = '';
  let nearestDistance = Math.floor((word.length + 2) / 3) + 1;
  for (const name of names) {
    const steps = distance(word.toLowerCase(), name.toLowerCase());
    if (steps >= nearestDistance) continue;
    nearest = name;
    nearestDistance = steps;
  }
  return nearest === '' ? '' : `; did you mean "${nearest}"?`;
}
