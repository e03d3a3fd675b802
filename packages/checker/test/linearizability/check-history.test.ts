import { assert, golden, suite } from '@raftlens/testing';
import fc from 'fast-check';
import {
  checkHistory,
  chooseModel,
  HistoryRecorder,
  initialValueOf,
  keyValueModel,
  logModel,
  mutexModel,
  type Operation,
  pictureOf,
  registerModel,
  type SequentialModel,
  startingWith,
  transactionModel,
  versionedModel,
} from '../../src/index.ts';

const it = suite('linearizability');

/** "C1 1-4 put x 1" is called at 1 and ends at 4; "C1 2- get x -> 1" never ends. */
function parse(text: string, at: number): Operation {
  const [called = '', output] = text.split(' -> ');
  const [client = '', span = '', f = '', key = '', input = ''] = called.split(' ');
  const [call = '0', end = ''] = span.split('-');
  const open = end === '';
  return {
    client,
    opid: at,
    f,
    key,
    input,
    output: open ? null : (output ?? input),
    failed: false,
    call: Number(call),
    end: open ? Number.POSITIVE_INFINITY : Number(end),
    callSeq: Number(call),
    endSeq: open ? 0 : Number(end),
  };
}

const verdict = (model: SequentialModel, ...lines: string[]): string => checkHistory(model, lines.map(parse)).verdict;

it('finds the order of a concurrent history that is legal', () => {
  assert.is(verdict(keyValueModel, 'C1 1-6 put x 1', 'C2 2-3 get x -> 1', 'C3 4-5 get x -> 1'), 'legal');
});

it('sees that a value was read and then no more', () => {
  assert.is(verdict(keyValueModel, 'C1 1-6 put x 1', 'C2 2-3 get x -> 1', 'C3 4-5 get x -> '), 'illegal');
});

it('sees a read that is stale after its write has ended, however long ago', () => {
  assert.is(verdict(keyValueModel, 'C1 1-2 put x 1', 'C1 3-4 put x 2', 'C2 100-101 get x -> 1'), 'illegal');
});

it('keeps an operation of unknown outcome open: it may have taken place, late, or never', () => {
  assert.is(verdict(keyValueModel, 'C1 1- put x 1', 'C2 5-6 get x -> ', 'C2 7-8 get x -> 1'), 'legal');
  assert.is(verdict(keyValueModel, 'C1 1- put x 1', 'C2 5-6 get x -> 1', 'C2 7-8 get x -> '), 'illegal');
  assert.is(verdict(keyValueModel, 'C1 1- put x 1', 'C2 5-6 get x -> '), 'legal');
});

it('checks each key alone', () => {
  const report = checkHistory(keyValueModel, ['C1 1-2 put x 1', 'C1 3-4 put y 1', 'C2 5-6 get y -> 1', 'C2 7-8 get x -> 0'].map(parse));
  assert.equal([report.verdict, report.parts, report.contradiction?.part], ['illegal', 2, 'x']);
});

it('counts an append once', () => {
  assert.is(verdict(keyValueModel, 'C1 1-2 append x a', 'C2 3-4 get x -> aa'), 'illegal');
});

it('knows a register with compare-and-swap, and a log', () => {
  assert.is(verdict(registerModel, 'C1 1-2 write r 1', 'C2 3-4 read r -> 1'), 'legal');
  const cas: Operation = { ...parse('C1 5-6 cas r', 9), input: '1 2' };
  const before = ['C1 1-2 write r 1'].map(parse);
  assert.is(checkHistory(registerModel, [...before, cas, parse('C2 7-8 read r -> 2', 3)]).verdict, 'legal');
  assert.is(checkHistory(registerModel, [...before, cas, parse('C2 7-8 read r -> 1', 3)]).verdict, 'illegal');
  assert.is(verdict(logModel, 'C1 1-4 append l a -> 2', 'C2 2-3 append l b -> 1', 'C3 5-6 read l -> b,a'), 'legal');
  assert.is(verdict(logModel, 'C1 1-4 append l a -> 1', 'C2 2-3 append l b -> 1'), 'illegal');
});

it('says unknown when its budget is used up, in steps or in the time of the caller', () => {
  const hard = Array.from({ length: 14 }, (_, n) => parse(`C${n} ${n + 1}-${100 + n} put x ${n}`, n));
  const history = [...hard, parse('C99 200-201 get x -> never', 99)];
  const report = checkHistory(keyValueModel, history, { stepsMax: 1000 });
  assert.equal([report.verdict, report.undecided], ['unknown', ['x']]);
  assert.is(checkHistory(keyValueModel, history, { expired: () => true }).verdict, 'unknown');
});

it('reduces a contradiction to the reads that matter, and draws it', () => {
  const lines = [
    'C1 1-2 put x 1',
    'C3 3-4 get x -> 1',
    'C1 5-9 put x 2',
    'C2 6-7 get x -> 2',
    'C3 8-10 get x -> 1',
    'C2 11-12 get x -> 2',
    'C4 13- put x 3',
  ];
  const { contradiction } = checkHistory(keyValueModel, lines.map(parse));
  assert.is(contradiction?.at.client, 'C3');
  assert.equal(
    contradiction?.window.map(({ call }) => call),
    [1, 5, 6, 8],
  );
  golden(import.meta.url, 'picture.txt', `${pictureOf(contradiction?.window ?? [], contradiction?.at ?? parse('', 0))}\n`);
});

it('makes operations of the lines of a log; what never ends is of unknown outcome, what failed is kept as failed', () => {
  const recorder = new HistoryRecorder();
  const line = (seq: number, op: 'Invoke' | 'Ok' | 'Fail' | 'Info', client: string, f: string, value: string): void =>
    recorder.observe({ seq, time: 0, node: client, boot: 0, op, src: client, dst: client, client, opid: 1, f, key: 'x', value });
  line(1, 'Invoke', 'C1', 'put', '1');
  line(2, 'Invoke', 'C2', 'put', '2');
  line(3, 'Invoke', 'C3', 'put', '3');
  line(4, 'Ok', 'C1', 'put', '1');
  line(5, 'Fail', 'C2', 'put', '2');
  line(6, 'Info', 'C3', 'put', '3');
  assert.equal(
    recorder.operations().map(({ client, output, callSeq, endSeq }) => [client, output, callSeq, endSeq]),
    [
      ['C1', '1', 1, 4],
      ['C2', '2', 2, 5],
      ['C3', null, 3, 0],
    ],
  );
});

/** All orders, tried one by one. */
function bruteForce(model: SequentialModel, operations: readonly Operation[]): boolean {
  const place = (left: readonly Operation[], state: string): boolean => {
    if (left.every(({ end }) => end === Number.POSITIVE_INFINITY)) return true;
    const firstEnd = Math.min(...left.map(({ end }) => end));
    return left.some((operation) => {
      if (operation.call > firstEnd) return false;
      const next = model.step(state, operation);
      return (
        next !== null &&
        place(
          left.filter((other) => other !== operation),
          next,
        )
      );
    });
  };
  return place(operations, model.initial);
}

/** The history as it was known when the operation ended: what had not ended by then was of unknown outcome. */
function knownAt(operations: readonly Operation[], moment: number): Operation[] {
  return operations
    .filter(({ call, failed, end }) => call <= moment && !(failed && end > moment))
    .map((operation) => (operation.end <= moment ? operation : { ...operation, output: null, end: Number.POSITIVE_INFINITY }));
}

type Drawn = Pick<Operation, 'f' | 'input' | 'output' | 'failed'>;

/** Histories of up to eight operations; many overlap, and some never end. */
function histories(operation: fc.Arbitrary<Drawn>): fc.Arbitrary<Operation[]> {
  const spans = fc.record({ operation, span: fc.tuple(fc.nat(1000), fc.nat(1000)), open: fc.nat(4) });
  return fc.array(spans, { minLength: 1, maxLength: 8 }).map((drawn) =>
    drawn
      .map(({ operation: what, span: [one, other], open }, at): Operation => {
        // Distinct moments: two events of a log never stand in one place.
        const call = Math.min(one, other) * 20 + at;
        const end = Math.max(one, other) * 20 + 10 + at;
        const unknown = open === 0;
        return {
          ...what,
          client: `C${at}`,
          opid: at,
          key: 'x',
          output: unknown ? null : what.output,
          failed: !unknown && what.failed,
          call,
          end: unknown ? Number.POSITIVE_INFINITY : end,
          callSeq: call,
          endSeq: end,
        };
      })
      .sort((a, b) => a.call - b.call),
  );
}

const value = fc.constantFrom('', 'a', 'b', 'ab');
const keyValueHistories = histories(
  fc
    .record({ f: fc.constantFrom('get', 'put', 'append'), value })
    .map(({ f, value: text }) => ({ f, input: f === 'get' ? '' : text, output: text, failed: false })),
);
const registerHistories = histories(
  fc
    .record({
      f: fc.constantFrom('read', 'write', 'cas', 'cas'),
      from: fc.constantFrom('1', '2'),
      to: fc.constantFrom('1', '2'),
      failed: fc.boolean(),
    })
    .map(({ f, from, to, failed }) => {
      const input = f === 'read' ? '' : f === 'write' ? to : `${from} ${to}`;
      return { f, input, output: f === 'read' ? to : input, failed: f === 'cas' && failed };
    }),
);

for (const [model, drawn] of [
  [keyValueModel, keyValueHistories],
  [registerModel, registerHistories],
] as const) {
  it(`agrees with trying all orders, on small histories of a ${model.name} service`, () => {
    fc.assert(
      fc.property(drawn, (operations) => {
        assert.is(checkHistory(model, operations).verdict, bruteForce(model, operations) ? 'legal' : 'illegal');
      }),
      { seed: 7, numRuns: 6000 },
    );
  });

  it(`names the end at which a history of a ${model.name} service became impossible, and what shows it`, () => {
    let illegal = 0;
    fc.assert(
      fc.property(drawn, (operations) => {
        const { contradiction } = checkHistory(model, operations);
        if (contradiction === null) return;
        illegal += 1;
        const { at, window } = contradiction;
        assert.is(bruteForce(model, window), false);
        assert.ok(window.some(({ callSeq }) => callSeq === at.callSeq));
        assert.is(bruteForce(model, knownAt(operations, at.end)), false);
        assert.is(bruteForce(model, knownAt(operations, at.end - 1)), true);
      }),
      { seed: 8, numRuns: 3000 },
    );
    assert.ok(illegal > 500);
  });
}

it('holds a refused compare-and-set against the register, unless it was refused for another reason', () => {
  const cas = (output: string): Operation => ({ ...parse('C2 3-4 cas r', 2), input: '1 2', output, failed: true });
  const judged = (operation: Operation): string => checkHistory(registerModel, [parse('C1 1-2 write r 1', 1), operation]).verdict;
  assert.is(judged(cas('1 2')), 'illegal');
  assert.is(judged(cas('')), 'illegal');
  assert.is(judged(cas('22 precondition failed')), 'illegal');
  assert.is(judged(cas('not leader')), 'legal');
  assert.is(judged(cas('timeout')), 'legal');
  assert.is(judged({ ...cas('1 2'), input: '2 3' }), 'legal');
});

it('knows puts with a version: only what the answers tell of versions is held against them', () => {
  const puts = (...lines: string[]): Operation[] =>
    lines.map((text, at) => {
      const [span = '', f = '', input = '', output = ''] = text.split(' | ');
      return { ...parse(`C1 ${span} ${f} k`, at), input, output, failed: output.startsWith('Err') };
    });
  const judged = (...lines: string[]): string => {
    const operations = puts(...lines);
    const model = chooseModel(operations);
    assert.is(model, versionedModel);
    return checkHistory(versionedModel, operations).verdict;
  };
  assert.is(judged('1-2 | put | a 0 | OK', '3-4 | put | b 1 | ErrVersion', '5-6 | get |  | a'), 'legal');
  assert.is(judged('1-2 | put | a 0 | OK', '3-4 | put | b 1 | OK', '5-6 | get |  | b 2', '7-8 | put | c 1 | ErrVersion'), 'legal');
  assert.is(judged('1-2 | put | a 0 | OK', '3-4 | get |  | a 1', '5-6 | put | b 1 | ErrVersion'), 'illegal', 'refused although it fits');
  assert.is(judged('1-2 | put | a 0 | OK', '3-4 | put | b 0 | OK', '5-6 | get |  | b'), 'illegal', 'the version has grown');
  assert.is(judged('1-2 | put | a 0 | OK', '3-4 | get |  | ErrNoKey'), 'illegal', 'the key exists');
  assert.is(judged('1-2 | put | a 0 | ErrVersion', '3-4 | get |  | a'), 'illegal', 'a new key has version 0, and what was refused is read');
  assert.is(
    judged('1-2 | get |  | ErrNoKey', '3-4 | put | a 0 | OK', '5-6 | get |  | a 1', '7-8 | get |  | a 2'),
    'illegal',
    'nobody wrote between',
  );
});

it('takes a value that stands for nothing for the initial one, where all keys read it and nobody wrote it', () => {
  const zero = ['C1 1-2 read x -> 0', 'C1 3-4 write x 1', 'C2 5-6 read x -> 1'].map(parse);
  assert.is(initialValueOf(registerModel, zero), '0');
  assert.is(checkHistory(startingWith(registerModel, '0'), zero).verdict, 'legal');
  assert.is(checkHistory(startingWith(registerModel, '0'), [...zero, parse('C2 7-8 read x -> 0', 9)]).verdict, 'illegal');
  assert.is(initialValueOf(registerModel, ['C1 1-2 read x -> 7'].map(parse)), null, 'a 7 came from somewhere');
  assert.is(initialValueOf(registerModel, ['C1 1-2 read x -> 0', 'C1 3-4 read y -> nil'].map(parse)), null);
});

/** With it the histories below would be easy. */
const withoutHorizon: SequentialModel = {
  name: 'key/value',
  initial: keyValueModel.initial,
  partOf: keyValueModel.partOf,
  step: keyValueModel.step,
  readsOnly: keyValueModel.readsOnly,
  observesFailure: keyValueModel.observesFailure,
};

it('sees at once that no order of many appends gives what was never appended', () => {
  const appends = Array.from({ length: 22 }, (_value, n) => parse(`H${n} ${n + 1}-${100 + n} append x ${n};`, n));
  const report = checkHistory(keyValueModel, [...appends, parse('H99 200-201 get x -> never', 99)]);
  assert.is(report.verdict, 'illegal');
  assert.is(report.contradiction?.at.client, 'H99');
  assert.ok(report.steps < 1000);
});

it('stops at the first part that is illegal, and does not wait for one that is hard', () => {
  const hard = Array.from({ length: 22 }, (_, n) => parse(`H${n} ${n + 1}-${100 + n} append x ${n};`, n));
  const never = [...hard, parse('H99 200-201 get x -> never', 99)];
  const easy = ['C1 300-301 put y 1', 'C2 302-303 get y -> 2'].map(parse);
  const report = checkHistory(withoutHorizon, [...never, ...easy]);
  assert.equal([report.verdict, report.contradiction?.part, report.undecided], ['illegal', 'y', []]);
});

it('bounds its memory, and says unknown', () => {
  const hard = Array.from({ length: 22 }, (_, n) => parse(`H${n} ${n + 1}-${100 + n} append x ${n};`, n));
  const never = [...hard, parse('H99 200-201 get x -> never', 99)];
  const report = checkHistory(withoutHorizon, never, { stepsMax: 1e9, bytesMax: 4e6 });
  assert.equal([report.verdict, report.undecided], ['unknown', ['x']]);
});

it('knows a lock, and transactions over several keys', () => {
  assert.is(verdict(mutexModel, 'C1 1-2 acquire l', 'C1 3-4 release l', 'C2 5-6 acquire l'), 'legal');
  assert.is(verdict(mutexModel, 'C1 1-2 acquire l', 'C2 3-4 acquire l'), 'illegal');
  const txn = (span: string, done: string, at: number): Operation => ({ ...parse(`C1 ${span} txn`, at), input: done, output: done });
  const swapped = [
    txn('1-2', '[["w","x","1"],["w","y","2"]]', 1),
    txn('3-4', '[["r","x","1"],["w","y","1"]]', 2),
    txn('5-6', '[["r","x","1"],["r","y","1"]]', 3),
  ];
  assert.is(checkHistory(transactionModel, swapped).verdict, 'legal');
  assert.is(chooseModel(swapped), transactionModel);
  assert.is(chooseModel([...swapped, txn('7-8', '[["append","x","1"]]', 4)]), null, 'what an append does, this model does not know');
  assert.is(checkHistory(transactionModel, [...swapped, txn('7-8', '[["r","y","2"]]', 4)]).verdict, 'illegal');
});

it('takes an operation whose client uses its number again for one of unknown outcome', () => {
  const recorder = new HistoryRecorder();
  let seq = 0;
  const client = (op: 'Invoke' | 'Ok' | 'Fail', opid: number, f: string, value: string): void => {
    seq += 1;
    recorder.observe({ seq, time: seq, node: 'C1', boot: 0, op, src: 'C1', dst: 'C1', client: 'C1', opid, f, key: 'x', value });
  };
  client('Invoke', 3, 'put', '7');
  client('Invoke', 3, 'get', '');
  client('Ok', 3, 'get', '7');
  client('Invoke', 4, 'put', '8');
  client('Fail', 4, 'put', 'ErrMaybe');
  assert.equal(
    recorder.operations().map(({ f, input, output }) => [f, input, output]),
    [
      ['put', '7', null],
      ['get', '', '7'],
      ['put', '8', null],
    ],
  );
  assert.is(checkHistory(keyValueModel, recorder.operations()).verdict, 'legal');
});
