import { BugZooError } from './error.ts';

/** The properties of the paper (figure 3) and of the toolkit that a bug can violate. */
export const PROPERTIES = {
  ES: 'Election Safety: at most one leader a term',
  LAO: 'Leader Append-Only',
  LM: 'Log Matching',
  LC: 'Leader Completeness',
  SMS: 'State Machine Safety',
  DUR: 'what was acknowledged or voted is durable',
  MON: 'terms, commit and match indexes never fall',
  LIN: 'linearizability',
  LIV: 'progress under stated connectivity',
  CFG: 'configuration safety',
  BUD: 'message budget',
  ORD: 'effects in order: persist, then send, then apply',
  RACE: 'no data race between tasks',
} as const satisfies Readonly<Record<string, string>>;

export type Property = keyof typeof PROPERTIES;

/** Which of the core's two structures the bug lives in. A bug of the rules lives in both and says "state-machine". */
export type PatchedStructure = 'state-machine' | 'locked';

/** What the head of a bug's patch says of it. */
export interface BugHeader {
  /** "C1": the letter is the section of the zoo, the number its row. */
  readonly id: string;
  /** What the wrong core does, in one sentence. */
  readonly what: string;
  /** Who had the bug: repositories with issue numbers, papers, guides; "own" where it was derived from the rule. */
  readonly source: string;
  readonly violates: readonly Property[];
  /** The rule that the first wrong step breaks, in the words of the checker; or what a scenario checks as a whole (`showing.ts`). */
  readonly rule: string;
  /** The section of the paper that states the rule. */
  readonly section: string;
  /** The scenario that shows it. */
  readonly scenario: string;
  readonly structure: PatchedStructure;
  /** A schedule beside the patch, for the bugs that random search misses by nature; null where the scenario alone is enough. */
  readonly schedule: string | null;
}

const REQUIRED = ['id', 'what', 'source', 'violates', 'rule', 'section', 'scenario'] as const;
const OPTIONAL = ['structure', 'schedule'] as const;
const KNOWN: ReadonlySet<string> = new Set([...REQUIRED, ...OPTIONAL]);

type RequiredKey = (typeof REQUIRED)[number];

/**
 * Reads the head of a patch: `key: value` lines up to the first `--- ` line. Lines that start with `#` are comments.
 *
 * @param file the patch's file name, for the message of an error.
 * @throws BugZooError BAD_BUG_HEADER with file and line.
 */
export function parseHeader(text: string, file: string): BugHeader {
  const values = readKeys(text, file);
  const value = (key: RequiredKey): string => {
    const found = values.get(key);
    if (found === undefined || found === '') throw bad(file, 1, `the header has no "${key}"`);
    return found;
  };
  const structure = values.get('structure') ?? 'state-machine';
  if (structure !== 'state-machine' && structure !== 'locked') {
    throw bad(file, 1, `structure is "${structure}" and must be "state-machine" or "locked"`);
  }
  return {
    id: value('id'),
    what: value('what'),
    source: value('source'),
    violates: value('violates')
      .split(/,\s*/)
      .map((name) => asProperty(name, file)),
    rule: value('rule'),
    section: value('section'),
    scenario: value('scenario'),
    structure,
    schedule: values.get('schedule') ?? null,
  };
}

function readKeys(text: string, file: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [at, line] of text.split('\n').entries()) {
    if (line.startsWith('--- ')) return values;
    if (line === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(': ');
    const key = line.slice(0, Math.max(0, colon));
    if (!KNOWN.has(key)) throw bad(file, at + 1, `"${line}" is not one of ${[...KNOWN].join(', ')}`);
    if (values.has(key)) throw bad(file, at + 1, `"${key}" stands there twice`);
    values.set(key, line.slice(colon + 2).trim());
  }
  throw bad(file, 1, 'no diff follows the header');
}

function asProperty(name: string, file: string): Property {
  if (!isProperty(name)) throw bad(file, 1, `"${name}" is not a property; these are: ${Object.keys(PROPERTIES).join(', ')}`);
  return name;
}

function isProperty(name: string): name is Property {
  return Object.hasOwn(PROPERTIES, name);
}

function bad(file: string, line: number, what: string): BugZooError {
  return new BugZooError('BAD_BUG_HEADER', `${file}:${line}: ${what}`);
}
