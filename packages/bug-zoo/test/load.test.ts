import { Worker } from 'node:worker_threads';
import * as realCore from '@raftlens/raft';
import { assert, rejects, suite } from '@raftlens/testing';
import { loadCore } from '../src/load.ts';

const it = suite('loading a core with a bug');

it('gives a core with the same face as the real one', async () => {
  const core = await loadCore('C1');
  assert.equal(Object.keys(core).sort(), Object.keys(realCore).sort());
  assert.is.not(core.StateMachine, realCore.StateMachine);
});

it('gives the same core when it is asked again', async () => {
  assert.is(await loadCore('C1'), await loadCore('c1'));
});

it('refuses a bug that it does not know', async () => {
  await rejects(() => loadCore('Z1'), { code: 'UNKNOWN_BUG' });
});

it('serves several threads that load the same bug at once', { timeoutMs: 30_000 }, async () => {
  const loads = Array.from({ length: 3 }, () => loadInThread('R1'));
  assert.equal(await Promise.all(loads), ['function', 'function', 'function']);
});

function loadInThread(id: string): Promise<string> {
  const zoo = new URL('../src/index.js', import.meta.url).href;
  const code = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(zoo)})
      .then((zoo) => zoo.loadCore(${JSON.stringify(id)}))
      .then((core) => parentPort.postMessage(typeof core.StateMachine));`;
  const worker = new Worker(code, { eval: true });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
