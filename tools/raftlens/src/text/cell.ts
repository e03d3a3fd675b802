import type { Opcode, Role } from '@raftlens/events';
import { cellText, cut, widthOf } from './line.ts';
import { shortOf } from './opcode-style.ts';

const ROLE_LETTERS = { follower: 'F', precandidate: 'P', candidate: 'C', leader: 'L' } as const satisfies Readonly<Record<Role, string>>;

/** The letter that doubles the colour of a role. */
export function roleLetter(role: Role): string {
  return ROLE_LETTERS[role];
}

/** Free text needs no opcode: what a log of other things says stands for itself. */
function withoutNote(text: string, op: Opcode | null): string {
  return op === 'Note' ? text.replace(/(^|\s)Note( T\d+)? detail=/, '$1') : text;
}

/**
 * The event's text for a column that already says who speaks: "S1->S2 AppendEntries T3" becomes "->S2 AppendEntries T3".
 * Where that is too wide, the opcode is shortened by the table of opcodes, and what still does not fit is cut.
 */
export function cellOf(text: string, node: string, op: Opcode | null, width: number): string {
  const safe = cellText(text);
  const name = cellText(node);
  const own = withoutNote(safe.startsWith(name) ? safe.slice(name.length).trimStart() : safe, op);
  if (op === null || widthOf(own) <= width) return cut(own, width);
  return cut(own.replace(op, shortOf(op)), width);
}
