/**
 * The rules that the checker holds against a log, in our own words. The inspector shows them beside the evidence.
 *
 * Sections without a name are those of the extended Raft paper (Ongaro and Ousterhout, 2014); "thesis" is Ongaro's.
 */

export interface RuleText {
  readonly title: string;
  readonly section: string;
  /** What the rule demands, in one sentence. */
  readonly text: string;
  /** `step` rules govern a single step of one server; an `invariant` holds over the whole cluster and falls because of a wrong step. */
  readonly kind: 'step' | 'invariant';
}

const invariant = (title: string, section: string, text: string): RuleText => ({ title, section, text, kind: 'invariant' });

export const RULES = {
  // Figure 3.
  'election-safety': invariant('Election Safety', 'figure 3; 5.2', 'At most one leader is elected in a term.'),
  'leader-append-only': invariant(
    'Leader Append-Only',
    'figure 3; 5.3',
    'A leader never deletes or overwrites an entry of its own log; it only adds entries.',
  ),
  'log-matching': invariant(
    'Log Matching',
    'figure 3; 5.3',
    'Two logs that have an entry with the same index and term hold the same command there and are identical before it.',
  ),
  'leader-completeness': invariant(
    'Leader Completeness',
    'figure 3; 5.4',
    'An entry that was committed in a term is in the log of every leader of a higher term.',
  ),
  'state-machine-safety': invariant(
    'State Machine Safety',
    'figure 3; 5.4.3',
    'No two servers commit or apply different entries at the same index.',
  ),
} as const satisfies Readonly<Record<string, RuleText>>;

export type RuleId = keyof typeof RULES;

const byTitle = new Map<string, RuleText>(Object.values(RULES).map((rule) => [rule.title, rule]));

/** The rule that a violation names in its `rule`. */
export function ruleOf(title: string): RuleText | undefined {
  return byTitle.get(title);
}
