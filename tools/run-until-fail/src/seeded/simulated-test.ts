import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadCore } from '@raftlens/bug-zoo';
import { RUN_FILES, writeRunFile } from '@raftlens/events';
import { openEventLog } from '@raftlens/events/event-log';
import type { RaftCore } from '@raftlens/raft/core';
import {
  type Failure,
  keepFailure,
  type RunOptions,
  type RunOutcome,
  runScenario,
  type Scenario,
  type StructureName,
  writePlan,
} from '@raftlens/simulator';
import type { FailureReason } from '../run.ts';
import { isScenarioFile, scenarioOf } from './scenario-file.ts';
import type { SeededTest } from './seeded-test.ts';

/** What the scenarios run on: the real core or one with a known bug, in one of its structures. */
export interface Subject {
  readonly bug: string | null;
  readonly structure: StructureName;
  readonly race: boolean;
}

/** A scenario of the simulator. */
export async function simulatedTest(name: string, { bug, structure, race }: Subject): Promise<SeededTest> {
  const core: RaftCore | undefined = bug === null ? undefined : await loadCore(bug);
  const scenario = await scenarioOf(name);
  const options = (seed: string): RunOptions => ({ seed, structure, race, ...(core === undefined ? {} : { core }) });
  return {
    run: async (seed) => reasonOf(await runScenario(scenario, options(seed))),
    runLogged: async (seed, folder) => {
      const log = openEventLog(join(folder, RUN_FILES.events));
      try {
        const outcome = await runScenario(scenario, { ...options(seed), trace: (event) => log.write(event) });
        writeVerdict(folder, outcome);
        // Only the plan of a race is played with the detector, whose shuffling another failure of such a run may need: its seed has it.
        if (outcome.failure !== null && (!race || outcome.failure.kind === 'race')) await writePlanFile(scenario, options(seed), folder);
        return {
          reason: reasonOf(outcome),
          info: { ...infoOf(outcome, bug), ...(race ? { race } : {}), ...(isScenarioFile(name) ? { scenarioFile: resolve(name) } : {}) },
        };
      } finally {
        log.close();
      }
    },
  };
}

/** The failure as a plan of actions and draws, which outlives changes of the scenario and can be shrunk. */
async function writePlanFile(scenario: Scenario, options: RunOptions, folder: string): Promise<void> {
  const { plan } = await keepFailure(scenario, options);
  writeFileSync(join(folder, RUN_FILES.plan), writePlan(plan));
}

function reasonOf({ failure, violations }: RunOutcome): FailureReason | null {
  if (failure === null) return null;
  const violation = failure.kind === 'violation' ? violations[0] : undefined;
  if (violation === undefined) return { type: 'check', kind: failure.kind, message: failure.message };
  return { type: 'violation', rule: violation.rule, section: violation.section, message: violation.why };
}

function writeVerdict(folder: string, { outcome, failure, violations, traceHash }: RunOutcome): void {
  writeRunFile(folder, 'verdict', { outcome, failure: failure satisfies Failure | null, violations, traceHash });
}

function infoOf(outcome: RunOutcome, bug: string | null): Readonly<Record<string, unknown>> {
  const { scenario, structure, virtualMs, events, traceHash } = outcome;
  return { scenario, structure, ...(bug === null ? {} : { bug }), virtualMs, events, traceHash };
}
