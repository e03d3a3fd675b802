import { assert } from './model/assert.ts';
import { FACTS, type FactName } from './model/known.ts';
import type { Ask, Judge, Moment, Step } from './model/step.ts';
import type { ObservedAsk, ObservedJudge, ObservedMoment } from './observed/moments.ts';
import { REPORT_ORDER } from './rules/report-order.ts';
import { IDS, ROWS, type RuleId } from './rules/rows.ts';
import { type Broken, type Check, HELD, type ObservedCheck, type RuleRow, type Verdict } from './rules/rule.ts';
import { TOPIC_NAMES, TOPICS, type Topic } from './rules/topics.ts';
import type { Coverage, UncheckedRule, UnjudgedTopic, Violation } from './violation.ts';

/** Shows a check no more than what its row names. Tests watch every predicate in this way. */
export type Watch = <S extends Step>(step: S, named: ReadonlySet<FactName>) => S;

/** A rule in use: it counts the steps that it was held against, and those that it could not be held against. */
class JudgedRule {
  readonly row: RuleRow;
  checked = 0;
  skipped = 0;
  reason = '';
  /** A second look at a step is not counted, and may find it wrong all the same. */
  wasBroken = false;

  constructor(row: RuleRow) {
    this.row = row;
  }

  get isJudged(): boolean {
    return this.checked > 0 || this.wasBroken;
  }

  /** The log lacks what this check needs: it is reported as unchecked, never passed in silence. */
  skip(reason: string): void {
    this.skipped++;
    if (this.reason === '') this.reason = reason;
  }
}

/** How many violations are kept in all, and of one rule by one server, unless more are asked for. */
const KEPT_MAX = 500;
const KEPT_PER_SERVER_MAX = 10;
/** A log may tell of any number of clusters. */
const NOTICES_MAX = 50;

/** A check, and the rule that it is one of. */
interface CheckOf {
  readonly id: RuleId;
  readonly check: RuleRow['checks'][number];
}

/** The checks of each moment, in the order in which they are asked. Every run of the simulator has a rulebook of its own. */
const CHECKS: ReadonlyMap<Moment, readonly CheckOf[]> = byMoment(IDS.flatMap((id) => ROWS[id].checks.map((check) => ({ id, check }))));

function byMoment(checks: readonly CheckOf[]): Map<Moment, CheckOf[]> {
  const found = new Map<Moment, CheckOf[]>();
  for (const each of checks) {
    const those = found.get(each.check.at);
    if (those === undefined) found.set(each.check.at, [each]);
    else those.push(each);
  }
  return found;
}

/** All rules, and what was found. */
export class Rulebook implements Judge, ObservedJudge {
  readonly violations: Violation[] = [];
  suppressed = 0;
  /** What is worth telling although no step is wrong. */
  readonly notices: string[] = [];
  readonly #rules = new Map<RuleId, JudgedRule>();
  readonly #counts = new Map<string, number>();
  readonly #watch: Watch | null;
  #keptMax = KEPT_MAX;
  #keptPerServerMax = KEPT_PER_SERVER_MAX;

  constructor(watch: Watch | null) {
    this.#watch = watch;
    for (const id of REPORT_ORDER) this.#rules.set(id, new JudgedRule(ROWS[id]));
  }

  /** Keeps up to so many violations, whatever rule and server they are of. */
  keepUpTo(keptMax: number): void {
    this.#keptMax = keptMax;
    this.#keptPerServerMax = keptMax;
  }

  /** Takes back all violations but the first `count`. */
  withdraw(count: number): void {
    this.violations.length = Math.min(count, this.violations.length);
  }

  on<M extends Moment>(moment: M): Ask<M> {
    const asks: Ask<M>[] = [];
    for (const { id, check } of CHECKS.get(moment) ?? []) {
      const rule = this.#rules.get(id);
      assert(rule !== undefined, `the rule ${id} is not in the report's order`);
      if (isAt(check, moment)) asks.push(this.#ask(rule, check));
    }
    return together(asks);
  }

  onObserved<M extends ObservedMoment>(moment: M): ObservedAsk<M> {
    const asks: ObservedAsk<M>[] = [];
    for (const [id, rule] of this.#rules) {
      const row: RuleRow = ROWS[id];
      for (const check of row.observed ?? []) if (isSeenAt(check, moment)) asks.push(this.#askObserved(rule, check));
    }
    return together(asks);
  }

  #askObserved<M extends ObservedMoment>(rule: JudgedRule, { judge }: ObservedCheck<M>): ObservedAsk<M> {
    return (step) => {
      const verdict = judge(step);
      if (verdict !== null) this.#note(rule, true, step, verdict);
    };
  }

  /** Rules that the log did not tell enough for, with the first reason. */
  unchecked(): UncheckedRule[] {
    return [...this.#rules.values()]
      .filter(({ skipped }) => skipped > 0)
      .map(({ row, reason, skipped, checked }) => ({ rule: row.title, reason, skipped, checked }));
  }

  notExercised(): string[] {
    return [...this.#rules.values()].filter(({ checked, skipped }) => checked === 0 && skipped === 0).map(({ row }) => row.title);
  }

  coverage(): Coverage {
    const rules = [...this.#rules.values()];
    return {
      rules: rules.length,
      judged: rules.filter(({ isJudged }) => isJudged).map(({ row }) => row.title),
      unjudged: TOPIC_NAMES.flatMap((about) => unjudged(about, rules) ?? []),
    };
  }

  #ask<M extends Moment>(rule: JudgedRule, check: Check<M>): Ask<M> {
    const { judge, governs, needs, reads, counts } = check;
    const watch = this.#watch;
    const facts = needs.map((name) => FACTS[name]);
    if (watch === null && governs === null && facts.length === 0 && counts) {
      // Nearly all checks are of this kind, and nearly all steps hold: a log has millions of them.
      return (step) => {
        const verdict = judge(step);
        if (verdict === HELD) rule.checked++;
        else if (verdict !== null) this.#note(rule, true, step, verdict);
      };
    }
    const named = new Set([...needs, ...reads]);
    return (step) => {
      const seen = watch === null ? step : watch(step, named);
      if (governs !== null && !governs(seen)) return;
      for (const fact of facts) {
        if (fact.isKnown(step)) continue;
        rule.skip(fact.missing(step));
        return;
      }
      const verdict = judge(seen);
      if (verdict !== null) this.#note(rule, counts, step, verdict);
    };
  }

  #note(rule: JudgedRule, counts: boolean, step: Pick<Step, 'event'>, verdict: Exclude<Verdict, null>): void {
    if ('unknown' in verdict) {
      if (verdict.inPart === true) rule.checked++;
      rule.skip(verdict.unknown);
      return;
    }
    if (counts) rule.checked++;
    if ('held' in verdict) return;
    if ('notice' in verdict) {
      if (this.notices.length < NOTICES_MAX) this.notices.push(verdict.notice);
      return;
    }
    rule.wasBroken = true;
    for (const broken of 'why' in verdict ? [verdict] : verdict) this.#take(rule, step, broken);
  }

  #take(
    { row }: JudgedRule,
    step: Pick<Step, 'event'>,
    { evidence, why, allowed, node = step.event.node, seq = step.event.seq }: Broken,
  ): void {
    const proof = step.event.seq;
    const key = `${row.title} ${node}`;
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#keptPerServerMax || this.violations.length >= this.#keptMax) {
      this.suppressed++;
      return;
    }
    this.#counts.set(key, count + 1);
    const lines = [...new Set(evidence)].filter((line) => line > 0 && line !== proof).sort((a, b) => a - b);
    lines.push(proof);
    this.violations.push({ rule: row.title, section: row.section, node, seq, evidence: lines, why, allowed });
  }
}

/** Why no rule about this was judged; null where one was. */
function unjudged(about: Topic, rules: readonly JudgedRule[]): UnjudgedTopic | null {
  const those = rules.filter(({ row }) => row.about === about);
  if (those.some(({ isJudged }) => isJudged)) return null;
  const reason = those.find(({ skipped }) => skipped > 0)?.reason ?? TOPICS[about];
  return { about, reason };
}

function isAt<M extends Moment>(check: { readonly at: Moment }, moment: M): check is Check<M> {
  return check.at === moment;
}

function isSeenAt<M extends ObservedMoment>(check: { readonly at: ObservedMoment }, moment: M): check is ObservedCheck<M> {
  return check.at === moment;
}

/** Asks one after the other. */
function together<S>(asks: readonly ((step: S) => void)[]): (step: S) => void {
  const [first, second, third] = asks;
  if (first === undefined) return () => {};
  if (second === undefined) return first;
  if (third !== undefined)
    return (step) => {
      for (const ask of asks) ask(step);
    };
  return (step) => {
    first(step);
    second(step);
  };
}
