import { EventError } from './error.ts';
import type { Event, EventFields } from './event.ts';
import { layoutFor } from './layout.ts';

/**
 * Checks that the fields belong to their opcode, and returns them as its event: for code that gathers fields one by one, where the compiler
 * cannot see that they belong together.
 *
 * @throws EventError EVENT_FIELD for a field that the opcode does not own, and for a property that is no field at all
 */
export function assembleEvent(fields: EventFields): Event {
  const { known } = layoutFor(fields.op);
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && !known.has(name))
      throw new EventError('EVENT_FIELD', `the event ${fields.op} has no field "${name}": put it in "extra"`);
  }
  // Checked above: these are the header and fields of this opcode.
  return fields as unknown as Event;
}
