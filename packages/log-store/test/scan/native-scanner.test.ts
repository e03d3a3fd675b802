import { decodeLine, type Event, encodeLine } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { ABSENT, DIRECTIONS, FLAG_HEARTBEAT, FLAG_STATE, FLAG_UNMATCHED, LARGEST, OPCODE_CODES, ROLES } from '../../src/index.ts';
import { MemorySource } from '../../src/io/byte-source.ts';
import { NativeScanner, SLACK_BYTES } from '../../src/scan/native-scanner.ts';
import { RangeScan } from '../../src/scan/range.ts';
import { ELECTION, eventsOf } from '../lines.ts';

/** What the columns of one row say. */
interface Cells {
  readonly time: number;
  readonly level: number;
  readonly node: string;
  readonly src: string;
  readonly dst: string;
  readonly op: string | null;
  readonly dir: string | null;
  readonly role: string | null;
  readonly term: number;
  readonly commit: number;
  readonly id: number;
  readonly re: number;
  readonly flags: number;
}

function scanned(text: string): { rows: Cells[]; lines: string[] } {
  const body = Buffer.from(text);
  const bytes = Buffer.concat([body, Buffer.alloc(SLACK_BYTES, '\n')]);
  const chunk = new NativeScanner().scan(bytes, body.length, true);
  const names = ['', ...chunk.newNames];
  const rows = Array.from({ length: chunk.rows }, (_, i) => ({
    time: chunk.time[i] ?? Number.NaN,
    level: chunk.level[i] ?? 0,
    node: names[chunk.node[i] ?? 0] ?? '',
    src: names[chunk.src[i] ?? 0] ?? '',
    dst: names[chunk.dst[i] ?? 0] ?? '',
    op: OPCODE_CODES[chunk.op[i] ?? 0] ?? null,
    dir: DIRECTIONS[chunk.dir[i] ?? 0] ?? null,
    role: ROLES[chunk.role[i] ?? 0] ?? null,
    term: chunk.term[i] ?? ABSENT,
    commit: chunk.commit[i] ?? ABSENT,
    id: chunk.id[i] ?? 0,
    re: chunk.re[i] ?? 0,
    flags: chunk.flags[i] ?? 0,
  }));
  const starts = [...chunk.starts.subarray(0, chunk.rows), chunk.bytesUsed];
  const lines = rows.map((_, i) => body.toString('utf8', starts[i], starts[i + 1]));
  return { rows, lines };
}

/** Columns hold what is between 0 and LARGEST; what is outside stands as the nearer end. */
function clamped(value: number): number {
  return Math.min(Math.max(value, 0), LARGEST);
}

/** The same, by decoding the whole line. */
function expected(event: Event, level: number): Cells {
  const heartbeat = event.op === 'AppendEntries' && event.n === 0 ? FLAG_HEARTBEAT : 0;
  return {
    time: event.time,
    level,
    node: event.node,
    src: event.src,
    dst: event.dst,
    op: event.op,
    dir: event.dir ?? null,
    role: event.role ?? null,
    term: event.term === undefined ? ABSENT : clamped(event.term),
    commit: event.commit === undefined ? ABSENT : clamped(event.commit),
    id: Math.max(event.id ?? 0, 0),
    re: Math.max(event.re ?? 0, 0),
    flags: heartbeat | (event.term === undefined ? 0 : FLAG_STATE),
  };
}

const LINES = eventsOf(ELECTION).map(encodeLine);
const scanning = suite('The scanner of native lines');

scanning('says what the decoder says', () => {
  const { rows } = scanned(LINES.map((line) => `${line}\n`).join(''));
  rows.forEach((row, i) => {
    const event = decodeLine(LINES[i] ?? '').event;
    assert.ok(event);
    assert.equal(row, expected(event, i === 17 ? 40 : 30));
  });
});

const DAMAGE = [
  '{',
  '}',
  '"',
  '\\',
  ',',
  ':',
  '0',
  '9',
  '-',
  '.',
  'e',
  'x',
  ' ',
  '\n',
  '\r',
  '\0',
  'é',
  '\u202e',
  'S1',
  '"term":5,',
  'null',
  '[[[[',
];

/** A line in which a few places were overwritten, cut out or filled up. */
const damagedLines = fc
  .tuple(
    fc.constantFrom(...LINES),
    fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(6), put: fc.constantFrom('', ...DAMAGE) }), {
      maxLength: 3,
    }),
  )
  .map(([line, damages]) =>
    damages.reduce((text, { at, cut, put }) => {
      const place = Math.floor(at * text.length);
      return text.slice(0, place) + put + text.slice(place + cut);
    }, line),
  );

scanning('loses no byte of damaged lines, and what it takes for an event is one as far as columns go', () => {
  fc.assert(
    fc.property(fc.array(damagedLines, { minLength: 1, maxLength: 8 }), (damaged) => {
      const text = damaged.join('\n');
      const { rows, lines } = scanned(text);
      assert.is(lines.join(''), text);
      rows.forEach((row, i) => {
        const event = decodeLine((lines[i] ?? '').replace(/\r?\n$/, '')).event;
        // The rest of a line behind its columns is decoded when somebody asks for the event.
        if (event === undefined) return;
        assert.is(row.flags & FLAG_UNMATCHED, 0, `${lines[i]} is an event`);
        assert.equal({ ...row, level: 0 }, expected(event, 0));
      });
    }),
    { numRuns: 600, seed: 20261124 },
  );
});

scanning('reads numbers as JSON does', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.double({ min: 0, max: 1e15, noNaN: true }),
        fc.nat().map((n) => n / 1000),
      ),
      fc.maxSafeNat(),
      (time, term) => {
        const line = `{"level":30,"time":${time},"seq":1,"node":"S1","boot":1,"op":"BecomeLeader","src":"S1","dst":"S1","term":${term},"role":"leader","vote":null,"commit":0,"applied":0,"last":0,"lastTerm":0,"msg":""}\n`;
        const [row] = scanned(line).rows;
        assert.is(row?.time, Number(String(time)));
        assert.is(row?.term, Math.min(term, LARGEST));
      },
    ),
    { numRuns: 500, seed: 20261124 },
  );
});

scanning('gives the same rows whatever ranges a file is cut into', () => {
  const text = LINES.map((line, i) => (i % 5 === 0 ? `${line}\n\nnoise\n` : `${line}\n`)).join('');
  const whole = scanned(text).rows.length;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: text.length + 10 }), (size) => {
      const scan = new RangeScan(new MemorySource('x', Buffer.from(text)), new NativeScanner());
      let rows = 0;
      let next = 0;
      for (let from = 0; from < text.length; from += size) {
        const { base, chunk } = scan.scan(from, Math.min(from + size, text.length));
        if (chunk.rows === 0) continue;
        assert.is(base, next, 'the ranges follow each other without a gap');
        next = base + chunk.bytesUsed;
        rows += chunk.rows;
      }
      assert.is(rows, whole);
      assert.is(next, text.length);
    }),
    { numRuns: 200, seed: 20261124 },
  );
});
