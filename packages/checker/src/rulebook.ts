import type { Event } from '@raftlens/events';
import type { RuleId, RuleText } from './rules.ts';
import { RULES } from './rules.ts';
import type { UncheckedRule, Violation } from './violation.ts';

/** A rule in use: it counts the steps that it was held against, and takes down those that broke it. */
export class Rule {
  readonly text: RuleText;
  private readonly book: Rulebook;
  checked = 0;
  private skipped = 0;
  private reason = '';

  constructor(text: RuleText, book: Rulebook) {
    this.text = text;
    this.book = book;
  }

  /** The log lacks what this check needs: it is reported as unchecked, never passed in silence. */
  skip(reason: string): void {
    this.skipped++;
    if (this.reason === '') this.reason = reason;
  }

  /**
   * The step `event` broke the rule. `evidence` are the `seq`s of earlier lines; zeros (not known) are left out, and the
   * step itself is added as the last. `node` is the server that broke it, where another one's line tells of that.
   */
  broken(event: Event, evidence: readonly number[], why: string, allowed?: string, node: string = event.node): void {
    this.book.take(this.text, { event, evidence, why, allowed, node });
  }

  unchecked(): UncheckedRule | null {
    if (this.skipped === 0) return null;
    return { rule: this.text.title, reason: this.reason, skipped: this.skipped, checked: this.checked };
  }
}

/** How many violations are kept in all, and of one rule by one server, unless more are asked for. */
const KEPT_MAX = 500;
const KEPT_PER_SERVER_MAX = 10;

interface Breach {
  readonly event: Event;
  readonly evidence: readonly number[];
  readonly why: string;
  readonly allowed: string | undefined;
  readonly node: string;
}

/** All rules in use and what was found. */
export class Rulebook {
  readonly violations: Violation[] = [];
  suppressed = 0;
  private readonly rules = new Map<RuleId, Rule>();
  private readonly counts = new Map<string, number>();
  private keptMax = KEPT_MAX;
  private keptPerServerMax = KEPT_PER_SERVER_MAX;

  /** Keeps up to so many violations, whatever rule and server they are of. */
  keepUpTo(keptMax: number): void {
    this.keptMax = keptMax;
    this.keptPerServerMax = keptMax;
  }

  rule(id: RuleId): Rule {
    let rule = this.rules.get(id);
    if (rule === undefined) {
      rule = new Rule(RULES[id], this);
      this.rules.set(id, rule);
    }
    return rule;
  }

  take(text: RuleText, { event, evidence, why, allowed, node }: Breach): void {
    const key = `${text.title} ${node}`;
    const count = this.counts.get(key) ?? 0;
    if (count >= this.keptPerServerMax || this.violations.length >= this.keptMax) {
      this.suppressed++;
      return;
    }
    this.counts.set(key, count + 1);
    const lines = [...new Set(evidence)].filter((seq) => seq > 0 && seq !== event.seq).sort((a, b) => a - b);
    lines.push(event.seq);
    const found = { rule: text.title, section: text.section, node, seq: event.seq, evidence: lines, why };
    this.violations.push(allowed === undefined ? found : { ...found, allowed });
  }

  unchecked(): UncheckedRule[] {
    const found: UncheckedRule[] = [];
    for (const rule of this.rules.values()) {
      const unchecked = rule.unchecked();
      if (unchecked !== null) found.push(unchecked);
    }
    return found;
  }

  notExercised(): string[] {
    return [...this.rules.values()].filter((rule) => rule.checked === 0 && rule.unchecked() === null).map((rule) => rule.text.title);
  }
}
