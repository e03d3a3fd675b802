export type { Direction, EntryDigest, Event, EventSink, Role, ServerState } from './event.ts';
export type { FieldName, FieldType, Opcode, OpcodeKind, OpcodeSpec } from './opcode.ts';
export { FIELD_TYPES, isOpcode, OPCODE_NAMES, OPCODES, specOf } from './opcode.ts';
