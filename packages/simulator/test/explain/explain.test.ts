import { assert, golden, suite } from '@raftlens/testing';
import { explain, keepFailure, shrink, textOfExplanation } from '../../src/index.ts';
import { hastyCore } from '../plan/failing.ts';

const it = suite('explanations');

const bug = { id: 'X1', what: 'every server believes that it is alone', section: '5.2' };

it('tell the story of a failure up to the wrong step', { timeoutMs: 20_000 }, async () => {
  const { plan } = await keepFailure('initial-election', { seed: '1', core: hastyCore });
  const { plan: shrunk } = await shrink(plan, { core: hastyCore, budgetMs: 3000 });
  const explanation = await explain(shrunk, { core: hastyCore, knownBugs: [{ ...bug, rule: 'Candidates rule 2' }] });
  assert.is(explanation.story.at(-1)?.event.seq, explanation.violation?.evidence.at(-1));
  assert.ok(explanation.story.length <= 40);
  golden(import.meta.url, 'hasty.txt', textOfExplanation(explanation));
});

it('of a plan that does not fail say so', async () => {
  const { plan } = await keepFailure('initial-election', { seed: '1', core: hastyCore });
  assert.match(textOfExplanation(await explain(plan)), /^The plan does not fail/);
});

it('rank known bugs that break the same rule first', async () => {
  const { plan } = await keepFailure('initial-election', { seed: '1', core: hastyCore });
  const rule = plan.failure?.rule ?? '';
  const knownBugs = [
    { ...bug, id: 'far', rule: 'another', section: 'nowhere' },
    { ...bug, id: 'near', rule: 'another' },
    { ...bug, id: 'same', rule },
  ];
  const { hypotheses } = await explain(plan, { core: hastyCore, knownBugs });
  assert.is(hypotheses[0]?.bug.id, 'same');
  assert.not.ok(hypotheses.some((hypothesis) => hypothesis.bug.id === 'far'));
});
