import type { FailureGroup } from '../results/failure-groups.ts';
import { standardDeviation } from '../results/moments.ts';
import type { TestResults } from '../results/results.ts';
import { judged } from '../results/tally.ts';
import { shellLine } from '../shell-words.ts';
import { outcomeOf, type Report } from './report.ts';

/**
 * JUnit XML, as CI systems read it: a suite for each test; in it a case for each kind of failure, or one that passed. How often it was run
 * stands in the properties, since a million cases would help nobody.
 */
export function junitXml(report: Report): string {
  const suites = report.tests.map((test) => suite(report, test));
  const body = ['nothingRun', 'cached', 'machine'].includes(outcomeOf(report)) ? [...suites, brokenSuite(report)] : suites;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(report.label)}">\n${body.join('')}</testsuites>\n`;
}

function suite(report: Report, { name, tally }: TestResults): string {
  const groups = report.failures.filter((group) => group.test === name);
  const cases =
    groups.length > 0
      ? groups.map((group) => failingCase(name, group))
      : [`    <testcase classname="run-until-fail" name="${escaped(name)}" time="${seconds(tally.durations.mean)}"/>\n`];
  const properties = {
    runs: judged(tally),
    passed: tally.passed,
    failed: tally.failed,
    ignored: tally.ignored,
    cached: tally.cached,
    endedByUs: tally.stopped,
    meanSeconds: seconds(tally.durations.mean),
    sdSeconds: seconds(standardDeviation(tally.durations)),
    ...environmentOf(report),
  };
  const listed = Object.entries(properties).map(([key, value]) => `      <property name="${key}" value="${escaped(String(value))}"/>\n`);
  const head = `name="${escaped(name)}" tests="${cases.length}" failures="${groups.length}" errors="0" skipped="0" time="${seconds(tally.durations.mean * tally.durations.count)}" timestamp="${report.startedAt.slice(0, 19)}"`;
  return `  <testsuite ${head}>\n    <properties>\n${listed.join('')}    </properties>\n${cases.join('')}  </testsuite>\n`;
}

/** In each suite, since JUnit's own schema knows properties nowhere else. */
function environmentOf({ environment }: Report): Readonly<Record<string, string | number>> {
  const { system, processor, cores, memory, node, toolchain, commit, commandLine } = environment;
  const versions = Object.fromEntries(Object.entries(toolchain).map(([program, said]) => [`version.${program}`, said]));
  return {
    system,
    processor,
    cores,
    memory,
    node,
    ...versions,
    ...(commit === null ? {} : { commit }),
    commandLine: shellLine(['run-until-fail', ...commandLine]),
  };
}

function failingCase(test: string, { signature, count, example }: FailureGroup): string {
  const text = `${count} times; seed ${example.seed}${example.folder === null ? '' : `; kept in ${example.folder}`}`;
  return `    <testcase classname="run-until-fail" name="${escaped(`${test}: ${signature}`)}">\n      <failure message="${escaped(example.why)}" type="${escaped(signature)}">${escaped(text)}</failure>\n    </testcase>\n`;
}

/** A session that tested nothing must not look green. */
function brokenSuite(report: Report): string {
  const why = escaped(report.problem ?? 'no run came to a verdict');
  return `  <testsuite name="run-until-fail" tests="1" failures="0" errors="1" skipped="0">\n    <testcase classname="run-until-fail" name="nothing was tested"><error message="${why}"/></testcase>\n  </testsuite>\n`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(6);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** XML 1.0 has no way to write most control characters, nor half a surrogate pair: they become U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/(?![\n\t])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
