import { type Direction, type Event, OPCODE_NAMES, type Opcode, type Role } from '@raftlens/events';

/** The codes that stand in the one-byte columns. 0 is "none" in each. */
export const DIRECTIONS: readonly (Direction | null)[] = [null, 'send', 'recv', 'drop'];
export const ROLES: readonly (Role | null)[] = [null, 'follower', 'precandidate', 'candidate', 'leader'];
export const OPCODE_CODES: readonly (Opcode | null)[] = [null, ...OPCODE_NAMES];

export const SEND = 1;
export const RECV = 2;
export const DROP = 3;

/** An AppendEntries without entries, or the reply to one. */
export const FLAG_HEARTBEAT = 1;
/** No format knows the line. */
export const FLAG_UNMATCHED = 2;
/** The line carries the state of its server. */
export const FLAG_STATE = 4;

const opcodeCodes = new Map(OPCODE_NAMES.map((name, position) => [name as string, position + 1]));
const directionCodes = new Map<string, number>([
  ['send', SEND],
  ['recv', RECV],
  ['drop', DROP],
]);
const roleCodes = new Map<string, number>([
  ['follower', 1],
  ['precandidate', 2],
  ['candidate', 3],
  ['leader', 4],
]);

/** The code of an opcode, 0 for a name that is none. */
export function codeOfOpcode(name: string): number {
  return opcodeCodes.get(name) ?? 0;
}

export function codeOfDirection(name: string): number {
  return directionCodes.get(name) ?? 0;
}

export function codeOfRole(name: string): number {
  return roleCodes.get(name) ?? 0;
}

export function flagsOf(event: Event): number {
  const state = event.term === undefined ? 0 : FLAG_STATE;
  return event.op === 'AppendEntries' && event.n === 0 ? state | FLAG_HEARTBEAT : state;
}
