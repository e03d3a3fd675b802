// `openEventLog` has an entry of its own, `@raftlens/events/event-log`: it loads pino, which a reader does not need.
export { assembleEvent } from './assemble-event.ts';
export { type DecodedLine, decodeBytes, decodeLine, type LineError } from './decode-line.ts';
export { digestOf } from './digest.ts';
export { encodeLine } from './encode-line.ts';
export { EVENT_ERRORS, EventError, type EventErrorCode } from './error.ts';
export type { Event, EventFields, EventHeader, EventOf, EventSink, OwnField, ServerState } from './event.ts';

export { FIELD_MEANINGS, FIELD_TYPES, HEADER_FIELDS, isFieldName } from './fields.ts';
export type { Opcode, OpcodeKind, OpcodeSpec } from './opcode.ts';
export { isOpcode, OPCODE_NAMES, OPCODES, specOf } from './opcode.ts';
export {
  createRunFolder,
  LATEST,
  listRuns,
  pointLatestAt,
  RUN_FILES,
  type RunInfo,
  type RunOnDisk,
  readRun,
  runFolderName,
  runPath,
  writeRunFile,
} from './run-folder.ts';
export type { FieldName, FieldType } from './schema.ts';
export { textOf } from './text.ts';
export type { Direction, EntryDigest, Role } from './value.ts';
