import type { FailureGroup } from '../results/failure-groups.ts';
import { standardDeviation } from '../results/moments.ts';
import type { TestResults } from '../results/results.ts';
import { judged, type RunTally } from '../results/tally.ts';
import { shellLine } from '../shell-words.ts';
import { outcomeOf, type Report } from './report.ts';

/**
 * JUnit XML, valid by the schemas of Jenkins' xUnit plugin and of Surefire: a suite for each test, with one case, since a million cases would help
 * nobody. How often it was run stands in the properties. The first kind of failure is the case's `failure`, each other kind a `rerunFailure`;
 * failures that do not count (--ignore) are a `flakyFailure`, with which a case passes.
 */
export function junitXml(report: Report): string {
  const suites = report.tests.map((test) => suite(report, test));
  const body = ['nothingRun', 'nothingChecked', 'cached', 'machine'].includes(outcomeOf(report))
    ? [...suites, brokenSuite(report)]
    : suites;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(report.label)}">\n${body.join('')}</testsuites>\n`;
}

function suite(report: Report, { name, tally }: TestResults): string {
  const groups = report.failures.filter((group) => group.test === name);
  const properties = {
    startedAt: report.startedAt,
    runs: judged(tally),
    passed: tally.passed,
    failed: tally.failed,
    ignored: tally.ignored,
    cached: tally.cached,
    endedByUs: tally.stopped,
    meanSeconds: seconds(tally.durations.mean),
    sdSeconds: seconds(standardDeviation(tally.durations)),
    ...(tally.cpu.count === 0 ? {} : { cpuMeanSeconds: seconds(tally.cpu.mean), cpuMaxSeconds: seconds(tally.cpu.max) }),
    ...environmentOf(report),
  };
  const listed = Object.entries(properties).map(([key, value]) => `      <property name="${key}" value="${escaped(String(value))}"/>\n`);
  const time = seconds(tally.durations.mean * tally.durations.count);
  const head = `name="${escaped(name)}" tests="1" failures="${groups.length > 0 ? 1 : 0}" errors="0" skipped="0" time="${time}"`;
  return `  <testsuite ${head}>\n    <properties>\n${listed.join('')}    </properties>\n${testCase(name, tally, groups)}  </testsuite>\n`;
}

function testCase(name: string, tally: RunTally, groups: readonly FailureGroup[]): string {
  const [first, ...others] = groups;
  const parts = [
    ...(first === undefined ? [] : [`      <failure ${attributesOf(first)}>${escaped(detailsOf(first))}</failure>\n`]),
    ...others.map((group) => rerun('rerunFailure', attributesOf(group), detailsOf(group))),
    ...(tally.ignored === 0
      ? []
      : [rerun('flakyFailure', 'message="the output matches --ignore" type="ignored"', `${tally.ignored} times`)]),
    ...(first?.example.output === undefined ? [] : [`      <system-out>${escaped(first.example.output)}</system-out>\n`]),
  ];
  const head = `classname="run-until-fail" name="${escaped(name)}" time="${seconds(tally.durations.mean)}"`;
  return parts.length === 0 ? `    <testcase ${head}/>\n` : `    <testcase ${head}>\n${parts.join('')}    </testcase>\n`;
}

/** Both schemas want a stack trace first, and nothing beside such elements. */
function rerun(element: string, attributes: string, details: string): string {
  return `      <${element} ${attributes}><stackTrace>${escaped(details)}</stackTrace></${element}>\n`;
}

function attributesOf({ signature, example }: FailureGroup): string {
  return `message="${escaped(example.why)}" type="${escaped(signature)}"`;
}

function detailsOf({ count, example }: FailureGroup): string {
  return `${count} times; seed ${example.seed}${example.folder === null ? '' : `; kept in ${example.folder}`}`;
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

/** A session that tested nothing must not look green. */
function brokenSuite(report: Report): string {
  const error = `<error message="${escaped(report.problem ?? (outcomeOf(report) === 'nothingChecked' ? 'no log was checked' : 'no run came to a verdict'))}" type="nothingTested"/>`;
  const head = 'name="run-until-fail" tests="1" failures="0" errors="1" skipped="0" time="0.000"';
  return `  <testsuite ${head}>\n    <testcase classname="run-until-fail" name="nothing was tested" time="0.000">${error}</testcase>\n  </testsuite>\n`;
}

/** Three decimals: Surefire's schema allows no more. */
function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** XML 1.0 has no way to write most control characters, nor half a surrogate pair: they become U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/(?![\n\t])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
