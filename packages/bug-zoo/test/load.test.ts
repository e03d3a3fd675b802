import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as realCore from '@raftlens/raft/core';
import { assert, rejects, suite, temporaryFolder, throws } from '@raftlens/testing';
import { bugById } from '../src/catalogue.ts';
import { loadCore } from '../src/load.ts';
import { readOwnPatch, showingOfOwn } from '../src/own-patch.ts';

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

const patchFile = (text: string): string => {
  const file = join(temporaryFolder(), 'my bug-1.patch');
  writeFileSync(file, text);
  return file;
};
const C1 = bugById('C1').patch;
const BARE = C1.slice(C1.indexOf('--- a/'));

it('plants a patch from anywhere, with a head or without one', async () => {
  const core = await loadCore(patchFile(`diff --git a/packages/raft/src/x.ts b/packages/raft/src/x.ts\n${BARE}`));
  assert.is.not(core.StateMachine, realCore.StateMachine);
  assert.is(await loadCore(patchFile(C1)), await loadCore('C1'));
  assert.is(showingOfOwn(readOwnPatch(patchFile(BARE))), null);
  assert.is(showingOfOwn(readOwnPatch(patchFile(C1)))?.scenario, bugById('C1').header.scenario);
});

it('refuses a patch that is not there, that does not apply, or whose head is wrong', async () => {
  await rejects(() => loadCore('no/such.patch'), { code: 'NO_PATCH' });
  await rejects(() => loadCore(patchFile('')), { code: 'PATCH_DOES_NOT_APPLY' });
  await rejects(() => loadCore(patchFile(BARE.replaceAll('packages/raft/src', 'packages/checker/src'))), { code: 'PATCH_DOES_NOT_APPLY' });
  await rejects(() => loadCore(patchFile(`id: X1\n${BARE}`)), { code: 'BAD_BUG_HEADER' });
  const outside = C1.replace(/^scenario: .*$/m, '$&\nschedule: ../elsewhere.ts');
  throws(() => showingOfOwn(readOwnPatch(patchFile(outside))), { code: 'BAD_BUG_HEADER' });
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
