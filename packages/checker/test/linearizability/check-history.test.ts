import { assert, golden, suite } from '@raftlens/testing';
import fc from 'fast-check';
import {
  checkHistory,
  HistoryRecorder,
  keyValueModel,
  logModel,
  type Model,
  type Operation,
  pictureOf,
  registerModel,
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
    call: Number(call),
    end: open ? Number.POSITIVE_INFINITY : Number(end),
    callSeq: Number(call),
    endSeq: open ? 0 : Number(end),
  };
}

const verdict = (model: Model, ...lines: string[]): string => checkHistory(model, lines.map(parse)).verdict;

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

it('makes operations of the lines of a log; what never ends is of unknown outcome, what failed is left out', () => {
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
      ['C3', null, 3, 0],
    ],
  );
});

/** All orders, tried one by one. */
function bruteForce(operations: readonly Operation[]): boolean {
  const place = (left: readonly Operation[], state: string): boolean => {
    if (left.every(({ output }) => output === null)) return true;
    const firstEnd = Math.min(...left.map(({ end }) => end));
    return left.some((operation) => {
      if (operation.call > firstEnd) return false;
      const next = keyValueModel.step(state, operation);
      return (
        next !== null &&
        place(
          left.filter((other) => other !== operation),
          next,
        )
      );
    });
  };
  return place(operations, keyValueModel.initial);
}

const history = fc
  .array(
    fc.record({
      f: fc.constantFrom('get', 'put', 'append'),
      value: fc.constantFrom('', 'a', 'b', 'ab'),
      span: fc.tuple(fc.nat(1000), fc.nat(1000)),
      open: fc.nat(9),
    }),
    {
      minLength: 1,
      maxLength: 7,
    },
  )
  .map((drawn) =>
    drawn.map(({ f, value, span: [one, other], open }, at): Operation => {
      // Distinct moments: two events of a log never stand in one place.
      const call = Math.min(one, other) * 20 + at;
      const end = Math.max(one, other) * 20 + 10 + at;
      const unknown = open === 0;
      return {
        client: `C${at}`,
        opid: at,
        f,
        key: 'x',
        input: f === 'get' ? '' : value,
        output: unknown ? null : value,
        call,
        end: unknown ? Number.POSITIVE_INFINITY : end,
        callSeq: call,
        endSeq: end,
      };
    }),
  );

it('agrees with trying all orders, on small histories', () => {
  fc.assert(
    fc.property(history, (operations) => {
      assert.is(checkHistory(keyValueModel, operations).verdict, bruteForce(operations) ? 'legal' : 'illegal');
    }),
    { seed: 7, numRuns: 3000 },
  );
});
