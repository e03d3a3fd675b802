import type { Event } from './event.ts';
import type { FieldType } from './opcode.ts';

/** The keys that every line may have, before the opcode's own. `level` and `msg` frame the line and are derived. */
export const HEADER_FIELDS = {
  time: 'time',
  seq: 'number',
  node: 'text',
  boot: 'number',
  op: 'text',
  dir: 'direction',
  src: 'text',
  dst: 'text',
  id: 'number',
  re: 'number',
  term: 'number',
  role: 'role',
  vote: 'textOrNull',
  commit: 'number',
  applied: 'number',
  last: 'number',
  lastTerm: 'number',
} as const satisfies Partial<Record<keyof Event, FieldType | 'time' | 'direction' | 'role'>>;
