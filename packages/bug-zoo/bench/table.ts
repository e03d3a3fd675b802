import { cpus } from 'node:os';
import { type BugHeader, listBugs, SECTIONS } from '../src/index.ts';

/** How long a bug is looked for. */
export const BOUNDS = { trials: 5, trialCpuS: 30, misses: 2, shrinkMs: 3000 } as const;

/** What was measured of one bug; `find` is null where no trial found it. */
export interface Row {
  readonly id: string;
  readonly find: {
    /** Trials that found nothing within the bound. */
    readonly missed: number;
    /** Medians over the trials; null where most of them found nothing. */
    readonly runs: number | null;
    readonly cpuS: number | null;
    readonly kind: string;
    readonly rule: string | null;
    readonly named: boolean;
    /** What was said of the wrong step in the trials, without its names and numbers. */
    readonly signs: readonly string[];
    /** Actions + deviations of the plan; null where the plan did not fail again. */
    readonly before: string | null;
    readonly after: string;
    /** Lines of the story. */
    readonly lines: number;
    /** Where `explain` lists the bug, with ties against it; null where it does not. */
    readonly rank: number | null;
    /** Where it would be if its rule alone were known. */
    readonly rankByRule: number;
  } | null;
}

export function lineOf(bug: BugHeader, { find }: Row): string {
  const head = `| ${bug.id} | ${bug.what} | ${bug.schedule === null ? bug.scenario : 'schedule'} |`;
  if (find === null) return `${head} not found | | | | |`;
  const { runs, cpuS, rule, kind, named, before, after, rank } = find;
  const time = runs === null || cpuS === null ? `- | > ${BOUNDS.trialCpuS}` : `${runs} | ${cpuS.toFixed(2)}`;
  const name = `${rule ?? `check: ${kind}`}${named ? '' : ` (planted: ${bug.rule})`}`;
  const size = before === null ? 'not reproduced' : `${before} → ${after}`;
  return `${head} ${time} | ${name} | ${size} | ${rank ?? '-'} |`;
}

export function summaryOf(rows: readonly Row[]): string {
  const finds = rows.flatMap(({ find }) => (find === null ? [] : [find]));
  const count = (matches: (find: (typeof finds)[number]) => boolean): number => finds.filter(matches).length;
  const within = (max: number): number => count(({ rank }) => rank !== null && rank <= max);
  const byRule = (max: number): number => count(({ rankByRule, named }) => named && rankByRule <= max);
  const lines = finds.map((find) => find.lines).sort((a, b) => a - b);
  return (
    `${finds.length} of ${rows.length} are found; ${count(({ named }) => named)} of them are named by the rule that the head of the patch gives, as the ` +
    `first wrong step. \`explain\` lists the true bug first for ${within(1)} and among the first three for ${within(3)}; by the broken rule alone, without trying ` +
    `the known bugs, that would be ${byRule(1)} and ${byRule(3)}. Its story has ${lines[Math.floor(lines.length / 2)] ?? 0} events in the middle and ${lines.at(-1) ?? 0} at most.`
  );
}

export function documentOf(rows: readonly Row[]): string {
  const headOf = new Map(listBugs().map((bug) => [bug.id, bug]));
  const sections = Object.entries(SECTIONS).map(([letter, title]) => {
    const lines = rows.flatMap((row) => {
      const bug = headOf.get(row.id);
      return bug === undefined || !row.id.startsWith(letter) ? [] : [lineOf(bug, row)];
    });
    return `## ${title}\n\n${HEADS}\n${lines.join('\n')}\n`;
  });
  const introduction = INTRODUCTION.replace('{summary}', summaryOf(rows)).replace('{cpu}', cpus()[0]?.model.trim() ?? 'unknown');
  return `${introduction}\n${sections.join('\n')}\n${LEFT_OUT}`;
}

const HEADS =
  '| bug | what the wrong core does | found by | runs | CPU s | named by | plan, shrunk | guess |\n| --- | --- | --- | ---: | ---: | --- | --- | ---: |';

const INTRODUCTION = `# The bug zoo

Each bug is a patch of \`packages/raft/src\`, in \`packages/bug-zoo/bugs\`, with a head that says who had it and which rule it breaks. The core
itself has no hook and no flag: \`loadCore('C1')\` patches a copy of its sources in memory, bundles it into the temporary folder and
imports that. Run one with \`npx run-until-fail sim --bug C1\`; add one as CONTRIBUTING.md says.

This page is written by \`npm run bench -- zoo\`, all of it in one run. For each bug:

- **found by**: the scenario that shows it (a lab scenario, a targeted one or \`swarm\`, which all draw at random). "schedule" is a script that is kept beside the patch,
  because random search misses the bug by nature, or finds it after minutes only.
- **runs, CPU s**: until the first failure, the median of five trials of at most ${BOUNDS.trialCpuS} CPU seconds each, on one core of "{cpu}" that others used too.
- **named by**: the first wrong step as the checker names it, or the scenario's own check, where no single step is wrong. The rule in the head of a patch is the one whose
  breach the log shows first: where the cause itself leaves no line (R2, R4, S2, S3, E18, C4), it is the first step that the cause leads to.
- **plan, shrunk**: the size of the failing plan before and after shrinking, in actions + deviations of the network and the disks from first-in-first-out.
- **guess**: where \`explain\` lists the bug among those that may be behind the failure. It plays the shrunk plan on the healthy core with each known bug planted in it. A bug
  that takes the same wrong step as this one counts as listed before it; that the true bug makes the very same run is not counted, because a bug that is not of the zoo
  does not.

{summary}
`;

const LEFT_OUT = `## Left out

`;
