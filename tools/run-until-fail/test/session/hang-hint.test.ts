import { assert, suite } from '@raftlens/testing';
import { HangHint } from '../../src/session/hang-hint.ts';

const it = suite('the hint at runs that hang');

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

it('comes when no run has ended for long, and not while runs end', async () => {
  const said: string[] = [];
  const hint = new HangHint((text) => said.push(text), 400);
  for (let run = 0; run < 8; run++) {
    await delay(80);
    hint.finished();
  }
  assert.equal(said, []);
  await delay(900);
  hint.close();
  assert.is(said.length, 1);
  assert.match(said[0] ?? '', /--timeout 60s would end and keep one that hangs/);
});
