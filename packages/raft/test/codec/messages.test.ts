import { assert, suite, throws } from '@raftlens/testing';
import fc from 'fast-check';
import { encodeConfiguration } from '../../src/configuration-codec.ts';
import { decodeMessage, encodeMessage } from '../../src/entry-points/messages.ts';
import { configurationOf, createEntry, type Message } from '../../src/index.ts';
import { isMessage } from '../../src/message-check.ts';
import { Cluster } from '../cluster.ts';
import { appendEntries, requestVote } from '../messages.ts';

const it = suite('messages as bytes');

/** With the prototype of what the code makes. */
function record<T extends object>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true }).map((made) => ({ ...made }));
}

const count = fc.maxSafeNat();
const name = fc.string({ minLength: 1, unit: 'grapheme' });
const bytes = fc.uint8Array({ maxLength: 50 });
const command = fc.oneof(fc.string({ unit: 'grapheme' }), bytes);
const envelope = { id: count, re: count, from: name, to: name, term: count };
const names = fc.array(name, { maxLength: 4 });
const configuration = record({ voters: names, outgoing: names, learners: names, learnersNext: names });
const entry = fc.oneof(
  record({ term: count, kind: fc.constantFrom('command' as const, 'noop' as const), command }),
  record({ term: count, kind: fc.constant('config' as const), command: configuration.map(encodeConfiguration) }),
);
const append = record({
  ...envelope,
  prevLogIndex: fc.nat(),
  prevLogTerm: count,
  leaderCommit: count,
  round: count,
  made: fc.array(entry, { maxLength: 5 }),
}).map(({ made, ...rest }): Message => {
  const entries = made.map(({ term, kind, command: what }, place) => createEntry(rest.prevLogIndex + place + 1, term, kind, what));
  return { ...rest, kind: 'AppendEntries', entries };
});
const snapshot = record({ index: count, term: count, configuration, data: fc.constant(new Uint8Array(0)) });
const message: fc.Arbitrary<Message> = fc.oneof(
  append,
  record({
    ...envelope,
    kind: fc.constant('AppendEntriesReply' as const),
    success: fc.boolean(),
    match: count,
    conflictIndex: count,
    conflictTerm: count,
    prevLogIndex: count,
    round: count,
  }),
  record({
    ...envelope,
    kind: fc.constantFrom('RequestVote' as const, 'PreVote' as const),
    lastLogIndex: count,
    lastLogTerm: count,
    transfer: fc.boolean(),
  }),
  record({ ...envelope, kind: fc.constantFrom('RequestVoteReply' as const, 'PreVoteReply' as const), granted: fc.boolean() }),
  record({ ...envelope, kind: fc.constant('InstallSnapshot' as const), snapshot, offset: count, chunk: bytes, done: fc.boolean() }),
  record({
    ...envelope,
    kind: fc.constant('InstallSnapshotReply' as const),
    lastIncludedIndex: count,
    success: fc.boolean(),
    offset: count,
  }),
  record({ ...envelope, kind: fc.constant('TimeoutNow' as const) }),
  record({ ...envelope, kind: fc.constant('Propose' as const), commands: fc.array(command, { maxLength: 5 }) }),
  record({ ...envelope, kind: fc.constant('ReadIndex' as const), ctx: fc.string({ unit: 'grapheme' }) }),
  record({
    ...envelope,
    kind: fc.constant('ReadIndexReply' as const),
    ctx: name,
    success: fc.boolean(),
    index: count,
    lease: fc.boolean(),
  }).map((reply) => (reply.success ? reply : { ...reply, index: -1 })),
);

/** Entries compare by what they hold. */
function plain(value: Message): unknown {
  return value.kind === 'AppendEntries'
    ? { ...value, entries: value.entries.map(({ index, term, kind, command: what, hash }) => [index, term, kind, what, hash]) }
    : value;
}

it('come back as they were', () => {
  fc.assert(
    fc.property(message, (sent) => {
      const came = decodeMessage(encodeMessage(sent));
      assert.equal(plain(came), plain(sent));
      assert.ok(isMessage(came) && isMessage(sent));
    }),
    { seed: 1, numRuns: 3000 },
  );
});

it('are refused where they are cut short, or something follows', () => {
  fc.assert(
    fc.property(message, fc.nat(), (sent, where) => {
      const whole = encodeMessage(sent);
      throws(() => decodeMessage(whole.subarray(0, where % whole.length)), { code: 'BAD_MESSAGE' });
      throws(() => decodeMessage(Uint8Array.of(...whole, 0)), { code: 'BAD_MESSAGE' });
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('that somebody else made are refused, or are messages, and nothing else is thrown', () => {
  const garbled = fc.tuple(message, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 })).map(([sent, changes]) => {
    const bent = encodeMessage(sent);
    for (const [where, value] of changes) bent[where % bent.length] = value;
    return bent;
  });
  fc.assert(
    fc.property(fc.oneof(garbled, fc.uint8Array({ maxLength: 200 })), (any) => {
      const came = decoded(any);
      assert.ok(came === null || isMessage(came));
    }),
    { seed: 1, numRuns: 5000 },
  );
});

function decoded(any: Uint8Array): Message | null {
  try {
    return decodeMessage(any);
  } catch (error) {
    assert.is(error instanceof Error && 'code' in error ? error.code : error, 'BAD_MESSAGE');
    return null;
  }
}

it('of another version are refused', () => {
  const other = encodeMessage(requestVote());
  other[0] = 2;
  assert.match(throws(() => decodeMessage(other), { code: 'BAD_MESSAGE' }).message, /version 2 of the format; this is 1 \(byte 1 of/);
});

it('keep no part of the bytes that they were read from', () => {
  const sent = appendEntries({ entries: [createEntry(1, 1, 'command', Uint8Array.of(1, 2))] });
  const buffer = Buffer.from(encodeMessage(sent));
  const came = decodeMessage(buffer);
  buffer.fill(0);
  assert.equal(plain(came), plain(sent));
});

it('are not made of a text that has no UTF-8, nor of numbers that are none', () => {
  throws(() => encodeMessage(requestVote({ from: '\ud800' })), { code: 'BAD_MESSAGE' });
  throws(() => encodeMessage(requestVote({ lastLogIndex: -1 })), { code: 'BAD_MESSAGE' });
});

it('that went through JSON are not taken for messages, and change nothing', () => {
  const cluster = new Cluster(['S1', 'S2', 'S3']);
  const before = cluster.machine('S1').status();
  const sent: readonly Message[] = [
    appendEntries({ term: 2, entries: [createEntry(1, 2, 'command', 'x')] }),
    appendEntries({ term: 2, entries: [createEntry(1, 2, 'command', Uint8Array.of(1))] }),
    {
      ...requestVote(),
      kind: 'InstallSnapshot',
      snapshot: { index: 1, term: 1, configuration: configurationOf(['S1']), data: new Uint8Array(0) },
      offset: 0,
      chunk: Uint8Array.of(1),
      done: true,
    },
  ];
  for (const each of sent) {
    const copy = throughJson(each);
    throws(() => cluster.machine('S1').receive(copy, 0), { code: 'NOT_A_MESSAGE' });
  }
  const rests: readonly object[] = [
    { term: '3' },
    { term: -1 },
    { id: 1.5 },
    { from: '' },
    { lastLogTerm: Number.NaN },
    { kind: 'Vote' },
    { transfer: undefined },
  ];
  for (const rest of rests) {
    throws(() => cluster.machine('S1').receive({ ...requestVote({ term: 3 }), ...rest }, 0), { code: 'NOT_A_MESSAGE' });
  }
  throws(() => cluster.machine('S1').receive(appendEntries({ term: 2, entries: [createEntry(7, 2, 'command', 'x')] }), 0), {
    code: 'NOT_A_MESSAGE',
  });
  throws(() => cluster.machine('S1').receive(appendEntries({ term: 2, entries: [createEntry(1, 2, 'config', '{}')] }), 0), {
    code: 'NOT_A_MESSAGE',
  });
  assert.equal(cluster.machine('S1').status(), before);
});

function throughJson(value: Message): Message {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return copy as Message;
}
