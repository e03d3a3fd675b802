import { OPCODE_NAMES } from '@raftlens/events';
import { linearPattern } from '@raftlens/patterns';
import { assert, suite, throws } from '@raftlens/testing';
import fc from 'fast-check';
import { CancelledError, Filter, FilterError, FLAG_HEARTBEAT, type LogStore, openText, parseFilter } from '../../src/index.ts';
import { ELECTION, textOfLog } from '../lines.ts';

const log = openText(`${textOfLog(ELECTION)}panic: term=1 in the wrong place\n${textOfLog(ELECTION)}`);

const selected = (expression: string): number[] => [...new Filter(expression).select(log)];

/** A filter and, told in the plainest way, whether it selects a row. */
interface Case {
  readonly text: string;
  readonly selects: (log: LogStore, row: number) => boolean;
}

const numberCases = fc
  .record({
    field: fc.constantFrom('term', 'commit', 'last', 'time', 'seq', 'msgTerm', 'level'),
    operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    value: fc.nat(20),
  })
  .map(
    ({ field, operator, value }): Case => ({
      text: `${field}${operator}${value}`,
      selects: (from, row) => {
        const found = numberAt(from, row, field);
        switch (operator) {
          case '=':
            return found === value;
          case '!=':
            return found !== value;
          case '<':
            return found !== undefined && found < value;
          case '<=':
            return found !== undefined && found <= value;
          case '>':
            return found !== undefined && found > value;
          default:
            return found !== undefined && found >= value;
        }
      },
    }),
  );

function numberAt(from: LogStore, row: number, field: string): number | undefined {
  const event = from.event(row);
  // A line of no format stands at the time of the line before it.
  if (field === 'time') return event?.time ?? from.columns.time(row);
  if (event === null) return undefined;
  if (field === 'level') return event.op === 'Crash' ? 40 : 30;
  const value: unknown = Object.entries(event).find(([name]) => name === field)?.[1];
  return typeof value === 'number' ? value : undefined;
}

const nameCases = fc
  .record({
    field: fc.constantFrom('node', 'src', 'dst', 'op', 'dir', 'role', 'vote', 'for'),
    values: fc.array(fc.constantFrom('S1', 'S2', 'S9', 'TEST'), { minLength: 1, maxLength: 2 }),
    isNegated: fc.boolean(),
  })
  .map(({ field, values, isNegated }): Case => {
    const known: Record<string, readonly string[]> = {
      op: ['Vote', 'AppendEntries'],
      dir: ['send', 'drop'],
      role: ['leader', 'candidate'],
    };
    const wanted = values.map((value, i) => known[field]?.[i] ?? value);
    return {
      text: `${field}${isNegated ? '!=' : '='}${wanted.join(',')}`,
      selects: (from, row) => {
        const value: unknown = Object.entries(from.event(row) ?? {}).find(([name]) => name === field)?.[1];
        const told = value === null ? 'none' : typeof value === 'string' ? value : '';
        return wanted.includes(told) !== isNegated;
      },
    };
  });

const textCases = fc.constantFrom('S1->S2', 'T1', 'panic', 'prev=', 'nowhere').map(
  (text): Case => ({
    text: `"${text}"`,
    selects: (from, row) => from.line(row).includes(text),
  }),
);

const wordCases = fc.constantFrom('heartbeat', 'unmatched', 'message', 'Vote').map(
  (word): Case => ({
    text: word,
    selects: (from, row) => {
      const event = from.event(row);
      if (word === 'unmatched') return event === null;
      if (word === 'message') return event?.dir !== undefined;
      if (word === 'Vote') return event?.op === 'Vote';
      return (from.columns.flags(row) & FLAG_HEARTBEAT) !== 0;
    },
  }),
);

const leaves = fc.oneof(numberCases, nameCases, textCases, wordCases);
const cases = fc.letrec<{ node: Case }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    leaves,
    fc.tuple(tie('node'), tie('node'), fc.constantFrom(' ', ' and ')).map(
      ([a, b, and]): Case => ({
        text: `(${a.text})${and}(${b.text})`,
        selects: (from, row) => a.selects(from, row) && b.selects(from, row),
      }),
    ),
    fc.tuple(tie('node'), tie('node')).map(
      ([a, b]): Case => ({
        text: `(${a.text} or ${b.text})`,
        selects: (from, row) => a.selects(from, row) || b.selects(from, row),
      }),
    ),
    fc.tuple(tie('node'), fc.constantFrom('!', 'not ')).map(
      ([a, not]): Case => ({
        text: `${not}(${a.text})`,
        selects: (from, row) => !a.selects(from, row),
      }),
    ),
  ),
})).node;

const filtering = suite('The filter language');

filtering('selects what a plain reading of it selects', async () => {
  await log.done;
  fc.assert(
    fc.property(cases, ({ text, selects }) => {
      const rows = Array.from({ length: log.size }, (_, row) => row).filter((row) => selects(log, row));
      assert.equal(selected(text), rows, text);
    }),
    { numRuns: 300, seed: 20261124 },
  );
});

filtering('binds "not" before "and", and "and" before "or"', () => {
  assert.equal(selected('op=Vote or op=Boot node=S2'), selected('(op=Vote) or (op=Boot and node=S2)'));
  assert.equal(selected('!op=Vote node=S2'), selected('(!(op=Vote)) and node=S2'));
});

filtering('selects everything when it says nothing', () => {
  assert.is(selected('').length, log.size);
  assert.is(selected('  ').length, log.size);
});

filtering('matches regular expressions, with flags and slashes', () => {
  assert.equal(selected('msg~/becomeLEADER/i'), selected('op=BecomeLeader'));
  assert.equal(selected('msg~/last=0\\/0/'), selected('"last=0/0"'));
  assert.equal(selected('node~/^S[12]$/'), selected('node=S1,S2'));
  assert.equal(selected('msg~"S1->S2"'), selected('src=S1 dst=S2 dir=send'));
});

filtering('knows times with units and levels by name', () => {
  assert.equal(selected('time>=0.005s'), selected('time>=5ms'));
  assert.equal(selected('level>=warn'), selected('op=Crash'));
});

filtering('applies to a part of the rows', () => {
  const all = selected('op=Boot');
  assert.equal(
    [...new Filter('op=Boot').select(log, 1, 20)],
    all.filter((row) => row >= 1 && row < 20),
  );
});

filtering('counts as it goes, and can be cancelled', async () => {
  const counts: number[] = [];
  const rows = await log.filter('op=Boot', { onProgress: (count) => counts.push(count) });
  assert.is(counts.at(-1), rows.length);
  const cancelled = AbortSignal.abort();
  let thrown: unknown;
  await log.filter('op=Boot', { signal: cancelled }).catch((error: unknown) => (thrown = error));
  assert.ok(thrown instanceof CancelledError);
});

const MISTAKES: readonly (readonly [string, number, string])[] = [
  ['nod=S1', 1, 'there is no field "nod"; did you mean "node"?'],
  ['node=S1 op=AppendEntry', 12, 'there is no op "AppendEntry"; did you mean "AppendEntries"?'],
  ['term>=x', 7, '"x" is no number, and term is one'],
  ['role>leader', 5, '"role" has no order: use = or !='],
  ['(op=Vote', 9, 'a ) is missing'],
  ['op=Vote)', 8, 'this ) closes nothing'],
  ['node=', 6, 'a value is missing'],
  ['=S1', 1, 'a field or a word must stand before "="'],
  ['msg~/(/', 5, 'Invalid regular expression: /(/: Unterminated group'],
  ['msg~/a', 5, 'the regular expression is not closed: a second / is missing'],
  ['"open', 1, 'the text is not closed: a second " is missing'],
  ['hartbeat', 1, '"hartbeat" is no word of the filter; did you mean "heartbeat"?'],
  ['term', 1, 'the field "term" needs a comparison, as in term=...'],
  ['term>1,2', 7, 'a list goes with = and !=, not with >'],
  ['granted=maybe', 9, 'granted is true or false'],
  ['op=Vote or', 11, 'something is missing: a field, a word or a ('],
  ['!'.repeat(200), 101, 'more than 100 levels of ( and !'],
];

for (const [text, column, reason] of MISTAKES) {
  filtering(`points at the mistake in ${text.slice(0, 30)}`, () => {
    const error = throws(() => new Filter(text), FilterError);
    assert.ok(error instanceof FilterError);
    assert.is(error.reason, reason);
    assert.is(error.column, column);
  });
}

filtering('never fails but with a place, whatever is typed', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc
          .array(fc.constantFrom('op', '=', '(', ')', '!', 'or', 'Vote', '/', '"', '~', ',', ' ', '1'), { maxLength: 12 })
          .map((all) => all.join('')),
      ),
      (text) => {
        const parsed = parseFilter(text);
        if (parsed.ok) return;
        assert.ok(parsed.error.column >= 1 && parsed.error.column <= text.length + 1);
      },
    ),
    { numRuns: 1000, seed: 20261124 },
  );
});

filtering('has a word for every opcode', () => {
  for (const op of OPCODE_NAMES) assert.ok(parseFilter(op).ok);
});

const patterns = suite('Patterns of a filter');

patterns('are answered at once where backtracking would not come to an end', async () => {
  const slow = openText(textOfLog([{ op: 'Note', detail: `${'a'.repeat(50_000)}b` }]));
  await slow.done;
  for (const expression of ['msg~/(a+)+$/', 'line~/^(.*a){12}Z/', 'detail~/(a|a)*c/']) assert.is((await slow.filter(expression)).length, 0);
  assert.is(await slow.search(linearPattern('(a+)+$'), 0, 'forward'), -1);
});

patterns('say what they cannot match in linear time, and where', () => {
  const error = throws(() => new Filter('op=Note msg~/(?=a)b/'), { code: 'BAD_FILTER' });
  assert.match(String(error), /lookahead.*\(column 13 /);
});
