import { readdirSync, readFileSync } from 'node:fs';
import { assert, fixture, suite } from '@raftlens/testing';
import { readPlan, runScenario } from '../../src/index.ts';

const it = suite('kept failures');

/** Plans that once failed, each written by `run-until-fail shrink --to`. They hold what was done, not how it was drawn. */
const folder = fixture(import.meta.url, '..', 'plans');

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  it(`that were mended stay mended: ${name}`, async () => {
    const plan = readPlan(readFileSync(`${folder}/${name}`, 'utf8'));
    assert.is.not(plan.failure, null, 'the plan of a run that passed proves nothing');
    const { failure } = await runScenario(plan.scenario, { seed: plan.seed, plan });
    assert.is(failure, null);
  });
}
