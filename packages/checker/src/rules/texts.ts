import { ROWS, type RuleId } from './rows.ts';
import type { RuleRow } from './rule.ts';

export type { RuleId } from './rows.ts';

/** What a rule says, as the inspector shows it beside the evidence. */
export type RuleText = Pick<RuleRow, 'title' | 'section' | 'text' | 'kind'>;

export const RULES: Readonly<Record<RuleId, RuleText>> = ROWS;

const byTitle = new Map<string, RuleText>(Object.values(RULES).map((rule) => [rule.title, rule]));

/** The rule that a violation names in its `rule`. */
export function ruleOf(title: string): RuleText | undefined {
  return byTitle.get(title);
}
