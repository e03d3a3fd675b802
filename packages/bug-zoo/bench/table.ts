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
imports that. Run one with \`npx run-until-fail sim --bug C1\`, or a patch of your own with \`sim SCENARIO --bug FILE.patch\`
(a \`git diff\` of packages/raft/src; with a head as in the zoo, it names its scenario itself); add one as CONTRIBUTING.md says.

This page is written by \`npm run bench -- zoo\`. For each bug:

- **found by**: the scenario that shows it (a lab scenario, a targeted one or \`swarm\`, which all draw at random). "schedule" is a script that is kept beside the patch,
  because random search misses the bug by nature, or finds it after minutes only.
- **runs, CPU s**: until the first failure, the median of five trials of at most ${BOUNDS.trialCpuS} CPU seconds each, on one core of "{cpu}" that others used too.
- **named by**: the first wrong step as the checker names it, or the scenario's own check, where no single step is wrong. The rule in the head of a patch is the one whose
  breach the log shows first: where the cause itself leaves no line (S2, S3, C4, E12, L15b, P1, R19), it is the first step that the cause leads to.
- **plan, shrunk**: the size of the failing plan before and after shrinking, in actions + deviations of the network and the disks from first-in-first-out.
- **guess**: where \`explain\` lists the bug among those that may be behind the failure. It plays the shrunk plan on the healthy core with each known bug planted in it. A bug
  that takes the same wrong step as this one counts as listed before it; that the true bug makes the very same run is not counted, because a bug that is not of the zoo
  does not.

{summary}
`;

const LEFT_OUT = `## Left out

Known bugs that have no patch here, and why:

- **E23**, a wiped server votes under its old name: no core can know that its disk was replaced. The checker names it (\`Persistent state: lost disk\`), on the healthy core too:
  \`packages/bug-zoo/test/without-patch.test.ts\`.
- **P4**, a server goes on after a failed write, and **P6**, a damaged log is cut silently: both are decisions of the host that owns the disk. The core is told of writes that
  succeeded, and of nothing else; the simulator's hosts kill a server whose write fails, and do not start one whose disk fails its checksum.
- **P2**, the service is given an entry before it is on the own disk: what is committed is on the disks of a majority, which the own need not belong to, so that no rule
  of the paper is broken. Where it does harm the own copy was counted too early, which is C4.
- **L16**, a candidate refuses the snapshot of its leader: our leaders send a heartbeat with every piece of a snapshot, which ends the candidacy first. The patch was made, and
  427 runs of \`swarm\` were those of the healthy core.
- **R19b**, the hint of a refusal is off by one: our leaders always go back at least by one (\`nextAfterRefusal\`). It costs a message and breaks nothing. 3756 runs
  agree. R19 is the bug where the leader itself stands still.
- **M10**, a change to the configuration in force is gone through: legal, and of no effect but two entries. **R24** does no harm without R1, which is here. **L9** needs servers of
  two versions in one cluster; a run has one core.
`;
