// Messages between servers, and their bytes.
export { decodeMessage } from '../codec/decode.ts';
export { encodeMessage } from '../codec/encode.ts';
export { MessageError } from '../codec/error.ts';
export type {
  AppendEntriesReply,
  AppendEntriesRequest,
  InstallSnapshotReply,
  InstallSnapshotRequest,
  Message,
  MessageKind,
  ProposeRequest,
  ReadIndexReply,
  ReadIndexRequest,
  TimeoutNowRequest,
  VoteReply,
  VoteRequest,
} from '../message.ts';
export { messageBytes } from '../message.ts';
