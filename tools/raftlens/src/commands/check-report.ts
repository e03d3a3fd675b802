import { type CheckReport, RULES, ruleOf, type Violation } from '@raftlens/checker';
import type { HistoryVerdict } from '../check/client-history.ts';
import type { ComplaintKind } from '../check/complaint-patterns.ts';
import type { Unmet } from '../check/required-rules.ts';
import { cellText, type Line, line, span, type Tone, wrap } from '../text/line.ts';
import { clockText, plural } from '../text/time.ts';
import { headlineOf, isHealthy } from './check-headline.ts';

/** A line of the log that proves a violation. */
export interface EvidenceLine {
  /** What the line is called: its seq, or file:line where several files were merged. */
  readonly label: string;
  readonly timeMs: number;
  readonly text: string;
}

/** What the program under test says itself when it fails, and what its server did before. */
export interface FailureExcerpt {
  readonly kind: ComplaintKind;
  readonly text: string;
  readonly who: string | null;
  readonly line: EvidenceLine;
  readonly before: readonly EvidenceLine[];
}

export interface CheckedLog {
  readonly name: string;
  readonly report: CheckReport;
  /** What the test says of itself when it failed, null otherwise. */
  readonly testFailure: string | null;
  readonly failures: readonly FailureExcerpt[];
  /** What clients got; null where the log has no operation of a client. */
  readonly history: HistoryVerdict | null;
  /** Rules that the user wants to have been judged, and that were not. */
  readonly unmet: readonly Unmet[];
  /** Complaints beyond those that are kept. */
  readonly moreFailures: number;
  /** The line that the checker calls by this seq. */
  evidence(seq: number): EvidenceLine;
}

const INDENT = '  ';
/** How much of a complaint is shown. */
const TEXT_MAX = 400;
/** The first violation is the one that matters; hundreds that follow from it must not push it off the screen. */
const SHOWN_MAX = 3;
const RULE_COUNT = Object.keys(RULES).length;

/** What is written in full although it is seldom wanted. */
export interface Lists {
  /** Every violation. */
  readonly all: boolean;
  /** The rules that had nothing to be held against. */
  readonly rules: boolean;
}

/** The report for eyes: what was broken, the rule, the lines that prove it, and what was not checked. Wrapped at `width`. */
export function reportLines(checked: CheckedLog, width: number, lists: Lists): Line[] {
  const { report } = checked;
  const lines = [headline(checked), ...unmetLines(checked)];
  if (checked.testFailure !== null) lines.push(...paragraph(`the test itself failed: ${checked.testFailure}`, '', width, 'warning'));
  lines.push(...failureLines(checked, width));
  const shown = lists.all ? report.violations : report.violations.slice(0, SHOWN_MAX);
  for (const violation of shown) lines.push(line([]), ...violationLines(checked, violation, width));
  lines.push(...restLines(report.violations.slice(shown.length), width));
  if (report.suppressed > 0) {
    const rest = lists.all ? ', which is more than is kept' : ' of the same rules by the same servers (--all shows them)';
    lines.push(line([]), line([span(`and ${plural(report.suppressed, 'more violation')}${rest}`, 'faint')]));
  }
  if (report.notices.length > 0) lines.push(line([]));
  for (const notice of report.notices) lines.push(...paragraph(cellText(notice), '', width, 'warning'));
  if (report.unchecked.length > 0) lines.push(line([]));
  for (const { rule, reason, skipped, checked: held } of report.unchecked) {
    lines.push(...paragraph(`not checked: ${rule}, ${plural(skipped, 'step')} of ${skipped + held}: ${reason}`, '', width, 'warning'));
  }
  return [...lines, ...idleRules(report, lists.rules)];
}

function restLines(rest: readonly Violation[], width: number): Line[] {
  if (rest.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { rule } of rest) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const byRule = [...counts].map(([rule, count]) => `${count}x ${rule}`).join(', ');
  return [line([]), ...paragraph(`and ${plural(rest.length, 'violation')} more: ${byRule} (--all shows them)`, '', width, 'faint')];
}

/** Rules of which the log has no instance: how many, or each with what it demands. */
function idleRules({ notExercised }: CheckReport, listRules: boolean): Line[] {
  if (notExercised.length === 0) return [];
  const count = `${notExercised.length} of ${plural(RULE_COUNT, 'rule')} had nothing in this log to be held against`;
  if (!listRules) return [line([span(`${count} (--rules lists them)`, 'faint')])];
  return [
    line([span(`${count}:`, 'faint')]),
    ...notExercised.map((rule) => line([span(`${INDENT}${rule}`), span(`  ${ruleOf(rule)?.section ?? ''}`, 'faint')])),
  ];
}

function headline(checked: CheckedLog): Line {
  return line([span(headlineOf(checked), isHealthy(checked) ? 'commit' : 'error')]);
}

/** One line each, whatever the width: a script may look for them. */
function unmetLines({ unmet }: CheckedLog): Line[] {
  return unmet.map(({ rule, reason }) => line([span(`required, but not judged: ${rule}: ${cellText(reason)}`, 'error')]));
}

function failureLines({ failures, moreFailures }: CheckedLog, width: number): Line[] {
  const shown = failures.slice(0, SHOWN_MAX);
  const more = failures.length - shown.length + moreFailures;
  return [
    ...shown.flatMap((failure) => oneFailure(failure, width)),
    ...(more > 0 ? [line([]), line([span(`and ${plural(more, 'more line')} of this kind`, 'faint')])] : []),
  ];
}

function oneFailure({ text, who, line: at, before }: FailureExcerpt, width: number): Line[] {
  const steps = before.length === 0 || who === null ? [] : [line([span(`${INDENT}what ${who} did before:`, 'faint')]), ...tableOf(before)];
  return [line([]), ...paragraph(`the program said at line ${at.label}: ${text.slice(0, TEXT_MAX)}`, '', width, 'error'), ...steps];
}

function tableOf(rows: readonly EvidenceLine[]): Line[] {
  const labelWidth = Math.max(0, ...rows.map(({ label }) => label.length));
  const timeWidth = Math.max(0, ...rows.map(({ timeMs }) => clockText(timeMs).length));
  return rows.map(({ label, timeMs, text }) =>
    line([span(`${INDENT}${label.padStart(labelWidth)}  ${clockText(timeMs).padStart(timeWidth)}  `, 'faint'), span(text)]),
  );
}

function violationLines(checked: CheckedLog, violation: Violation, width: number): Line[] {
  const step = checked.evidence(violation.seq);
  const rule = ruleOf(violation.rule);
  const lines = [
    line([
      span(violation.rule, 'error'),
      span(` (${violation.section}) broken by `),
      span(violation.node, 'strong'),
      span(` at ${clockText(step.timeMs)}, line ${step.label}`),
    ]),
    ...paragraph(violation.why, INDENT, width, 'plain'),
  ];
  if (rule !== undefined) lines.push(...paragraph(`rule: ${rule.text}`, INDENT, width, 'faint'));
  if (violation.allowed !== undefined) lines.push(...paragraph(`allowed: ${violation.allowed}`, INDENT, width, 'commit'));
  return [...lines, ...tableOf(violation.evidence.map((seq) => checked.evidence(seq)))];
}

function paragraph(text: string, indent: string, width: number, tone: Tone): Line[] {
  return wrap(text, Math.max(20, width - indent.length)).map((piece, at) =>
    line([span(at === 0 ? indent + piece : `${indent}${piece}`, tone)]),
  );
}
