import type { FIELD_TYPES, FieldName, OPCODES, Opcode } from './opcode.ts';

/** The role of a server. A learner is a follower that the configuration gives no vote. */
export type Role = 'follower' | 'precandidate' | 'candidate' | 'leader';

/** What the network did with a message: it left its sender, it reached its receiver, or it was lost. */
export type Direction = 'send' | 'recv' | 'drop';

/** A log entry as events tell of it: the term it was created in and a digest of its command, enough to rebuild logs. */
export interface EntryDigest {
  readonly term: number;
  /** Eight lower-case hexadecimal digits: see `digestOf`. */
  readonly hash: string;
}

/**
 * The state of a server AFTER the event (paper, figure 2, "State"). Every line that a server writes carries it; lines of
 * the harness, of clients and of the network do not.
 */
export interface ServerState {
  readonly term: number;
  readonly role: Role;
  /** votedFor: the candidate that has this server's vote in `term`, or null. */
  readonly vote: string | null;
  /** commitIndex */
  readonly commit: number;
  /** lastApplied */
  readonly applied: number;
  /** The index of the last entry of the log, 0 when it is empty. */
  readonly last: number;
  /** The term of that entry, 0 when the log is empty. */
  readonly lastTerm: number;
}

/**
 * The keys that every line may have, whatever its opcode. All but six are optional in the type, because events come from logs of any
 * implementation: a reader has to say what it does where a field is absent. `level` and `msg` of the line follow from the rest and are
 * not kept.
 */
export interface EventHeader extends Partial<ServerState> {
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
  /** Pairs a send with its receive, and by `re` a reply with its request. Unique in a run. */
  readonly id?: number;
  readonly re?: number;
  /** Keys that the format does not know, kept so that no reader loses them. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** What a field of each type holds in an event. */
interface FieldValues {
  readonly number: number;
  readonly text: string;
  readonly textOrNull: string | null;
  readonly flag: boolean;
  readonly digests: readonly EntryDigest[];
  readonly names: readonly string[];
  readonly numbers: readonly number[];
}

type FieldValue<Name extends FieldName> = FieldValues[(typeof FIELD_TYPES)[Name]];

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

/** Called at each trace point of a server, client or harness. */
export type EventSink = (event: Event) => void;
