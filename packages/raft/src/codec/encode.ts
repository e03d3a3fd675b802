import type { Configuration, ServerId } from '../configuration.ts';
import type { Command, LogEntry } from '../entry.ts';
import type { AppendEntriesReply, AppendEntriesRequest, InstallSnapshotRequest, Message } from '../message.ts';
import { ByteWriter } from './byte-writer.ts';
import { BYTES, ENTRY_KINDS, MESSAGE_KINDS, TEXT, VERSION } from './kinds.ts';

const writer = new ByteWriter();

/**
 * The message as bytes, for any transport that keeps messages apart; `decodeMessage` reads them. Numbers take one byte for each seven bits,
 * texts are UTF-8. The array is new and belongs to the caller.
 *
 * @throws MessageError `BAD_MESSAGE` for a text without UTF-8, or a number that is negative, no whole number or above 2^53 - 1.
 */
export function encodeMessage(message: Message): Uint8Array {
  writer.clear();
  writer.byte(VERSION);
  writer.byte(MESSAGE_KINDS.indexOf(message.kind));
  writer.number(message.id);
  writer.number(message.re);
  writer.text(message.from);
  writer.text(message.to);
  writer.number(message.term);
  writeBody(message);
  return writer.take();
}

function writeBody(message: Message): void {
  switch (message.kind) {
    case 'AppendEntries':
      writeAppend(message);
      break;
    case 'AppendEntriesReply':
      writeAppendReply(message);
      break;
    case 'RequestVote':
    case 'PreVote':
      writer.number(message.lastLogIndex);
      writer.number(message.lastLogTerm);
      writeFlag(message.transfer);
      break;
    case 'RequestVoteReply':
    case 'PreVoteReply':
      writeFlag(message.granted);
      break;
    case 'InstallSnapshot':
      writeSnapshot(message);
      break;
    case 'InstallSnapshotReply':
      writer.number(message.lastIncludedIndex);
      writeFlag(message.success);
      writer.number(message.offset);
      break;
    case 'TimeoutNow':
      break;
    case 'Propose':
      writer.number(message.commands.length);
      message.commands.forEach(writeCommand);
      break;
    case 'ReadIndex':
      writer.text(message.ctx);
      break;
    case 'ReadIndexReply':
      writer.text(message.ctx);
      writeFlag(message.success);
      // A refusal has the index -1.
      writer.number(message.success ? message.index : 0);
      writeFlag(message.lease);
      break;
  }
}

function writeAppend({ prevLogIndex, prevLogTerm, leaderCommit, round, entries }: AppendEntriesRequest): void {
  writer.number(prevLogIndex);
  writer.number(prevLogTerm);
  writer.number(leaderCommit);
  writer.number(round);
  writer.number(entries.length);
  for (const entry of entries) writeEntry(entry);
}

/** Its index is that of its place in the message. */
function writeEntry({ term, kind, command }: LogEntry): void {
  writer.number(term);
  writer.byte(ENTRY_KINDS.indexOf(kind));
  writeCommand(command);
}

function writeCommand(command: Command): void {
  if (typeof command === 'string') {
    writer.byte(TEXT);
    writer.text(command);
  } else {
    writer.byte(BYTES);
    writer.bytes(command);
  }
}

function writeAppendReply({ success, match, conflictIndex, conflictTerm, prevLogIndex, round }: AppendEntriesReply): void {
  writeFlag(success);
  writer.number(match);
  writer.number(conflictIndex);
  writer.number(conflictTerm);
  writer.number(prevLogIndex);
  writer.number(round);
}

function writeSnapshot({ snapshot, offset, chunk, done }: InstallSnapshotRequest): void {
  writer.number(snapshot.index);
  writer.number(snapshot.term);
  writeConfiguration(snapshot.configuration);
  writer.number(offset);
  writer.bytes(chunk);
  writeFlag(done);
}

function writeConfiguration({ voters, outgoing, learners, learnersNext }: Configuration): void {
  [voters, outgoing, learners, learnersNext].forEach(writeServers);
}

function writeServers(servers: readonly ServerId[]): void {
  writer.number(servers.length);
  for (const id of servers) writer.text(id);
}

function writeFlag(flag: boolean): void {
  writer.byte(flag ? 1 : 0);
}
