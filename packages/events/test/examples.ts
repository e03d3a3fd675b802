import { type Event, OPCODE_NAMES, type Opcode, specOf } from '../src/index.ts';
import { COMMON_FIELDS, OWN_FIELDS, STATE_FIELDS } from '../src/schema.ts';

/** The example of each field, as a run of three servers might have it. */
const VALUES: ReadonlyMap<string, unknown> = new Map([...COMMON_FIELDS, ...OWN_FIELDS].map(({ name, example }) => [name, example]));

const valuesOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, VALUES.get(name)]));
const STATE = valuesOf(STATE_FIELDS.map(({ name }) => name));

function speaker(op: Opcode): Partial<Event> {
  switch (specOf(op).kind) {
    case 'message':
      return {
        node: 'S1',
        boot: 1,
        dir: 'send',
        src: 'S1',
        dst: 'S2',
        ...valuesOf(op.endsWith('Reply') ? ['id', 're'] : ['id']),
        ...STATE,
      };
    case 'step':
    case 'lock':
      return { node: 'S1', boot: 1, src: 'S1', dst: 'S1', ...STATE };
    case 'client':
      return { node: 'C1', boot: 1, src: 'C1', dst: 'C1' };
    case 'harness':
      return { node: 'TEST', boot: 0, src: 'TEST', dst: 'TEST' };
  }
}

/** An event of the opcode with every field that it may have. */
export function exampleOf(op: Opcode, seq = 412): Event {
  const own = valuesOf(specOf(op).fields.map((field) => field.replace('?', '')));
  return { time: 1530.217, seq, op, ...speaker(op), ...own } as Event;
}

export const EXAMPLES: readonly Event[] = OPCODE_NAMES.map((op, i) => exampleOf(op, i + 1));
