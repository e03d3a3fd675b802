import type { ServerModel } from '../model/server-model.ts';
import type { ElectedStep, ProgressStep } from '../model/step.ts';
import { repliesIn, type VainRun } from '../model/vain-elections.ts';
import { at, HELD, type RuleNotice, type RuleRow, unknown, type Verdict } from './rule.ts';

/** So many elections in a row without a winner are no bad luck, where the timeouts are random: two in a row are rare already (figure 16). */
const VAIN_MIN = 5;
/** Where one was won in the end, that was perhaps a server that others came too late to vote for. */
const VAIN_AND_THEN_WON_MIN = 10;

export const VAIN_ELECTIONS = {
  /**
   * Raft does not promise that an election is won: a partition that no line tells of looks the same. So this never accuses. It says what the
   * log shows where no harness tells who reaches whom; where one does, Liveness judges.
   */
  'elections-won': {
    title: 'Elections are won',
    section: '5.2, 9.3',
    about: 'progress',
    text: 'Since election timeouts are random, an election is won after a few attempts, where a majority runs and is connected.',
    kind: 'invariant',
    checks: [at('elected', { reads: ['term'], judge: isWonSoon }), at('ends', { judge: isWonAtLast })],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function isWonSoon({ cluster, server }: ElectedStep): Verdict {
  const { run } = cluster.elections;
  if (run === null || run.elections < VAIN_AND_THEN_WON_MIN) return HELD;
  return notice(run, `before ${server.id} led term ${server.term}`, cluster.servers);
}

function isWonAtLast({ cluster, progress }: ProgressStep): Verdict {
  const { run } = cluster.elections;
  if (run === null || run.elections < VAIN_MIN) return null;
  if (progress.everTold && (progress.boundMs > 0 || progress.majority === null)) return null;
  const silent = cluster.servers.find(({ bootSeq, tellsRoles }) => bootSeq > 0 && !tellsRoles);
  if (silent !== undefined) return unknown(`no line tells the role of ${silent.id}, which may lead`);
  return notice(run, 'and no line tells of a leader since', cluster.servers);
}

function notice(run: VainRun, end: string, servers: readonly ServerModel[]): RuleNotice {
  const { elections, firstTerm, lastTerm, firstMs, lastMs, stood } = run;
  const who = [...stood].map(([id, times]) => `${id} stood ${times === 1 ? 'once' : `${times} times`}`).join(', ');
  const forMs = Math.round(lastMs - firstMs);
  const where = `in the terms ${firstTerm} to ${lastTerm}, within ${forMs} ms`;
  const absent = servers.filter(({ bootSeq }) => bootSeq === 0).map(({ id }) => id);
  const rest = absent.length === 0 ? '' : `; the log has no line of ${absent.join(', ')}`;
  return { notice: `${elections} elections in a row, and none was won: ${who} ${where}, ${end}${votes(run)}${rest}` };
}

function votes(run: VainRun): string {
  const refused = repliesIn(run.refused);
  const granted = repliesIn(run.granted);
  if (refused + granted === 0) return '';
  return `; of the votes that are told ${refused} were refused and ${granted === 0 ? 'none was' : `${granted} were`} granted`;
}
