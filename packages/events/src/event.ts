import type { ValuesByType } from './field.ts';
import type { OPCODES, Opcode } from './opcode.ts';
import type { CommonFieldTypes, FieldName, FieldTypes, STATE_FIELDS } from './schema.ts';
import type { Direction } from './value.ts';

/**
 * The state of a server AFTER the event (paper, figure 2, "State"). Every line that a server writes carries it; lines of
 * the harness, of clients and of the network do not.
 */
export type ServerState = { readonly [Name in (typeof STATE_FIELDS)[number]['name']]: ValuesByType[CommonFieldTypes[Name]] };

type CommonFields = { readonly [Name in keyof CommonFieldTypes]?: ValuesByType[CommonFieldTypes[Name]] };

/**
 * The keys that every line may have, whatever its opcode. All but six are optional in the type: events come from logs of any
 * implementation, and a reader has to decide what it does where a field is absent. `level` and `msg` of the line follow from the rest and
 * are not kept.
 */
export interface EventHeader extends CommonFields {
  /** The order of writing, from 1, in each file. 0 until a sink has given the number. */
  seq: number;
  /** Milliseconds: virtual in the simulator, which stamps its true time over a server's own, since the epoch in a real process. */
  time: number;
  /** Who speaks: a server ("S1"), a client ("C1") or the harness ("TEST"). */
  readonly node: string;
  /** The incarnation of the server: 1, raised at each restart. */
  readonly boot: number;
  /** Messages only. */
  readonly dir?: Direction;
  /** Sender and receiver; for a local event both are the node. */
  readonly src: string;
  readonly dst: string;
  /** Keys that the format does not know. They are kept: no reader loses them. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

type FieldValue<Name extends FieldName> = ValuesByType[FieldTypes[Name]];

type Bare<Listed extends string> = Listed extends `${infer Name}?` ? Name : Listed;

/** The names of the fields that an opcode owns. */
export type OwnField<Op extends Opcode> = Bare<(typeof OPCODES)[Op]['fields'][number]>;

/** The fields of an opcode, each optional as those of the header are. Other opcodes' fields are undefined. */
type OwnFields<Own extends FieldName> = { readonly [Name in FieldName]?: Name extends Own ? FieldValue<Name> : undefined };

/**
 * An event of that opcode. `EventOf<'AppendEntries'>` has `prev`, `entries` and so on; fields of other opcodes can be read and are
 * undefined. Given several opcodes it is a union.
 */
export type EventOf<Op extends Opcode> = Op extends Opcode ? EventHeader & { readonly op: Op } & OwnFields<OwnField<Op>> : never;

/**
 * One event. It is flat, like its line: the header with the state of the server, then the opcode's own fields, whose names, types and
 * meanings the tables of the format give. It is a union by opcode: `switch (event.op)` narrows it.
 */
export type Event = EventOf<Opcode>;

/**
 * The fields of any opcode, without the promise that they belong together: what a reader or a test gathers before it has an event
 * (`assembleEvent` makes one of them). Every event can be read as such.
 */
export type EventFields = EventHeader & { readonly op: Opcode } & { readonly [Name in FieldName]?: FieldValue<Name> | undefined };

/** An event while its fields are gathered. */
export type MutableFields = { -readonly [Name in keyof EventFields]: EventFields[Name] };

/** Called at each trace point of a server, client or harness. */
export type EventSink = (event: Event) => void;
