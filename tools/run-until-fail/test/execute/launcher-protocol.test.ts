import { assert, suite } from '@raftlens/testing';
import * as fc from 'fast-check';
import { decodeAnswer, encodeAnswer, encodeRequest, joinStatus, RequestReader, splitStatus } from '../../src/execute/launcher-protocol.ts';

const it = suite('what the tool and a launcher say to each other');

const words = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 });

it('comes through whole, in whatever pieces the bytes arrive', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (commands, pieceBytes) => {
      const requests = commands.map((command, number) =>
        encodeRequest({ type: 'start', number, output: '/out', environment: { SEED: '7' }, words: command }),
      );
      const bytes = Buffer.concat(requests);
      const reader = new RequestReader();
      const read: (readonly string[])[] = [];
      for (let at = 0; at < bytes.length; at += pieceBytes) read.push(...reader.read(bytes.subarray(at, at + pieceBytes)));
      assert.equal(
        read,
        commands.map((command, number) => ['start', String(number), '/out', '1', 'SEED=7', ...command]),
      );
    }),
    { numRuns: 50 },
  );
});

it('is answered in lines', () => {
  for (const line of [
    'ready',
    'started 3 4711',
    'failed 3 2 command',
    'exited 3 256 1 0 1200',
    'exited 4 9 0 1 -',
    'spent 4711 0',
    'spent 4711 -',
  ]) {
    const answer = decodeAnswer(line);
    assert.is(answer === null ? '' : encodeAnswer(answer), `${line}\n`);
  }
  assert.is(decodeAnswer('perl: warning'), null);
});

it('tells an exit code from a signal, for every one of them', () => {
  for (let code = 0; code < 256; code++) assert.equal(splitStatus(joinStatus(code, null)), { code, signal: null });
  for (const signal of ['SIGKILL', 'SIGABRT', 'SIGIO'] as const) {
    assert.equal(splitStatus(joinStatus(null, signal)), { code: null, signal });
  }
  assert.equal(splitStatus(0x80 + 11), { code: null, signal: 'SIGSEGV' }, 'the bit 0x80 says that there is a core file');
  assert.equal(splitStatus(40), { code: null, signal: 'signal 40' }, 'a real-time signal has no name');
});
