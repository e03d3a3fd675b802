import { parsePatch } from 'diff';
import { PATH_PREFIX, type Patch, type Sources } from './sources.ts';

/** `function name(`, or a method of a class, which V8 names so: `name`, `#name`, `get name`. Sources are formatted: a method is indented by two. */
const DECLARATION =
  /^(?:export )?(?:async )?function\*? (\w+)|^ {2}(?:static |async |override )*((?:get |set )?#?\w+)(?:<[^>]*>)?\([^;]*\{$/;
const KEYWORDS: ReadonlySet<string> = new Set(['if', 'for', 'while', 'switch', 'catch', 'return']);

/** The names of the functions that a patch changes, from the lines that it takes out or puts in. A change outside of any function has none. */
export function changedFunctions(bug: Patch, core: Sources): readonly string[] {
  const names = new Set<string>();
  for (const { oldFileName = '', hunks } of parsePatch(bug.patch)) {
    const lines = core.get(oldFileName.replace(PATH_PREFIX, ''))?.split('\n') ?? [];
    for (const { oldStart, lines: changed } of hunks) {
      let at = oldStart - 1;
      for (const line of changed) {
        const name = line.startsWith('-') || line.startsWith('+') ? enclosing(lines, at) : null;
        if (name !== null) names.add(name);
        if (!line.startsWith('+')) at += 1;
      }
    }
  }
  return [...names];
}

/** The function that the line is in; null at the top level. */
function enclosing(lines: readonly string[], from: number): string | null {
  for (let at = Math.min(from, lines.length - 1); at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    // The end of the function before: the line is between two.
    if (at < from && (line === '}' || line === '  }')) return null;
    const found = DECLARATION.exec(line);
    const name = found?.[1] ?? found?.[2];
    if (name !== undefined && !KEYWORDS.has(name)) return name;
  }
  return null;
}
