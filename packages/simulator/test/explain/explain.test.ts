import * as realCore from '@raftlens/raft/core';
import { assert, golden, suite } from '@raftlens/testing';
import { explain, keepFailure, shrink, textOfExplanation } from '../../src/index.ts';
import { hastyCore, stubborn } from '../plan/failing.ts';

const it = suite('explanations');

const bug = { id: 'X1', what: 'every server believes that it is alone', section: '5.2' };
const load = () => Promise.resolve(hastyCore);

it('tell the story of a failure up to the wrong step', { timeoutMs: 20_000 }, async () => {
  const { plan } = await keepFailure('initial-election', { seed: '1', core: hastyCore });
  const { plan: shrunk } = await shrink(plan, { core: hastyCore, budgetCpuMs: 3000 });
  const explanation = await explain(shrunk, { core: hastyCore, knownBugs: [{ ...bug, rule: 'Election Safety', load }] });
  assert.is(explanation.story.at(-1)?.event.seq, explanation.violation?.evidence.at(-1));
  assert.ok(explanation.story.length <= 40);
  golden(import.meta.url, 'hasty.txt', textOfExplanation(explanation));
});

it('of a plan that does not fail say so', async () => {
  const { plan } = await keepFailure('initial-election', { seed: '1', core: hastyCore });
  assert.match(textOfExplanation(await explain(plan)), /^The plan does not fail/);
});

it('rank the known bugs by what the plan does on cores that have them', async () => {
  const { plan } = await keepFailure('initial-election', { seed: '1', core: hastyCore });
  const rule = plan.failure?.rule ?? '';
  const healthy = () => Promise.resolve(realCore);
  const knownBugs = [
    { ...bug, id: 'other', rule: 'another', load: healthy },
    { ...bug, id: 'innocent', rule, load: healthy },
    { ...bug, id: 'untried', rule },
    { ...bug, id: 'guilty', rule: 'another', load },
  ];
  const { suspects } = await explain(plan, { core: hastyCore, knownBugs });
  assert.equal(
    suspects.hypotheses.map((hypothesis) => `${hypothesis.bug.id} ${hypothesis.likeness}`),
    ['guilty same-run'],
    'where one is caught in the act, the others are no help',
  );
  const others = await explain(plan, { core: hastyCore, knownBugs: knownBugs.slice(0, 3) });
  assert.equal(
    others.suspects.hypotheses.map((hypothesis) => `${hypothesis.bug.id} ${hypothesis.likeness}`),
    ['untried untried'],
    'a bug that does nothing alike under the plan is no suspect',
  );
});

it('try no known bug when time is up, and say so', async () => {
  const { plan } = await keepFailure('initial-election', { seed: '1', core: hastyCore });
  const knownBugs = [{ ...bug, rule: plan.failure?.rule ?? '', load }];
  const explanation = await explain(plan, { core: hastyCore, knownBugs, budgetCpuMs: -1 });
  assert.is(explanation.suspects.hypotheses[0]?.likeness, 'untried');
  assert.match(textOfExplanation(explanation), /1 known bug was not tried: the budget was used up/);
});

it('of a failure without a wrong step show how things stood, and what was repeated without success', async () => {
  const { plan } = await keepFailure(stubborn, { seed: '1' });
  const explanation = await explain(plan, { scenario: stubborn });
  assert.is(explanation.standstill?.servers.length, 3);
  const text = textOfExplanation(explanation);
  assert.match(text, /How things stood in the end:\n {2}S1 is (leader|follower) of term 1/);
  assert.match(text, /times {2}the network loses from S\d to S\d: heartbeat in term 1/);
});

it('fold at the width of a terminal, and nowhere when they are piped', async () => {
  const { plan } = await keepFailure(stubborn, { seed: '1' });
  const explanation = await explain(plan, { scenario: stubborn });
  const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
  assert.ok(widest(textOfExplanation(explanation, 80)) <= 80);
  assert.ok(widest(textOfExplanation(explanation)) > 80);
});
