import { type CheckReport, RULES } from '@raftlens/checker';
import { printable, UserError, unknownName } from '@raftlens/command-line';

/** A rule that has to be judged, and was not. */
export interface Unmet {
  readonly rule: string;
  readonly reason: string;
}

const TITLES = Object.values(RULES).map(({ title }) => title);
/** Titles by what a user may write for them, in small letters: the title itself, or the rule's id. */
const BY_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(RULES).flatMap(([id, { title }]) => [[id, title] as const, [title.toLowerCase(), title] as const]),
);
const ALL = 'all';
/** What a user most likely meant is looked for among all of these. */
const NAMES = [ALL, ...Object.keys(RULES), ...TITLES];

/**
 * The titles of the rules that are named in `text`, by title or id and with commas between, or of `all`.
 *
 * @throws UserError UNKNOWN_RULE, NO_RULE
 */
export function requiredRules(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  const titles = words.filter((word) => word !== '').flatMap(titlesOf);
  if (titles.length > 0) return [...new Set(titles)];
  throw new UserError('NO_RULE', '--require names no rule: write titles or ids with commas between, or all.');
}

function titlesOf(word: string): readonly string[] {
  const name = word.toLowerCase().replace(/\s+/g, ' ');
  if (name === ALL) return TITLES;
  const title = BY_NAME.get(name);
  if (title === undefined) throw unknownName('rule', printable(word), NAMES);
  return [title];
}

/** Which of them were held against no step, and why. */
export function unmet(required: readonly string[], { coverage, unchecked }: CheckReport): readonly Unmet[] {
  const judged = new Set(coverage.judged);
  const reasons = new Map(unchecked.map(({ rule, reason }) => [rule, reason]));
  return required
    .filter((rule) => !judged.has(rule))
    .map((rule) => ({ rule, reason: reasons.get(rule) ?? 'nothing in this log to be held against' }));
}
