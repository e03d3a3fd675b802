import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { FoldedRows } from '../src/model/folded-rows.ts';
import { Lines, type ListLine } from '../src/model/lines.ts';

const lines = suite('lines');

/** The classes of rows, and where the log grows in between: three of a class that stand together fold. */
const LEAST = 3;
const classesOf = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 60 });

/** What the list must be, written down the slow way. */
function expectedLines(rows: readonly number[], classes: readonly number[], opened: ReadonlySet<number>): ListLine[] {
  const result: ListLine[] = [];
  for (let at = 0; at < rows.length; ) {
    const first = rows[at] ?? 0;
    let end = at + 1;
    while (classes[first] !== 0 && end < rows.length && classes[rows[end] ?? 0] === classes[first]) end += 1;
    const group = rows.slice(at, end);
    if (group.length >= LEAST && !opened.has(first)) result.push({ first, last: group.at(-1) ?? first, count: group.length });
    else result.push(...group.map((row) => ({ first: row, last: row, count: 1 })));
    at = end;
  }
  return result;
}

function listed(of: Lines): ListLine[] {
  return Array.from({ length: of.count }, (_, line) => of.at(line));
}

function foldedRows(classes: readonly number[], pieces: readonly (readonly number[])[]): FoldedRows {
  const rows = new FoldedRows({ classOf: (row) => classes[row] ?? 0, leastOf: () => LEAST });
  for (const piece of pieces) rows.add(piece);
  return rows;
}

/** The rows of a filter, cut into pieces as a growing log brings them. */
const scenario = classesOf.chain((classes) =>
  fc.record({
    classes: fc.constant(classes),
    kept: fc.array(fc.boolean(), { minLength: classes.length, maxLength: classes.length }),
    cuts: fc.array(fc.integer({ min: 0, max: Math.max(0, classes.length) }), { maxLength: 4 }),
    opens: fc.array(fc.nat(), { maxLength: 4 }),
  }),
);

lines('fold like the slow way, in whatever pieces the rows come and whichever folds are opened', () => {
  fc.assert(
    fc.property(scenario, ({ classes, kept, cuts, opens }) => {
      const rows = classes.map((_, row) => row).filter((row) => kept[row] === true);
      const bounds = [0, ...[...cuts].sort((a, b) => a - b).map((cut) => Math.min(cut, rows.length)), rows.length];
      const pieces = bounds.slice(1).map((end, at) => rows.slice(bounds[at], end));
      let view = new Lines(foldedRows(classes, pieces));
      assert.equal(listed(view), expectedLines(rows, classes, new Set()));
      const opened = new Set<number>();
      for (const open of opens) {
        if (view.count === 0) break;
        const { first, count } = view.at(open % view.count);
        if (count > 1) opened.add(first);
        view = view.opening(first);
        assert.equal(listed(view), expectedLines(rows, classes, opened));
      }
      for (const [line, { first }] of listed(view).entries()) assert.is(view.lineOf(first), line);
      for (const row of rows) assert.ok(view.shows(row) && view.at(view.lineOf(row)).first <= row && view.at(view.lineOf(row)).last >= row);
    }),
    { seed: 7, numRuns: 300 },
  );
});

lines('closing a fold gives the list back as it was before it was opened', () => {
  const view = new Lines(foldedRows([1, 1, 1, 0, 2, 2, 2, 2], [[0, 1, 2, 3, 4, 5, 6, 7]]));
  const opened = view.opening(5);
  assert.is(opened.count, 6);
  assert.equal(listed(opened.closing(6)), listed(view));
  assert.is(opened.closing(3), opened);
});

lines('a row that is not shown is found at the line before it', () => {
  const view = new Lines(foldedRows([0, 0, 0, 0], [[1, 3]]));
  assert.is(view.lineOf(2), 0);
  assert.is(view.lineOf(0), 0);
  assert.not(view.shows(2));
});

lines('the rows after a row and before it come in order, folded ones too', () => {
  const view = new Lines(foldedRows([1, 1, 1, 0], [[0, 1, 2, 3]]));
  assert.equal([...view.rowsFrom(0, 1)], [1, 2, 3]);
  assert.equal([...view.rowsFrom(3, -1)], [2, 1, 0]);
  assert.equal([...view.rowsFrom(-1, 1)], [0, 1, 2, 3]);
});
