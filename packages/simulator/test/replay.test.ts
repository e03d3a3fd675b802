import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type Event, encodeLine } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import { runScenario } from '../src/index.ts';

const it = suite('a run is a function of its seed');

async function linesOf(scenario: string, seed: string): Promise<string> {
  const lines: string[] = [];
  await runScenario(scenario, { seed, trace: (event: Event) => void lines.push(encodeLine(event)) });
  return lines.join('\n');
}

/** What another process, with nothing of this one's state, writes for the same seed. */
function digestElsewhere(scenario: string, seed: string): string {
  const program = `
    import { createHash } from 'node:crypto';
    import { encodeLine } from ${JSON.stringify(import.meta.resolve('@raftlens/events'))};
    import { runScenario } from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)};
    const lines = [];
    await runScenario(${JSON.stringify(scenario)}, { seed: ${JSON.stringify(seed)}, trace: (event) => lines.push(encodeLine(event)) });
    console.log(createHash('sha256').update(lines.join('\\n')).digest('hex'));`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }).trim();
}

for (const scenario of ['torn-writes', 'swarm']) {
  it(`gives the same events to the byte in two processes: ${scenario}`, { timeoutMs: 30_000 }, async () => {
    const lines = await linesOf(scenario, '7');
    assert.ok(lines.length > 20_000);
    assert.is(createHash('sha256').update(lines).digest('hex'), digestElsewhere(scenario, '7'));
  });
}

it('gives the same hash with and without a tracer, and another for another seed', async () => {
  for (const scenario of ['re-election', 'figure-8', 'torn-writes']) {
    const silent = await runScenario(scenario, { seed: '3' });
    const traced = await runScenario(scenario, { seed: '3', trace: () => undefined });
    const other = await runScenario(scenario, { seed: '4' });
    assert.is(silent.traceHash, traced.traceHash, scenario);
    assert.is.not(silent.traceHash, other.traceHash, scenario);
  }
});
