import { isOpcode, type Opcode } from '@raftlens/events';
import type { EventRule } from './definition.ts';
import { type LineParts, type Template, templateOf } from './parts.ts';
import { type Groups, NO_GROUPS, type Path, pathOf } from './path.ts';
import type { Compile, FormatPattern } from './pattern.ts';
import { type Setter, settersOf } from './setters.ts';

export interface FormatRule {
  readonly op: Opcode | 'text';
  readonly set: readonly Setter[];
  readonly pair: Template | undefined;
  readonly conditions: readonly FieldCondition[];
}

interface FieldCondition {
  readonly path: Path;
  readonly pattern: FormatPattern;
}

/** So many different values of the deciding parts are remembered, and none that is longer: hostile lines have any number of them. */
const KNOWN_MAX = 512;
const VALUE_CHARS_MAX = 200;

/**
 * The rules of a format, of which the first that fits says what a line is. Parts such as a topic or a type of message, of which no
 * rule wants more than that they match, have few values: which rules are left for a value is found out once.
 */
export class Rules {
  readonly #rules: readonly FormatRule[];
  /** The parts that decide, and which of the rules are left for each of their values that was met. */
  readonly #deciding: readonly Path[];
  readonly #left = new Map<string, readonly FormatRule[]>();

  constructor(rules: readonly EventRule[], compile: Compile) {
    this.#rules = rules.map((rule) => ruleOf(rule, compile));
    const all = rules.flatMap(({ when }) => Object.entries(when));
    const names = new Set(all.map(([part]) => part));
    for (const [part, pattern] of all) if (hasGroups(pattern)) names.delete(part);
    this.#deciding = [...names].map(pathOf);
  }

  /** The first rule that fits; its groups become parts. */
  find(parts: LineParts): FormatRule | undefined {
    // Most rules ask for the same part first, the text of the line.
    let name = '';
    let value = '';
    for (const rule of this.#candidates(parts)) {
      const [first] = rule.conditions;
      if (first !== undefined && first.path.name !== name) {
        name = first.path.name;
        value = parts.get(first.path) ?? '';
      }
      if (fits(rule, parts, value)) return rule;
    }
    return undefined;
  }

  /** The rules that the deciding parts leave, with the conditions that they leave open. */
  #candidates(parts: LineParts): readonly FormatRule[] {
    let value = '';
    for (const path of this.#deciding) value += `${parts.get(path) ?? ''}\n`;
    const known = this.#left.get(value);
    if (known !== undefined) return known;
    const isDeciding = ({ path }: FieldCondition) => this.#deciding.some(({ name }) => name === path.name);
    const left = this.#rules
      .filter(({ conditions }) => conditions.every((condition) => !isDeciding(condition) || matches(condition, parts)))
      .map((rule) => ({ ...rule, conditions: rule.conditions.filter((condition) => !isDeciding(condition)) }));
    if (this.#left.size < KNOWN_MAX && value.length <= VALUE_CHARS_MAX) this.#left.set(value, left);
    return left;
  }
}

/** Do all patterns match? `first` is the part that the first of them is about. */
function fits({ conditions }: FormatRule, parts: LineParts, first: string): boolean {
  let groups: Groups | undefined;
  for (let at = 0; at < conditions.length; at++) {
    const condition = conditions[at];
    if (condition === undefined) break;
    const found = condition.pattern.groups(at === 0 ? first : (parts.get(condition.path) ?? ''));
    if (found === null) return false;
    // The groups of a match are its own, and have no prototype.
    if (found !== NO_GROUPS) groups = groups === undefined ? found : Object.assign(groups, found);
  }
  if (groups !== undefined) parts.setRule(groups);
  return true;
}

function matches({ path, pattern }: FieldCondition, parts: LineParts): boolean {
  return pattern.test(parts.get(path) ?? '');
}

function hasGroups(pattern: string): boolean {
  return pattern.includes('(?<');
}

function ruleOf(rule: EventRule, compile: Compile): FormatRule {
  if (rule.op !== 'text' && !isOpcode(rule.op)) throw new Error(`a format names the opcode "${rule.op}", which there is not`);
  const without: Setter[] = (rule.without ?? []).map((name) => (_, draft) => draft.leaveOut(name));
  const dir: Setter[] = rule.dir === undefined ? [] : [(_, draft) => draft.set('dir', rule.dir ?? '')];
  return {
    op: rule.op,
    set: [...without, ...dir, ...settersOf(rule.fields ?? {}, compile)],
    pair: rule.pair === undefined ? undefined : templateOf(rule.pair),
    conditions: Object.entries(rule.when).map(([part, pattern]) => ({ path: pathOf(part), pattern: compile(pattern) })),
  };
}
