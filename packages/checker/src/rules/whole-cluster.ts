import type { ProgressStep, TrafficStep } from '../model/step.ts';
import { at, type Broken, broken, HELD, type RuleRow, unknown, type Verdict } from './rule.ts';

/** These two need more than the events of servers: a budget, and a harness that tells what it does. */
export const WHOLE_CLUSTER = {
  /**
   * An idle leader sends heartbeats and nothing else, and an election takes a round of requests or a few. How many are too many only the
   * user or the test can say: by an option, or by the line TestBegin.
   */
  'message-budget': {
    title: 'Message budget',
    section: '5.2',
    about: 'progress',
    text: 'The servers send no more requests than the budget allows: in a second without commands, elections and faults, and until the first leader.',
    kind: 'invariant',
    checks: [at('request is sent', { judge: isWithinBudget }), at('budget is told', { judge: isReadable })],
  },
  /**
   * Timing cannot be had for nothing: Raft promises progress only where the network lets it. So this is judged only while the harness tells
   * of nothing that disturbs the majority, no message between its servers is lost, and nobody starts or stops; and within a bound that the
   * servers' own timers give.
   */
  liveness: {
    title: 'Liveness',
    section: '5.6',
    about: 'progress',
    text: 'While a majority runs, is connected and is left alone, it has a leader, which takes commands through, within eight of the longest election timeouts.',
    kind: 'invariant',
    checks: [at('is done in time', { judge: () => HELD }), at('is due', { judge: makesProgress }), at('ends', { judge: isTold })],
  },
} as const satisfies Readonly<Record<string, RuleRow>>;

function isWithinBudget({ traffic }: TrafficStep): Verdict {
  const { budget, tooManyIdle, tooManyToElect } = traffic;
  if (tooManyIdle === null && tooManyToElect === null) return HELD;
  const wrong: Broken[] = [];
  if (tooManyIdle !== null)
    wrong.push(
      broken(
        [tooManyIdle.firstSeq],
        `${tooManyIdle.requests} requests were sent within ${tooManyIdle.ms} ms of an idle cluster`,
        `${budget.idle} in a second at most`,
      ),
    );
  if (tooManyToElect !== null)
    wrong.push(
      broken(
        [tooManyToElect.firstSeq],
        `${tooManyToElect.requests} requests were sent, and there is no leader yet`,
        `${budget.election} requests at most`,
      ),
    );
  return wrong;
}

function isReadable({ event, traffic }: TrafficStep): Verdict {
  return traffic.isReadable ? null : unknown(`line ${event.seq} gives a budget that is none: ${event.budget}`);
}

function makesProgress({ progress }: ProgressStep): Verdict {
  const { majority, leader, pending, sinceSeq, leaderSeq, boundMs } = progress;
  if (!progress.isTold || majority === null) return null;
  const left = `${majority.map(({ id }) => id).join(', ')} run, reach one another and were left alone since line ${sinceSeq}`;
  const forMs = `for ${Math.round(boundMs)} ms`;
  if (leader === null) return broken([sinceSeq, leaderSeq], `${left}, and ${forMs} none of them leads`, 'to elect a leader');
  if (pending === null) return HELD;
  const { index, seq } = pending;
  return broken(
    [sinceSeq, leaderSeq, seq],
    `${left}, and ${forMs} the leader ${leader.id} has committed nothing, although index ${index} waits`,
    `to commit index ${index}`,
  );
}

function isTold({ progress }: ProgressStep): Verdict {
  if (!progress.everTold) return unknown('no harness tells which servers run and reach one another (TestBegin, Crash, Partition, Heal)');
  if (!progress.rolesAreTold) return unknown('no line tells of a role');
  if (progress.boundMs === 0) return unknown('no server tells its election timeouts (electionMaxMs of Boot), and no bound was given');
  return null;
}
