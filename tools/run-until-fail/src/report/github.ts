import type { FailureGroup } from '../results/failure-groups.ts';
import type { Report } from './report.ts';

/** GitHub shows ten annotations of a kind for a step; more would only hide the first. */
const ANNOTATIONS_MAX = 10;

/** Workflow commands that GitHub Actions shows as annotations. */
export function githubAnnotations(report: Report): readonly string[] {
  return report.failures.slice(0, ANNOTATIONS_MAX).map(annotation);
}

function annotation({ test, signature, count, example }: FailureGroup): string {
  const text = [`${count}x ${signature}`, example.why, `seed ${example.seed}`, ...(example.folder === null ? [] : [example.folder])].join(
    '\n',
  );
  return `::error title=${property(`${test} is flaky`)}::${message(text)}`;
}

/** What a test printed must not be able to begin a command of its own. */
function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
