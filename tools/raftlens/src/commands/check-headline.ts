import type { CheckReport, Coverage, UnjudgedTopic } from '@raftlens/checker';
import type { HistoryVerdict } from '../check/client-history.ts';
import { cellText } from '../text/line.ts';
import { plural } from '../text/time.ts';

/** What the first line of a verdict is made of. */
export interface HeadlineParts {
  readonly name: string;
  readonly report: CheckReport;
  /** What the program says itself when it fails. */
  readonly failures: readonly unknown[];
  /** What the test says of itself when it failed, null otherwise. */
  readonly testFailure: string | null;
  readonly history: HistoryVerdict | null;
}

/** Topics that every log of Raft should tell of, so that the first line says why nothing could be judged. The others may just not occur. */
const EXPECTED: ReadonlySet<string> = new Set(['elections', 'logs', 'commits']);

/** Whether nothing is wrong: no rule broken, no failure told, and no history that is impossible. */
export function isHealthy({ report, ...verdict }: HeadlineParts): boolean {
  return report.violations.length === 0 && wrongs(verdict).length === 0;
}

/**
 * The first line of the verdict, which may be all that is read: what was found, and how much was judged. A log that tells nearly nothing holds
 * to all rules, and must not look like one that was judged as a whole.
 */
export function headlineOf({ name, report, ...verdict }: HeadlineParts): string {
  const { violations, checkedEvents, coverage } = report;
  return `${name}: ${found(violations.length, plural(checkedEvents, 'event'), wrongs(verdict))}${undecided(verdict)}; ${judged(coverage)}`;
}

function found(violations: number, events: string, also: readonly string[]): string {
  const others = also.join(', and ');
  if (violations === 0) return others === '' ? `no violation in ${events}` : `${others}, though ${events} show no broken rule`;
  return `${plural(violations, 'violation')} in ${events}${others === '' ? '' : `, and ${others}`}`;
}

/** What is wrong beside the rules of figure 2. */
function wrongs({ failures, testFailure, history }: Omit<HeadlineParts, 'name' | 'report'>): string[] {
  return [
    ...(failures.length > 0 ? ['the program failed'] : testFailure === null ? [] : ['the test failed']),
    ...(history?.verdict === 'illegal' ? ['what clients got is not linearizable'] : []),
  ];
}

function undecided({ history }: Pick<HeadlineParts, 'history'>): string {
  return history?.verdict === 'unknown' || history?.verdict === 'no model' ? '; what clients got was not judged' : '';
}

/** "8 of 44 rules judged, nothing about logs (no entries are told) and snapshots". */
function judged({ rules, judged: titles, unjudged }: Coverage): string {
  const count = `${titles.length} of ${plural(rules, 'rule')} judged`;
  return unjudged.length === 0 ? count : `${count}, nothing about ${listed(unjudged.map(topicText))}`;
}

function topicText({ about, reason }: UnjudgedTopic): string {
  return EXPECTED.has(about) ? `${about} (${cellText(reason)})` : about;
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
