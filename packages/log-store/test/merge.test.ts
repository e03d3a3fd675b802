import { type Event, type EventHeader, encodeLine, textOf } from '@raftlens/events';
import { assert, suite } from '@raftlens/testing';
import fc from 'fast-check';
import { openTexts, RECV } from '../src/index.ts';

const merging = suite('Several files');

const NODES = ['S1', 'S2', 'S3'];

interface History {
  /** In true order, with true times. */
  readonly events: readonly Event[];
}

/** A history in which every message is received after it was sent, by true time. */
const histories = fc
  .array(fc.record({ from: fc.nat(2), to: fc.nat(2), stepMs: fc.nat(20), isReceived: fc.boolean(), isLocal: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((draws): History => {
    let timeMs = 1000;
    const inFlight: Event[] = [];
    const events: Event[] = [];
    const seqs = [0, 0, 0];
    const emit = (node: number, rest: Partial<Event> & Pick<Event, 'op'>) => {
      timeMs += 1;
      const name = NODES[node] ?? '';
      const event: Event = { seq: (seqs[node] = (seqs[node] ?? 0) + 1), time: timeMs, node: name, boot: 1, src: name, dst: name, ...rest };
      events.push(event);
      return event;
    };
    draws.forEach(({ from, to, stepMs, isReceived, isLocal }, i) => {
      timeMs += stepMs;
      if (isLocal || from === to) {
        emit(from, { op: 'Timeout', timer: 'election' });
        return;
      }
      inFlight.push(emit(from, { op: 'TimeoutNow', dir: 'send', src: NODES[from] ?? '', dst: NODES[to] ?? '', id: i + 1, msgTerm: 1 }));
      const message = isReceived ? inFlight.shift() : undefined;
      if (message !== undefined)
        emit(NODES.indexOf(message.dst), {
          op: 'TimeoutNow',
          dir: 'recv',
          src: message.src,
          dst: message.dst,
          id: message.id ?? 0,
          msgTerm: 1,
        });
    });
    return { events };
  });

function filesOf(events: readonly Event[], offsetsMs: readonly number[]) {
  return NODES.map((name, i) => ({
    name,
    text: events
      .filter((event) => event.node === name)
      .map((event) => `${encodeLine({ ...event, time: event.time + (offsetsMs[i] ?? 0) })}\n`)
      .join(''),
  }));
}

merging('are merged so that no receive stands before its send, whatever their clocks say', async () => {
  await fc.assert(
    fc.asyncProperty(
      histories,
      fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 3, maxLength: 3 }),
      async ({ events }, offsetsMs) => {
        const log = openTexts(filesOf(events, offsetsMs));
        await log.done;
        assert.is(log.size, events.length);
        const lastSeq = new Map<string, number>();
        for (let row = 0; row < log.size; row++) {
          const event = log.event(row);
          assert.ok(event !== null);
          assert.is(event.seq, (lastSeq.get(event.node) ?? 0) + 1, 'the rows of a file keep their order');
          lastSeq.set(event.node, event.seq);
          assert.is(event.time, log.columns.time(row));
          if (log.columns.dir(row) !== RECV) continue;
          const send = log.partnerOf(row);
          assert.ok(send >= 0 && send < row, 'its send stands above');
          assert.is(log.partnerOf(send), row);
          assert.is(log.event(send)?.id, event.id);
          assert.ok(log.columns.time(send) <= log.columns.time(row) + 1e-9, 'and is not younger');
        }
      },
    ),
    { numRuns: 80, seed: 20261124 },
  );
});

merging('leave clocks alone that agree', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async ({ events }) => {
      const log = openTexts(filesOf(events, [0, 0, 0]));
      await log.done;
      assert.equal(
        log.files.map((file) => file.clockOffsetMs),
        [0, 0, 0],
      );
      const times = Array.from({ length: log.size }, (_, row) => log.event(row)?.time);
      assert.equal(
        times,
        events.map((event) => event.time),
      );
    }),
    { numRuns: 50, seed: 20261124 },
  );
});

merging('are merged so in formats without ids, too: what looks the same is joined', async () => {
  const lab = (event: Event) => `${String(Math.round(event.time * 10)).padStart(6, '0')} VOTE ${event.node} ${textOf(event)}\n`;
  await fc.assert(
    fc.asyncProperty(histories, async ({ events }) => {
      const texts = NODES.map((name) => ({
        name,
        text: events
          .filter((event) => event.node === name)
          .map(lab)
          .join(''),
      }));
      const log = openTexts(texts, { format: 'lab' });
      await log.done;
      assert.is(log.unmatched, 0);
      for (let row = 0; row < log.size; row++) {
        if (log.columns.dir(row) !== RECV) continue;
        const send = log.partnerOf(row);
        assert.ok(send >= 0 && send < row);
        assert.is(log.event(send)?.id, log.event(row)?.id);
        assert.is(log.text(send).slice(7), log.text(row).slice(7));
      }
    }),
    { numRuns: 50, seed: 20261124 },
  );
});

merging('say so when no offsets make sense of their clocks, and keep causal order', async () => {
  const line = (node: string, seq: number, time: number, rest: Partial<EventHeader>) =>
    `${encodeLine({ seq, time, node, boot: 1, src: 'S1', dst: 'S2', msgTerm: 1, ...rest, op: 'TimeoutNow' })}\n`;
  // S2 answers 100 ms before it was asked, and is answered 100 ms before that: its clock ran backwards.
  const log = openTexts([
    { name: 'a', text: line('S1', 1, 1000, { dir: 'send', id: 1 }) + line('S1', 2, 1001, { dir: 'recv', src: 'S2', dst: 'S1', id: 2 }) },
    { name: 'b', text: line('S2', 1, 900, { dir: 'recv', id: 1 }) + line('S2', 2, 1200, { dir: 'send', src: 'S2', dst: 'S1', id: 2 }) },
  ]);
  await log.done;
  assert.equal(
    log.notices.map((notice) => notice.code),
    ['CLOCKS'],
  );
  const ids = Array.from({ length: log.size }, (_, row) => `${log.event(row)?.dir} ${log.event(row)?.id}`);
  assert.equal(ids, ['send 1', 'recv 1', 'send 2', 'recv 2']);
});

const at = (node: string, seq: number, time: number, rest: Partial<Event> & Pick<Event, 'op'>) =>
  `${encodeLine({ seq, time, node, boot: 1, src: node, dst: node, ...rest })}\n`;
const STACK = 'goroutine 12 [running]:\nmain.store(0x1)\n\t/src/store.go:12 +0x1d\n';

async function linesMerged(...texts: readonly string[]): Promise<readonly string[]> {
  const log = openTexts(texts.map((text, i) => ({ name: `n${i + 1}`, text })));
  await log.done;
  const lines = Array.from({ length: log.size }, (_, row) => log.event(row)?.detail ?? log.event(row)?.op ?? log.line(row));
  log.close();
  return lines;
}

merging('leave a stack trace below its own line, also where another file has lines of the same time', async () => {
  const note = (node: string, seq: number, time: number, detail: string) => at(node, seq, time, { op: 'Note', detail });
  const failed = note('S1', 1, 200, 'failed') + STACK + note('S1', 2, 300, 'goes on');
  const other = note('S2', 1, 200, 'same time') + note('S2', 2, 200, 'again') + note('S2', 3, 250, 'later');
  const block = ['failed', ...STACK.trimEnd().split('\n')];
  assert.equal(await linesMerged(failed, other), [...block, 'same time', 'again', 'later', 'goes on']);
  assert.equal(await linesMerged(other, failed), ['same time', 'again', ...block, 'later', 'goes on']);
});

merging('leave it there where a receive has waited for that line, and where the times of a file go back', async () => {
  const message = { op: 'TimeoutNow', src: 'S1', dst: 'S2', id: 1, msgTerm: 1 } as const;
  const sender = at('S1', 1, 200, { ...message, dir: 'send' }) + STACK + at('S1', 2, 300, { op: 'Note', detail: 'goes on' });
  // The clock of the receiver is late, and jumps back: its next line has an earlier time than the send.
  const receiver = at('S2', 1, 150, { ...message, dir: 'recv' }) + at('S2', 2, 100, { op: 'Note', detail: 'set back' });
  assert.equal(await linesMerged(receiver, sender), ['TimeoutNow', ...STACK.trimEnd().split('\n'), 'TimeoutNow', 'set back', 'goes on']);
});
