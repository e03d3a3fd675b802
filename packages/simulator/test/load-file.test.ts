import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, rejects, suite, temporaryFolder } from '@raftlens/testing';
import { loadScenarioFile, runScenario } from '../src/index.ts';

const it = suite('scenarios of users');

const example = new URL('../../examples/two-leaders.ts', import.meta.url);

function file(text: string): string {
  const path = join(temporaryFolder(), 'mine.ts');
  writeFileSync(path, text);
  return path;
}

it('are loaded from TypeScript files and run like our own', async () => {
  const scenario = await loadScenarioFile(example.pathname);
  const outcome = await runScenario(scenario, { seed: '1' });
  assert.is(outcome.failure, null);
  assert.is(outcome.scenario, 'two-leaders');
});

it('may lie anywhere', async () => {
  const path = file(`import { defineScenario } from '@raftlens/simulator';
    export default defineScenario({ name: 'mine', summary: 's', servers: 1, run: async (cluster) => { await cluster.one('x', 1); } });`);
  assert.is((await runScenario(await loadScenarioFile(path), { seed: '1' })).outcome, 'pass');
});

for (const [what, text, message] of [
  ['a missing default export', 'export const x = 1;', /default export must be a scenario/],
  ['a syntax error', 'export default {', /end of file/],
  ['a module that throws', 'throw new Error("at load");', /it throws when it is loaded: at load/],
  ['a name that cannot be a name', 'export default { name: "A b", summary: "", servers: 3, run() {} };', /`name` must be/],
  ['no servers', 'export default { name: "a", summary: "", servers: 0, run() {} };', /`servers` must be/],
  ['no script', 'export default { name: "a", summary: "", servers: 3 };', /`run` must be/],
] as const) {
  it(`are refused with a clear message: ${what}`, async () => {
    await rejects(loadScenarioFile(file(text)), message);
  });
}

it('are refused when there is no such file', async () => {
  await rejects(loadScenarioFile('no/such/file.ts'), { code: 'BAD_SCENARIO' });
});

const failureOf = async (body: string): Promise<string> => {
  const scenario = await loadScenarioFile(
    file(`export default { name: 'mine', summary: '', servers: 3, run: async (cluster) => { ${body} } };`),
  );
  const { failure } = await runScenario(scenario, { seed: '1', limits: { virtualMs: 5000, realMs: 3000 } });
  return `${failure?.kind}: ${failure?.message}`;
};

it('that throw are told by the line of the file', async () => {
  const path = file(`interface Unused { readonly a: string }
    export default { name: 'mine', summary: '', servers: 3, run: async (cluster) => {
      null.x; } };`);
  const { failure } = await runScenario(await loadScenarioFile(path), { seed: '1' });
  assert.ok(failure?.message.includes(`${path}:3:12`), failure?.message);
});

it('that ask for what no network, disk or clock can do end in a failure that names it', async () => {
  assert.match(
    await failureOf('cluster.setNetwork({ requestDelayMaxUs: -1 });'),
    /^script: SimulatorError: network: requestDelayMaxUs is -1/,
  );
  assert.match(await failureOf('cluster.setSlow(0, NaN);'), /^script: SimulatorError: slow: us is NaN/);
  assert.match(await failureOf('cluster.random.below(NaN);'), /^script: RangeError: a draw needs a number/);
});

it('that throw, never end or leak tasks end in a failure that says so', { timeoutMs: 20_000 }, async () => {
  assert.match(await failureOf('null.x;'), /^script: TypeError/);
  assert.match(await failureOf('for (;;) await cluster.sleepMs(10);'), /^virtual-limit/);
  assert.match(await failureOf('cluster.spawn(() => cluster.sleepMs(100)); await cluster.sleepMs(1);'), /^leaked-tasks/);
  assert.match(await failureOf('await new Promise(() => {});'), /^stuck/);
  assert.match(await failureOf('for (;;) await cluster.sleepMs(0);'), /^real-limit/);
});
