import { Checker, type Violation } from '@raftlens/checker';
import type { RaftCore } from '@raftlens/raft/core';
import { loadScenarioFile, runScenario, scenarioNamed } from '@raftlens/simulator';
import { assert, suite } from '@raftlens/testing';
import { loadCore, showing } from '../src/index.ts';
import { Outside } from './outside.ts';

const it = suite('Runs that are seen from outside');

/** Scenarios of the labs: their clusters do not change, and what they write is whole or not there at all. */
const SCENARIOS = ['re-election', 'fast-backup', 'persist-more', 'figure-8', 'churn-unreliable', 'snapshot-crash-unreliable'];
const RUNS_MAX = 8;

interface Seen {
  readonly first: Violation | null;
  readonly judged: number;
}

async function seen(name: string, seed: string, core?: RaftCore): Promise<Seen> {
  const outside = new Outside();
  const checker = new Checker();
  const scenario = name.endsWith('.ts') ? await loadScenarioFile(name) : scenarioNamed(name);
  await runScenario(scenario, {
    seed,
    ...(core === undefined ? {} : { core }),
    check: false,
    trace: (event) => {
      const line = outside.see(event);
      if (line !== null) checker.observe(line);
    },
  });
  const { first, coverage } = checker.finish();
  return { first, judged: coverage.judged.length };
}

for (const scenario of SCENARIOS) {
  it(`are healthy in ${scenario}`, { timeoutMs: 60_000 }, async () => {
    for (const seed of ['1', '2']) {
      const { first, judged } = await seen(scenario, seed);
      assert.is(first, null, first?.why ?? '');
      assert.ok(judged >= 10, `${judged} rules judged`);
    }
  });
}

/** Bugs of the zoo, and the rule that names each of them from messages, saves and applies alone. */
const NAMED: readonly (readonly [bug: string, rule: string])[] = [
  ['E1', 'Persistent state: votedFor'],
  ['E6', 'Candidates rule 2'],
  ['E10', 'RequestVote receiver rule 2'],
  ['E15', 'Candidates rule 2'],
  ['R1', 'AppendEntries receiver rule 3'],
  ['R4', 'AppendEntries receiver rule 2'],
];

for (const [bug, rule] of NAMED) {
  it(`show ${bug} as ${rule}`, { timeoutMs: 120_000 }, async () => {
    const core = await loadCore(bug);
    const { scenario } = showing(bug);
    const rules: string[] = [];
    for (let seed = 1; seed <= RUNS_MAX && !rules.includes(rule); seed++) {
      const { first } = await seen(scenario, String(seed), core);
      if (first !== null) rules.push(first.rule);
    }
    assert.ok(rules.includes(rule), rules.join('; '));
  });
}
