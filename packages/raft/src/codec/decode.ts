import type { Configuration, ServerId } from '../configuration.ts';
import { decodeConfiguration } from '../configuration-codec.ts';
import { type Command, createEntry, type LogEntry } from '../entry.ts';
import type { AppendEntriesReply, AppendEntriesRequest, Envelope, InstallSnapshotRequest, Message, MessageKind } from '../message.ts';
import { ByteReader } from './byte-reader.ts';
import { BYTES, ENTRY_KINDS, MESSAGE_KINDS, TEXT, VERSION } from './kinds.ts';

/** The fewest bytes that a command, an entry and a name take. */
const COMMAND_BYTES = 2;
const ENTRY_BYTES = 4;
const NAME_BYTES = 2;

/**
 * The message that `encodeMessage` made these bytes of. The bytes may come from anybody: what is no message is refused, nothing is made that
 * is larger than the bytes by more than a small factor, and the message keeps no part of them. Bound their number where they are received.
 *
 * @throws MessageError `BAD_MESSAGE`, with the byte at which they go wrong.
 */
export function decodeMessage(bytes: Uint8Array): Message {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== VERSION) throw reader.wrong(`version ${version} of the format; this is ${VERSION}`);
  const kind = MESSAGE_KINDS[reader.byte()];
  if (kind === undefined) throw reader.wrong('an unknown kind');
  const envelope = { id: reader.number(), re: reader.number(), from: readName(reader), to: readName(reader), term: reader.number() };
  const message = readBody(reader, kind, envelope);
  reader.end();
  return message;
}

function readBody(reader: ByteReader, kind: MessageKind, envelope: Envelope): Message {
  switch (kind) {
    case 'AppendEntries':
      return readAppend(reader, envelope);
    case 'AppendEntriesReply':
      return readAppendReply(reader, envelope);
    case 'RequestVote':
    case 'PreVote':
      return { ...envelope, kind, lastLogIndex: reader.number(), lastLogTerm: reader.number(), transfer: reader.flag() };
    case 'RequestVoteReply':
    case 'PreVoteReply':
      return { ...envelope, kind, granted: reader.flag() };
    case 'InstallSnapshot':
      return readSnapshot(reader, envelope);
    case 'InstallSnapshotReply':
      return { ...envelope, kind, lastIncludedIndex: reader.number(), success: reader.flag(), offset: reader.number() };
    case 'TimeoutNow':
      return { ...envelope, kind };
    case 'Propose':
      return { ...envelope, kind, commands: readList(reader, COMMAND_BYTES, readCommand) };
    case 'ReadIndex':
      return { ...envelope, kind, ctx: reader.text() };
    case 'ReadIndexReply': {
      const ctx = reader.text();
      const success = reader.flag();
      const index = reader.number();
      return { ...envelope, kind, ctx, success, index: success ? index : -1, lease: reader.flag() };
    }
  }
}

function readAppend(reader: ByteReader, { id, re, from, to, term }: Envelope): AppendEntriesRequest {
  const prevLogIndex = reader.number();
  const prevLogTerm = reader.number();
  const leaderCommit = reader.number();
  const round = reader.number();
  const entries: LogEntry[] = [];
  const count = reader.count(ENTRY_BYTES);
  if (prevLogIndex + count > Number.MAX_SAFE_INTEGER) throw reader.wrong('an index is too large');
  for (let place = 1; place <= count; place++) entries.push(readEntry(reader, prevLogIndex + place));
  return { kind: 'AppendEntries', id, re, from, to, term, prevLogIndex, prevLogTerm, entries, leaderCommit, round };
}

function readEntry(reader: ByteReader, index: number): LogEntry {
  const term = reader.number();
  const kind = ENTRY_KINDS[reader.byte()];
  if (kind === undefined) throw reader.wrong('an unknown kind of entry');
  const command = readCommand(reader);
  if (kind === 'config' && !isConfiguration(command)) throw reader.wrong('an entry for a configuration that holds none');
  return createEntry(index, term, kind, command);
}

function isConfiguration(command: Command): boolean {
  try {
    decodeConfiguration(command);
    return true;
  } catch {
    return false;
  }
}

function readCommand(reader: ByteReader): Command {
  const kind = reader.byte();
  if (kind !== TEXT && kind !== BYTES) throw reader.wrong('an unknown kind of command');
  return kind === TEXT ? reader.text() : reader.bytes();
}

function readAppendReply(reader: ByteReader, { id, re, from, to, term }: Envelope): AppendEntriesReply {
  return {
    kind: 'AppendEntriesReply',
    id,
    re,
    from,
    to,
    term,
    success: reader.flag(),
    match: reader.number(),
    conflictIndex: reader.number(),
    conflictTerm: reader.number(),
    prevLogIndex: reader.number(),
    round: reader.number(),
  };
}

const NO_BYTES = new Uint8Array(0);

function readSnapshot(reader: ByteReader, envelope: Envelope): InstallSnapshotRequest {
  const snapshot = { index: reader.number(), term: reader.number(), configuration: readConfiguration(reader), data: NO_BYTES };
  return { ...envelope, kind: 'InstallSnapshot', snapshot, offset: reader.number(), chunk: reader.bytes(), done: reader.flag() };
}

function readConfiguration(reader: ByteReader): Configuration {
  const servers = (): readonly ServerId[] => readList(reader, NAME_BYTES, readName);
  return { voters: servers(), outgoing: servers(), learners: servers(), learnersNext: servers() };
}

function readList<T>(reader: ByteReader, bytesMin: number, read: (reader: ByteReader) => T): readonly T[] {
  const items: T[] = [];
  for (let left = reader.count(bytesMin); left > 0; left--) items.push(read(reader));
  return items;
}

function readName(reader: ByteReader): ServerId {
  const name = reader.text();
  if (name === '') throw reader.wrong('a server without a name');
  return name;
}
