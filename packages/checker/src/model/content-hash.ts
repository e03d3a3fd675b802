import type { Event } from '@raftlens/events';

/** Texts are told apart by so much of them. */
const TEXT_MAX = 64;

function numberInto(hash: number, value: number | undefined): number {
  return value === undefined ? Math.imul(hash, 33) : Math.imul(hash ^ (value + 1), 0x01000193);
}

function textInto(hash: number, text: string | null | undefined): number {
  if (text === undefined || text === null) return Math.imul(hash, 31);
  const end = Math.min(text.length, TEXT_MAX);
  let next = hash ^ text.length;
  for (let at = 0; at < end; at++) next = Math.imul(next ^ text.charCodeAt(at), 0x01000193);
  return next;
}

function namesInto(hash: number, names: readonly string[] | undefined): number {
  if (names === undefined) return Math.imul(hash, 29);
  let next = hash ^ names.length;
  for (const name of names) next = textInto(next, name);
  return next;
}

/**
 * A number that differs where two lines of one kind tell different things, but for a chance. Lines of two runs may agree in number, time,
 * server and opcode: all of what a test does at its start. It takes in the state, what each kind tells most of, and nothing that is long.
 */
export function contentHash(event: Event): number {
  let hash = numberInto(0x811c9dc5, event.term);
  hash = numberInto(hash, event.last);
  hash = numberInto(hash, event.commit);
  hash = numberInto(hash, event.id);
  switch (event.op) {
    case 'Boot':
    case 'ConfigChange':
    case 'BecomeLeader':
      return namesInto(namesInto(namesInto(hash, event.voters), event.outgoing), event.learners);
    case 'TestBegin':
      return textInto(textInto(textInto(hash, event.name), event.seed), event.budget);
    case 'Partition':
    case 'Heal':
      return textInto(hash, event.groups);
    case 'Crash':
    case 'Fault':
      return textInto(textInto(hash, event.target), event.op === 'Fault' ? event.detail : event.point);
    case 'Note':
      return textInto(hash, event.detail);
    case 'Start':
    case 'Apply':
      return textInto(numberInto(hash, event.index), event.hash);
    case 'Progress':
      return numberInto(numberInto(textInto(hash, event.peer), event.match), event.next);
    case 'Invoke':
    case 'Ok':
    case 'Fail':
    case 'Info':
      return textInto(textInto(textInto(numberInto(hash, event.opid), event.f), event.key), event.value);
    default:
      return textInto(hash, event.dst);
  }
}
