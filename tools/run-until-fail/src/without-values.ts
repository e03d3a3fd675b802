/**
 * A command line of this tool as it may be shown around: of `--env NAME=VALUE` the name alone, which takes its value from the environment, and of
 * the URL of a Redis no password. What stands behind `--` is the user's own.
 */
export function withoutValues(words: readonly string[]): readonly string[] {
  const dashes = words.indexOf('--');
  const own = dashes === -1 ? words : words.slice(0, dashes);
  const shown = own.map((word, at) =>
    withoutPassword(own[at - 1] === '--env' ? nameOf(word) : word.startsWith('--env=') ? `--env=${nameOf(word.slice(6))}` : word),
  );
  return dashes === -1 ? shown : [...shown, ...words.slice(dashes).map(withoutPassword)];
}

/** Of NAME=VALUE. */
export function nameOf(assignment: string): string {
  const at = assignment.indexOf('=');
  return at === -1 ? assignment : assignment.slice(0, at);
}

function withoutPassword(word: string): string {
  return word.replace(/(rediss?:\/\/)[^@/]*@/, '$1***@');
}
