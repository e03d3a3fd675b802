// `openEventLog` is a door of its own, `@raftlens/events/event-log`: it loads pino, which those who only read events need not wait for.
export { assembleEvent } from './assemble-event.ts';
export { type DecodedLine, decodeBytes, decodeLine, type LineError } from './decode-line.ts';
export { digestOf } from './digest.ts';
export { encodeLine } from './encode-line.ts';
export { EventError, type EventErrorCode } from './error.ts';
export type { Direction, EntryDigest, Event, EventFields, EventHeader, EventOf, EventSink, OwnField, Role, ServerState } from './event.ts';
export { FIELD_MEANINGS } from './field-meaning.ts';
export { HEADER_FIELDS } from './header-fields.ts';
export type { FieldName, FieldType, Opcode, OpcodeKind, OpcodeSpec } from './opcode.ts';
export { FIELD_TYPES, isOpcode, OPCODE_NAMES, OPCODES, specOf } from './opcode.ts';
export {
  createRunFolder,
  LATEST,
  listRuns,
  pointLatestAt,
  RUN_FILES,
  type Run,
  type RunInfo,
  readRun,
  runFolderName,
  runPath,
  writeRunFile,
} from './run-folder.ts';
export { textOf } from './text.ts';
