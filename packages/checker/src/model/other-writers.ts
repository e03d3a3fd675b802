import { OPCODE_NAMES, type OpcodeSpec, specOf } from '@raftlens/events';

/** The opcodes of lines that no server writes, and who writes them. Every line is looked up. */
export const OTHER_WRITERS: ReadonlyMap<string, OpcodeSpec['kind']> = new Map(
  OPCODE_NAMES.map((op) => [op, specOf(op).kind] as const).filter(([, kind]) => kind === 'client' || kind === 'harness'),
);
